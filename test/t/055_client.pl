# The client export_cdr has the manners of PostgreSQL's own, keeps to the limit as the portal does, and
# writes the bytes that SQL gives.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use CdrTest;
use ExportCdr;
use PostgreSQL::Test::Utils;
use Test::More;

program_help_ok('export_cdr');
program_version_ok('export_cdr');
program_options_handling_ok('export_cdr');

# Every option is in the manual page, and every option of the manual page exists.
my $help = qx(export_cdr --help);
my $manual = slurp_file("$FindBin::Bin/../../docs/export_cdr.pod");
my %in_help = map { $_ => 1 } $help =~ /(--[a-z-]+)/g;
my %in_manual = map { $_ => 1 } $manual =~ /^=item .*?(--[a-z-]+)/mg;
is_deeply(\%in_manual, \%in_help, 'the manual page has the options of --help');
my @wide = grep { length > 80 } split /\n/, $help;
is_deeply(\@wide, [], '--help fits into 80 columns');

my $node = new_server('client');
create_database($node, 'cdr');
insert_records($node, 'cdr', 250, callername => q{E'a "b", c\n' || i || chr(228)},
  leavetime => q{CASE WHEN i > 7 THEN '2026-01-01Z'::timestamptz + i * interval '11 s' END});
$node->safe_psql('postgres', 'ALTER DATABASE cdr SET vidyo_cdr.export_limit = 100');
my $folder = PostgreSQL::Test::Utils::tempdir();

# What a command line must not be.
for my $case (
  [ [ '--end=x', '--through=y' ], qr/options --end and --through cannot be used together/ ],
  [ [ '--month=2026-01', '--start=x' ], qr/options --month and --start cannot be used together/ ],
  [ [ '--year=2026', '--month=2026-01' ], qr/options --month and --year cannot be used together/ ],
  [ [ '--month=2026-13' ], qr/"2026-13" is not a month in the form YYYY-MM/ ],
  [ [ '--year=26' ], qr/"26" is not a year in the form YYYY/ ],
  [ [ '--tenant=a', '--each-tenant' ], qr/--each-tenant and --tenant cannot be used together/ ],
  [ [ '--page', '--list' ], qr/options --page and --list cannot be used together/ ],
  [ [ '--list', '--verify=x' ], qr/options --list and --verify cannot be used together/ ],
  [ [ '--tenant=a', '--tenant=a' ], qr/a tenant is given twice/ ],
  [ ['--profile=xls'], qr/"xls" is not a profile: raw, portal or spreadsheet/ ],
  [ ['--delimiter=|'], qr/the delimiter must be a comma, a semicolon or a tab/ ],
  [ ['--split'], qr/several files need a folder/ ],
  [ ['surplus'], qr/too many command-line arguments \(first is "surplus"\)/ ],
  [ ['--start=never'], qr/^export_cdr: error: invalid input syntax for type timestamp with time zone: "never"/m ],
  [ ['--time-zone=Mars'], qr/invalid value for parameter "TimeZone": "Mars"/ ]) {
  my ($arguments, $pattern) = @$case;
  client_like($node, 'cdr', $arguments, 1, $pattern, "@$arguments");
}

# Above the limit nothing is written.
my $refused = client_like($node, 'cdr', [ '-o', "$folder/all.csv" ], 2,
  qr/^export_cdr:\ error:\ export\ contains\ 250\ records,\ more\ than\ the\ limit\ of\ 100\n
     export_cdr:\ detail:\ The\ latest\ --end\ that\ fits\ is\ '2026-01-01\ 00:16:50\+00',\ with\ 100\ records\.\n
     export_cdr:\ hint:\ Narrow\ the\ range,\ or\ use\ --split\ to\ write\ 3\ files\ into\ a\ folder\.$/mx,
  'over the limit');
is_deeply(files_in($folder), [], 'over the limit: nothing is written');
client_like($node, 'cdr', [ '-o', "$folder/new/" ], 2, qr/use --split to write 3 files/, 'into a folder');
is_deeply(files_in($folder), [], 'over the limit: no folder is made');
is(client($node, 'cdr')->{out}, '', 'over the limit: standard output is empty');
$node->safe_psql('cdr', 'ALTER DATABASE cdr SET vidyo_cdr.export_limit = 3');
insert_records($node, 'cdr', 5, jointime => "'2025-01-01Z'", tenantname => "'busy'");
client_like($node, 'cdr', [], 2, qr/share/, 'more than the limit at one moment');
client_like($node, 'cdr', [ '--split', '-o', "$folder/new/" ], 1, qr/share/, 'the same with --split');
$node->safe_psql('cdr', q{DELETE FROM conferencecall2 WHERE tenantname = 'busy';
  ALTER DATABASE cdr SET vidyo_cdr.export_limit = 100});

my $list = client($node, 'cdr', '--list');
is_deeply([ $list->{out} =~ /^ +(\d+|all) .*\| +(\d+)$/mg ], [ 1, 100, 2, 100, 3, 50, 'all', 250 ],
  '--list has the ranges and their sum');

# The same bytes as SQL gives, in each profile.
my @range = ('--start=2026-01-01 00:01Z', '--end=2026-01-01 00:15Z');
my $range = q{'2026-01-01 00:01Z', '2026-01-01 00:15Z'};
my %sql = (
  'raw' => "COPY (SELECT * FROM export_cdr($range)) TO STDOUT (FORMAT csv, HEADER)",
  'raw --no-header --delimiter=;' => "COPY (SELECT * FROM export_cdr($range)) TO STDOUT (FORMAT csv, DELIMITER ';')",
  'portal' => "SELECT export_cdr_csv($range, profile => 'portal')",
  'portal --no-header' => "SELECT export_cdr_csv($range, profile => 'portal', header => false)",
  'spreadsheet --delimiter=;' => "SELECT export_cdr_csv($range, profile => 'spreadsheet', delimiter => ';')",
);
for my $options (sort keys %sql) {
  my $expected = $node->safe_psql('cdr', "SET TimeZone = 'Asia/Tokyo'; $sql{$options}") . "\n";
  my @options = (@range, '--time-zone=Asia/Tokyo', '--profile', split / /, $options);
  my $run = client($node, 'cdr', @options);
  ok($run->{out} eq $expected, "$options: the bytes of SQL") or diag $run->{err};
  client_like($node, 'cdr', [ @options, '-o', "$folder/x.csv", '--force' ], 0,
    qr/time zone of dates and times: Asia\/Tokyo\n.*wrote 84 records .* to file ".*x\.csv"\n.*2 calls of the range had not ended/s,
    $options);
  ok(slurp_file("$folder/x.csv") eq $expected, "$options: the same in a file");
  client($node, 'cdr', @options, '-o', "$folder/x.csv.gz", '--gzip', '--force');
  ok(scalar(qx(gzip -dc "$folder/x.csv.gz")) eq $expected, "$options: the same compressed");
}
my $german = client($node, 'cdr', @range, { PGOPTIONS => '-c DateStyle=German -c search_path=pg_temp' });
like($german->{out}, qr/",2026-01-01 00:01:00\+00,/, 'settings of the session do not change the file');
is(client($node, 'cdr', @range, '--quiet')->{err}, '', '--quiet: nothing is said');

# A page: the text of SQL, in a file that is complete or not there.
my @january = ('--page', '--month=2026-01', '--tenant=tenant1', '--time-zone=Asia/Tokyo');
my $written = qr/Written[^\n]*/;
my $page = $node->safe_psql('cdr', q{SET TimeZone = 'Asia/Tokyo'; SELECT cdr_usage_page('2026-01-01', '2026-02-01', tenant => 'tenant1')});
is(client($node, 'cdr', @january)->{out} =~ s/$written//r, $page =~ s/$written//r, '--page: the text of SQL');
client_like($node, 'cdr', [ @january, '-o', "$folder/usage.html" ], 0, qr/wrote the page \(0\.\d MB\) to file ".*usage\.html"/, '--page');
is(slurp_file("$folder/usage.html") =~ s/$written//r, $page =~ s/$written//r, '--page: the same in a file');
client_like($node, 'cdr', [ @january, '-o', "$folder/usage.html" ], 1, qr/file ".*usage\.html" exists.*--force/s, '--page: a file that exists');
client_like($node, 'cdr', [ @january, '-o', $folder ], 1, qr/a page is a file, and ".*" is a folder/, '--page: a folder');
client_like($node, 'cdr', [ '--page', '--gzip' ], 1, qr/options --page and --gzip cannot be used together/, '--page: options of other files');
like(client($node, 'cdr', '--page')->{out}, qr/<title>Usage: \w+ 20\d\d</, '--page: of the last month');
is_deeply([ grep { /tmp/ } @{ files_in($folder) } ], [], '--page: nothing else is left');

# A range without records, and an unknown tenant.
my $empty = client_like($node, 'cdr', [ '--year=1999' ], 0, qr/wrote 0 records/, 'without records');
is($empty->{out}, export_header() . "\n", 'without records: the header');
client_like($node, 'cdr', [ '--tenant=Tenant1' ], 0,
  qr/warning: no record of tenant "Tenant1" is visible\n.*hint: Tenant names are case-sensitive/, 'tenant in another case');

# On a terminal, where the machine has any to give.
SKIP: {
  skip 'no pseudo-terminals here', 1 if qx(script -qec "echo works" /dev/null 2>&1) !~ /^works/m;
  my $shown = qx(script -qec "export_cdr -d '@{[ $node->connstr('cdr') ]}' --month 2026-01 --tenant tenant1 -o $folder/t.csv" /dev/null);
  like($shown, qr/wrote 84 records/, 'on a terminal');
}

# Connections: a conninfo string and options, a password that nobody is asked for, one that is read, and
# databases that it is not about.
is(system("export_cdr -h '@{[ $node->host ]}' -p @{[ $node->port ]} -q --list cdr > $folder/list"), 0,
  'host, port and database');
$node->safe_psql('cdr', q{CREATE ROLE admin LOGIN PASSWORD 'secret'; SELECT cdr_grant_all_tenants('admin')});
my $hba = slurp_file($node->data_dir . '/pg_hba.conf');
unlink $node->data_dir . '/pg_hba.conf';
$node->append_conf('pg_hba.conf', "local all admin scram-sha-256\n$hba");
$node->reload;
my @admin = ('-U', 'admin', '--list');
client_like($node, 'cdr', \@admin, 1, qr/error: connection to server .*no password supplied/s, '-w');
is(client($node, 'cdr', @admin, { PGPASSWORD => 'secret' })->{code}, 0, 'PGPASSWORD');
my $prompted = qx(echo secret | setsid -w export_cdr -W -d "@{[ $node->connstr('cdr') ]}" @admin 2>&1);
like($prompted, qr/^Password for user admin: \n.* all .* 250$/ms, '-W');
my $wrong = qx(echo wrong | setsid -w export_cdr -d "@{[ $node->connstr('cdr') ]}" @admin 2>&1);
like($wrong, qr/^Password for user admin: \nexport_cdr: error: .*password authentication failed/m, 'a wrong password');
client_like($node, 'nowhere', [], 1, qr/error: connection to server .*database "nowhere" does not exist/s, 'no database');
client_like($node, 'postgres', [], 1, qr/database "postgres" does not have the extension vidyo_cdr/, 'no extension');

# The objects of earlier versions.
for my $version (qw(1.0 1.1)) {
  $node->safe_psql('postgres', 'DROP DATABASE IF EXISTS earlier');
  $node->safe_psql('postgres', 'CREATE DATABASE earlier');
  $node->safe_psql('earlier', "CREATE EXTENSION vidyo_cdr VERSION '$version'");
  client_like($node, 'earlier', [], 1,
    qr/vidyo_cdr in database "earlier" is of version \Q$version\E, which is too old.*\n.*export_cdr_ranges.*\n.*ALTER EXTENSION vidyo_cdr UPDATE/,
    "version $version");
}

# Anywhere: a schema with an odd name, which no search_path leads to.
$node->safe_psql('postgres', 'CREATE DATABASE elsewhere');
$node->safe_psql('elsewhere', 'CREATE SCHEMA "Call Records"; CREATE EXTENSION vidyo_cdr SCHEMA "Call Records"');
is(client($node, 'elsewhere')->{out}, export_header() . "\n", 'another schema');

# Names of somebody else: a function beside the extension's, and types in front of PostgreSQL's.
$node->safe_psql('cdr', q{CREATE FUNCTION export_cdr_ranges(timestamptz, timestamptz, text, text)
    RETURNS TABLE (part integer, start_time timestamptz, end_time timestamptz, records bigint)
    LANGUAGE plpgsql AS $$BEGIN RAISE 'run as %', current_user; END$$;
  CREATE SCHEMA fake; CREATE DOMAIN fake.timestamptz AS integer; CREATE DOMAIN fake.text AS integer});
client_like($node, 'cdr', [ @range, { PGOPTIONS => '-c search_path=fake,pg_catalog' } ], 0,
  qr/wrote 84 records/, q{somebody else's names});
$node->safe_psql('cdr', 'DROP FUNCTION export_cdr_ranges(timestamptz, timestamptz, text, text)');

# Standard output that takes nothing.
client_like($node, 'cdr', [@range, '--quiet'], 0, qr/^$/, 'to standard output');
my $full = qx(export_cdr -d "@{[ $node->connstr('cdr') ]}" --month 2025-01 2>&1 >/dev/full);
like($full, qr/error: could not write to standard output: No space left on device/, 'full standard output');

# Standard streams that are closed: neither the connection nor a file is taken for one.
my $closing = qq(export_cdr -d "@{[ $node->connstr('cdr') ]}" '$range[0]' '$range[1]');
like(scalar qx($closing 2>&1 >&-), qr/error: could not write to standard output: Bad file descriptor/, 'no standard output');
is(system("$closing --force -o '$folder/closed.csv' 2>&-"), 0, 'no standard error');
ok(slurp_file("$folder/closed.csv") eq client($node, 'cdr', @range)->{out}, 'no standard error: the bytes');

done_testing();

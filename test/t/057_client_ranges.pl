# The ranges of export_cdr: months and days are those of the time zone, also where its clocks change at
# their ends; tenants of any name have files; each role, and a standby, exports what it sees.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use CdrTest;
use Digest::SHA qw(sha256_hex);
use ExportCdr;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = new_server('primary', undef, allows_streaming => 1);
create_database($node, 'cdr');
my $top = PostgreSQL::Test::Utils::tempdir();

# The range that options stand for.
sub range_of {
  my (@options) = @_;
  my $run = client($node, 'cdr', '--list', @options);
  return $run->{out} =~ /^ +1 \| (\S* ?\S*) +\| (\S* ?\S*) +\|/m ? "$1 | $2" : $run->{err};
}

# Months at whose end or within which the clocks change; a midnight that does not come, in Cairo.
for my $case (
  [ 'Europe/Berlin --month=2026-03', '2026-03-01 00:00:00+01 | 2026-04-01 00:00:00+02' ],
  [ 'Europe/Berlin --month=2026-10', '2026-10-01 00:00:00+02 | 2026-11-01 00:00:00+01' ],
  [ 'America/New_York --month=2026-11', '2026-11-01 00:00:00-04 | 2026-12-01 00:00:00-05' ],
  [ 'Australia/Lord_Howe --month=2026-04', '2026-04-01 00:00:00+11 | 2026-05-01 00:00:00+10:30' ],
  [ 'Africa/Cairo --start=2026-04-24 --through=2026-04-24', '2026-04-24 01:00:00+03 | 2026-04-25 00:00:00+03' ],
  [ 'America/New_York --year=2026', '2026-01-01 00:00:00-05 | 2027-01-01 00:00:00-05' ],
  [ 'Asia/Kolkata --month=2024-02', '2024-02-01 00:00:00+05:30 | 2024-03-01 00:00:00+05:30' ]) {
  my ($options, $expected) = @$case;
  is(range_of('--time-zone', split / /, $options), $expected, $options);
}
like(client($node, 'cdr', '--list', { PGTZ => 'Asia/Tokyo' })->{err}, qr/^export_cdr: time zone .*: Asia\/Tokyo$/m,
  'the zone of the session is said');

# Every record is in one of two adjoining months, and ranges that begin at the same time of day, before
# and after the clocks are put back, have files of their own.
insert_records($node, 'cdr', 72, jointime => "'2026-10-24 18:00Z'::timestamptz + i * interval '10 min'",
  leavetime => "'2026-12-01Z'");
insert_records($node, 'cdr', 60, jointime => "'2026-10-31 21:00Z'::timestamptz + i * interval '5 min'",
  leavetime => "'2026-12-01Z'");
$node->safe_psql('cdr', 'ALTER DATABASE cdr SET vidyo_cdr.export_limit = 6');
my @berlin = ('--time-zone=Europe/Berlin', '--split', '-q');
client($node, 'cdr', @berlin, '--month=2026-10', '-o', "$top/october");
client($node, 'cdr', @berlin, '--month=2026-11', '-o', "$top/november");
my @names = map { $_->{name} } @{ manifest_of("$top/october")->{files} };
cmp_ok(scalar @names, '>', 12, 'October has many files');
my $records = join '', map { my $folder = $_; map { slurp_file("$folder/$_->{name}") =~ s/^CallID.*\n//r }
    @{ manifest_of($folder)->{files} } } "$top/october", "$top/november";
is($records, $node->safe_psql('cdr', q{SET TimeZone = 'Europe/Berlin';
  COPY (SELECT * FROM conferencecall2 ORDER BY jointime, callid) TO STDOUT (FORMAT csv)}) . "\n",
  'October and November in Berlin are all records, once');
like("@names", qr/^cdr-2026-10-01-2026-10-24T191000Z\.csv .* cdr-2026-10-31T\d{6}Z-2026-11-01\.csv$/,
  'their names are of dates and UTC');
is_deeply([ grep { /(T\d{6})Z-.*\1Z/ } @names ], [], 'also in the hour that comes twice');

# Ranges without bounds, cut within a second, have names of their own; however the session reads strings.
$node->safe_psql('cdr', 'TRUNCATE conferencecall2');
insert_records($node, 'cdr', 14, jointime => "'2026-05-05 10:20:30Z'::timestamptz + i * interval '50 ms'");
client_like($node, 'cdr', [ '--split', '-o', "$top/$_", { PGOPTIONS => "-c standard_conforming_strings=$_" } ],
  0, qr/wrote 14 records .* to 3 files/, "standard_conforming_strings = $_") for qw(on off);
my @cut = map { "2026-05-05T102030.${_}Z" } qw(35 65);
is_deeply(files_in("$top/off"),
  [ "cdr-$cut[0]-$cut[1].csv", "cdr-$cut[1]-end.csv", "cdr-begin-$cut[0].csv", 'manifest.json' ],
  'names without bounds');
is_deeply(files_in("$top/on"), files_in("$top/off"), 'names do not depend on standard_conforming_strings');
$node->safe_psql('cdr', 'ALTER DATABASE cdr RESET vidyo_cdr.export_limit');

# Tenants of any name.
my $long = 'x' x 250 . '/' x 50;
my %file = (
  'a/b' => 'a%2Fb', '../..' => '..%2F..', '.' => '.', "line\nfeed" => 'line%0Afeed', "caf\xc3\xa9" => 'caf%C3%A9',
  "it's \"q\" \\" => 'it%27s%20%22q%22%20%5C', '-' => '-', '' => '', $long => 'x' x 100 . '~' . substr(sha256_hex($long), 0, 8));
$node->safe_psql('cdr', 'TRUNCATE conferencecall2');
for my $tenant (sort keys %file) {
  $node->safe_psql('cdr', q{INSERT INTO conferencecall2 (uniquecallid, conferencename, tenantname, conferencetype,
    endpointtype, callerid, jointime, callstate, direction) VALUES ('1', 'room', convert_from(decode('}
    . unpack('H*', $tenant) . q{', 'hex'), 'UTF8'), 'C', 'D', 'x', '2026-03-05Z', 'COMPLETED', 'I')});
}
insert_records($node, 'cdr', 3, jointime => "'2026-04-05Z'", tenantname => "'april'");
my @march = ('--month=2026-03', '-o', "$top/tenants/");
client_like($node, 'cdr', [ @march, '--each-tenant' ], 0, qr/wrote 9 records .* to 9 files/, 'each tenant');
my @expected = sort map { "cdr-$_-2026-03-01-2026-04-01.csv" } values %file;
is_deeply([ grep { /csv/ } @{ files_in("$top/tenants") } ], \@expected, 'each tenant: the names of the files');
for my $tenant (sort keys %file) {
  my $text = slurp_file("$top/tenants/cdr-$file{$tenant}-2026-03-01-2026-04-01.csv");
  my $quoted = $tenant =~ s/"/""/gr;
  like($text, qr/,room,(?:\Q$quoted\E|"\Q$quoted\E"),C,/, "each tenant: records of $file{$tenant}");
}
client_like($node, 'cdr', [ '--month=2026-03', '--tenant=a/b', '--tenant', "line\nfeed", '-o', "$top/two" ], 0,
  qr/wrote 2 records .* to 2 files/, 'two tenants');
is(client($node, 'cdr', '--tenant', $long, '--no-header')->{out} =~ tr/\n//, 1, 'one tenant, to standard output');

# A tenant's admin has its own records only, whatever it asks for.
$node->safe_psql('cdr', q{CREATE ROLE admin LOGIN; SELECT cdr_grant_tenant('admin', 'a/b'), cdr_grant_tenant('admin', '.')});
my @admin = ('-U', 'admin', '-q');
client($node, 'cdr', @admin, '--month=2026-03', '--each-tenant', '-o', "$top/admin");
is_deeply(files_in("$top/admin"), [ map({ "cdr-$_-2026-03-01-2026-04-01.csv" } '.', 'a%2Fb'), 'manifest.json' ],
  "an admin's tenants");
is(client($node, 'cdr', @admin, '--no-header')->{out} =~ tr/\n//, 2, "an admin's records");
is(client($node, 'cdr', @admin, '--no-header', '--tenant=april')->{out}, '', 'no others');
$node->safe_psql('cdr', 'CREATE ROLE stranger LOGIN');
client_like($node, 'cdr', [ '-U', 'stranger' ], 1, qr/error: permission denied/, 'a role without access');

# From a standby.
$node->backup('base');
my $standby = PostgreSQL::Test::Cluster->new('standby');
$standby->init_from_backup($node, 'base', has_streaming => 1);
$standby->start;
$node->wait_for_catchup($standby);
client_like($standby, 'cdr', [ '--month=2026-03', '--split', '-o', "$top/standby" ], 0, qr/wrote 9 records/, 'a standby');
ok(slurp_file("$top/standby/cdr-2026-03-01-2026-04-01.csv") eq client($node, 'cdr', '--month=2026-03')->{out},
  'a standby: the bytes of the primary');

done_testing();

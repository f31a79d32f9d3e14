# Every way in which COPY writes an export gives the same bytes with the documented header, and the
# ways that reach into the server's machine stay closed to those who may not use them.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use CdrTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = new_server('copy');
create_database($node, 'cdr');
insert_records($node, 'cdr', 3000,
  jointime => "'2026-01-01Z'::timestamptz + i % 1000 * interval '10.25 s'",
  leavetime => "CASE WHEN i % 7 > 0 THEN '2026-03-01Z'::timestamptz + i * interval '1.5 s' END",
  callername => q{(ARRAY['plain', '', NULL, 'a,b', '"quoted"', E'two\\nlines', '\\.', 'Zoë'])[1 + i % 8]});
$node->safe_psql('cdr', <<'SQL');
CREATE ROLE plain LOGIN;
CREATE ROLE writer LOGIN IN ROLE pg_write_server_files;
CREATE ROLE runner LOGIN IN ROLE pg_execute_server_program;
SELECT cdr_grant_all_tenants(role) FROM unnest('{plain,writer,runner}'::regrole[]) AS role;
CREATE ROLE admin SUPERUSER LOGIN;
CREATE ROLE stranger LOGIN;
SQL

my $export = '(SELECT * FROM export_cdr())';
my $format = '(FORMAT csv, HEADER)';
my $folder = PostgreSQL::Test::Utils::tempdir;
my $file = "$folder/export.csv";

# How to write the file, and whether psql's output is it.
my %way = (
  stdout => "COPY $export TO STDOUT $format",
  '\copy' => "\\copy $export TO '$file' $format",
  file => "COPY $export TO '$file' $format",
  program => "COPY $export TO PROGRAM 'cat > $file' $format");
my %may = (
  admin => [qw(stdout \copy file program)],
  writer => [qw(stdout \copy file)],
  runner => [qw(stdout \copy program)],
  plain => [qw(stdout \copy)]);

# Runs a command twice in one session, which has not loaded the library before, and returns what the
# second one wrote, and psql's messages.
sub written {
  my ($role, $way) = @_;
  unlink $file;
  my ($code, $out, $err) = $node->psql(
    'cdr', "$way{$way}\n;\n\\echo again\n$way{$way}\n;",
    on_error_stop => 0,
    extra_params => [ '-U', $role, '-v', 'VERBOSITY=sqlstate' ]);
  if ($way eq 'stdout') {
    my ($first, $second) = split /^again\n/m, $out;
    chomp $first;
    is($second, $first, "$role, $way: the second file is the same");
    return ("$second\n", $err);
  }
  return (-e $file ? slurp_file($file) : undef, $err);
}

my ($expected) = written('admin', 'stdout');
my ($header, $records) = split /\n/, $expected, 2;
is($header, export_header(), 'the header has the documented names');
my $table = '(SELECT * FROM conferencecall2 ORDER BY jointime, callid)';
ok($records eq $node->safe_psql('cdr', "COPY $table TO STDOUT (FORMAT csv)") . "\n",
  'the records of the table follow, in order of JoinTime and CallID');
ok($records =~ /,$_,2026-/, "with a CallerName $_")
  for '"a,b"', '"""quoted"""', '"two\nlines"', '\\\.', 'Zoë', '""', '';

for my $preload ('', 'vidyo_cdr') {
  $node->safe_psql('cdr', "ALTER DATABASE cdr SET session_preload_libraries = '$preload'")
    if $preload;
  for my $role (sort keys %may) {
    my %allowed = map { $_ => 1 } @{ $may{$role} };
    for my $way (sort keys %way) {
      my $name = ($preload ? 'preloaded, ' : '') . "$role, $way";
      my ($got, $err) = written($role, $way);
      if ($allowed{$way}) {
        ok(defined $got && $got eq $expected, "$name: writes the same bytes");
        is($err, '', "$name: without a message");
      } else {
        is($got, undef, "$name: writes nothing");
        my @errors = $err =~ /ERROR:  (\w{5})/g;
        is_deeply(\@errors, [ '42501', '42501' ], "$name: refused both times");
      }
    }
  }

  # Without the right to read there is no record, and nothing is written over the limit either.
  for my $case ([ 'stranger', '', '42501' ], [ 'admin', 'SET vidyo_cdr.export_limit = 2999;', '54000' ]) {
    my ($role, $before, $sqlstate) = @$case;
    my ($code, $out, $err) = $node->psql(
      'cdr', "$before $way{stdout};$way{stdout};",
      on_error_stop => 0,
      extra_params => [ '-U', $role, '-v', 'VERBOSITY=sqlstate' ]);
    unlike($out, qr/^\d/m, "preload '$preload', $sqlstate: no record");
    is(() = $err =~ /ERROR:  $sqlstate/g, 2, "preload '$preload', $sqlstate: refused both times");
  }
}

done_testing();

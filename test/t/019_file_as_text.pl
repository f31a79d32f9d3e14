# What docs/exporting.md says of export_cdr_csv and psql: the commands write the file that COPY writes, and
# COPY of export_cdr_csv does not.
use strict;
use warnings;

use Cwd 'getcwd';
use FindBin;
use lib "$FindBin::Bin/lib";

use CdrTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $page = slurp_file("$FindBin::Bin/../../docs/exporting.md");
my ($section) = $page =~ /^(## Files without COPY\n.*)/ms;
my ($sh, $spreadsheet) = $section =~ /^```sh\n(.*?)^```$/msg;
my ($sql) = $section =~ /^```sql\n(.*?)^```$/ms;

my $node = new_server('text');
create_database($node, 'cdr');
# 1,000 records are several chunks; the texts have what CSV puts into quotes, and backslashes.
insert_records($node, 'cdr', 1000, callid => 'i', tenantname => "'ten\\ant'",
  callername => q{E'a"b\\\\c\\r\\n\\td,é' || repeat('x', 300)}, jointime => "'2026-03-01Z'::timestamptz + i * interval '10 s'");
my $folder = PostgreSQL::Test::Utils::tempdir;
my $here = getcwd;
chdir $folder or die "could not enter $folder: $!";
$ENV{PGHOST} = $node->host;
$ENV{PGPORT} = $node->port;
$ENV{PGDATABASE} = 'cdr';

# Runs a command that writes cdr.csv, and returns what it wrote.
sub file_of {
  my (@command) = @_;
  unlink 'cdr.csv';
  is(system(@command), 0, 'the command succeeds');
  return slurp_file('cdr.csv');
}

# Runs lines of psql, and returns the file that they wrote.
sub file_of_psql {
  my ($script) = @_;
  append_to_file('script.sql', $script);
  my $file = file_of('psql', '-X', '-q', '-f', 'script.sql');
  unlink 'script.sql';
  return $file;
}

my $range = "'2026-03-01', '2026-04-01'";
my $expected = file_of_psql("\\copy (SELECT * FROM export_cdr($range)) TO 'cdr.csv' WITH (FORMAT csv, HEADER)\n");
ok(length($expected) > 300_000, 'a file of several chunks');
is(file_of('sh', '-c', $sh), $expected, 'psql -XAtqc');
is(file_of_psql($sql), $expected, '\g');
is(file_of_psql("\\pset null N\\A\n\\set FETCH_COUNT 1\n$sql"), $expected, '\g in a session with settings of its own');
like(file_of('sh', '-c', $spreadsheet), qr/^\xef\xbb\xbfCallID;.*\r\n1000;[^\n]*\n[^\n]*\r\n\z/s, 'the file for spreadsheets is whole');

# COPY of it is no such file. The limit and the header are the same, so this must not be noticed late.
my $copy = "\\copy (SELECT export_cdr_csv($range)) TO 'cdr.csv'";
like(file_of_psql("$copy\n"), qr/^CallID,.*?Extension\\n/, 'COPY writes line feeds as \n');
like(file_of_psql("$copy WITH (FORMAT csv)\n"), qr/^"CallID,/, 'COPY in FORMAT csv writes quotes around chunks');

chdir $here;
done_testing();

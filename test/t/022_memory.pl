# An export of 200 megabytes, in the long form of two gigabytes, takes little memory: what is held goes to
# a temporary file, which temp_file_limit bounds and which is gone however the query ends.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use CdrTest;
use POSIX qw(WNOHANG);
use PostgreSQL::Test::Utils;
use Test::More;

plan skip_all => 'needs /proc/PID/status' if !-r '/proc/self/status';

my $node = new_server('memory', "session_preload_libraries = 'vidyo_cdr'\nlog_temp_files = 0\n");
create_database($node, 'cdr');
my $length = amount(3000, 30_000);
insert_records($node, 'cdr', 65_000, callername => "repeat('0123456789', $length / 10)");
$node->safe_psql('cdr', 'VACUUM ANALYZE conferencecall2');
$node->safe_psql('cdr', q{CREATE FUNCTION memory() RETURNS bigint LANGUAGE sql AS $$
  SELECT substring(pg_read_file('/proc/' || pg_backend_pid() || '/status')
    FROM 'RssAnon:\s+(\d+)')::bigint $$;
  CREATE FUNCTION temporary_files() RETURNS bigint LANGUAGE sql AS
  'SELECT count(*) FROM pg_ls_tmpdir()'});

my $copy = 'COPY (SELECT * FROM export_cdr()) TO STDOUT (FORMAT csv)';
my $text = "SELECT export_cdr_csv(header => false)";

# Runs a statement in a new session whose client counts lines and bytes; returns these, and the
# greatest private memory of its backend above what that session itself found before it, in kB.
sub measured {
  my ($statement) = @_;
  my $folder = PostgreSQL::Test::Utils::tempdir;
  my $script = "$folder/script.sql";
  append_to_file($script, "SELECT count(*) FROM export_cdr(tenant => 'nobody');\n"
      . "\\o $folder/begin\nSELECT pg_backend_pid(), memory();\n\\o | wc -lc > $folder/count\n"
      . "\\set FETCH_COUNT 1\n$statement;\n\\o\n");
  my $pid = fork // die "fork: $!";
  if ($pid == 0) {
    open STDOUT, '>', '/dev/null';
    exec 'psql', '-XAtq', '-d', $node->connstr('cdr'), '-f', $script or die;
  }
  my ($backend, $begin, $most) = (undef, undef, 0);
  while (waitpid($pid, WNOHANG) == 0) {
    if (!$backend && -s "$folder/begin") {
      ($backend, $begin) = slurp_file("$folder/begin") =~ /^(\d+)\|(\d+)$/m;
    }
    if ($backend && open my $status, '<', "/proc/$backend/status") {
      my ($now) = join('', <$status>) =~ /RssAnon:\s+(\d+)/;
      $most = $now if defined $now && $now > $most;
    }
    select undef, undef, undef, 0.01;
  }
  is($?, 0, "$statement: ended well");
  my ($lines, $bytes) = slurp_file("$folder/count") =~ /(\d+)\s+(\d+)/;
  return ($lines, $bytes, $most - $begin);
}

my %bytes;
for my $statement ($copy, $text) {
  my ($lines, $bytes, $memory) = measured($statement);
  is($lines, 65_000, "$statement: all records");
  cmp_ok($bytes, '>', 65_000 * $length, "$statement: in full");
  cmp_ok($memory, '<', 64 * 1024, "$statement: less than 64 MB of memory");
  cmp_ok($memory, '>', 10 * 1024, "$statement: the memory was seen");
  $bytes{$bytes} = 1;
}
is(keys %bytes, 1, 'both are of the same size');

# However a query ends, its file and memory are gone, in the same session.
for my $ending (
  [ 'read to its end', "SELECT sum(length(export_cdr_csv)) FROM export_cdr_csv()", undef ],
  [ 'LIMIT', 'SELECT length(export_cdr_csv()) LIMIT 1', undef ],
  [ 'closed cursor',
    'BEGIN; DECLARE c CURSOR FOR SELECT export_cdr_csv(); MOVE 2 FROM c; CLOSE c; COMMIT', undef ],
  [ 'error', 'SELECT 1 / (length(export_cdr_csv()) - length(export_cdr_csv()))', '22012' ],
  [ 'cancel', "BEGIN; SET LOCAL statement_timeout = '1500ms'; SELECT length(export_cdr_csv()), pg_sleep(60);
    ROLLBACK", '57014' ],
  [ 'temp_file_limit', "SET temp_file_limit = '100MB'; SELECT length(export_cdr_csv())", '53400' ],
  [ 'temp_file_limit of COPY', "SET temp_file_limit = '100MB'; $copy", '53400' ]) {
  my ($title, $sql, $sqlstate) = @$ending;
  my ($code, $out, $err) = $node->psql('cdr', <<"SQL", on_error_stop => 0);
\\set VERBOSITY sqlstate
SELECT count(*) FROM export_cdr(tenant => 'nobody');
SELECT 'before', memory();
$sql;
RESET ALL;
SELECT 'after', memory();
SELECT 'files', temporary_files();
SQL
  my ($before, $after, $files) = map { $out =~ /^$_\|(\d+)$/m } qw(before after files);
  is($files, 0, "$title: no temporary file is left");
  cmp_ok($after - $before, '<', 8 * 1024, "$title: nor memory");
  is(join(' ', $err =~ /ERROR:  (\w+)/g), $sqlstate // '', "$title: it ended as it should");
}

my $log = slurp_file($node->logfile);
unlike($log, qr/temporary file leak|resource was not closed/, 'nothing was left for PostgreSQL to close');
like($log, qr/temporary file: path/, 'temporary files were used');

done_testing();

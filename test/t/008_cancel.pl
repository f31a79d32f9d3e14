# A running export can be ended at any moment, by hand and by statement_timeout: the session works
# on, and neither memory nor temporary files are left behind.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use CdrTest;
use Test::More;

my $node = new_server('cancel', "work_mem = '64kB'\nautovacuum = off\n");
create_database($node, 'cdr');
my $records = 20_000;
# Long texts, so that temporary files are needed.
insert_records($node, 'cdr', $records, roomowner => q{repeat('x', 6000)});

# The policy counts the records that the export has read, and makes it so slow from the 10,000th on
# that it does not come to its end while the test looks at it. It never waits.
$node->safe_psql('cdr', <<'SQL');
CREATE ROLE reader LOGIN IN ROLE pg_read_all_stats;
GRANT SELECT ON conferencecall2 TO reader;
CREATE SEQUENCE records_read;
GRANT USAGE ON SEQUENCE records_read TO reader;
CREATE POLICY slow ON conferencecall2 TO reader
  USING (nextval('records_read') > 0 AND length(repeat('x',
    CASE WHEN callid < 10000 THEN 10000 ELSE 10000000 END + callid::int % 9)) > 0);
ALTER TABLE conferencecall2 ENABLE ROW LEVEL SECURITY;
SQL

my %way = (
  SELECT => 'SELECT * FROM export_cdr();',
  aggregate => 'SELECT count(*) FROM export_cdr();',
  'CSV text' => 'SELECT * FROM export_cdr_csv();',
  ranges => 'SELECT * FROM export_cdr_ranges(NULL, NULL, NULL, 1);',
  COPY => 'COPY (SELECT * FROM export_cdr()) TO STDOUT (FORMAT csv, HEADER);');

sub temp_files {
  return $node->safe_psql('cdr', 'SELECT count(*) FROM pg_ls_tmpdir()');
}

# By hand, in the middle of the scan, in a session that has loaded the library.
my $session = background_session($node, 'cdr',
  on_error_stop => 0,
  extra_params => [ '-U', 'reader', '-v', 'VERBOSITY=sqlstate' ]);
my $pid = $session->query_safe(
  q{SELECT pg_backend_pid() FROM export_cdr(NULL, '2026-01-01 00:00:20Z')});
for my $way (sort keys %way) {
  $node->safe_psql('cdr', "SELECT setval('records_read', 1)");
  $session->query_until(qr/started/, "\\echo started\n$way{$way}\n");
  $node->poll_query_until('cdr', 'SELECT last_value > 10000 FROM records_read')
    or die 'the export does not advance';
  cmp_ok(temp_files(), '>', 0, "$way: the export in the middle has a temporary file");
  is($node->safe_psql('cdr', "SELECT pg_cancel_backend($pid)"), 't', "$way: cancelled by hand");
  $session->query('SELECT');
  like($session->{stderr}, qr/ERROR:  57014/, "$way: SQLSTATE");
  $session->{stderr} = '';
  cmp_ok($node->safe_psql('cdr', 'SELECT last_value FROM records_read'), '<', $records,
    "$way: it ended in the middle");
  is(temp_files(), 0, "$way: no temporary file is left");
}
is($session->query_safe("SELECT count(*) FROM export_cdr(NULL, '2026-01-01 00:10Z')"), 59,
  'the same session exports again');
$session->quit;

# By statement_timeout, over and over in one session. Each export has a transaction of its own, at
# whose end the timeout is gone and cannot hit another statement. The first exports come to their end,
# so that the session has loaded what it keeps, wherever the others are cancelled.
sub cancelled {
  my ($times) = @_;
  return (map({ "BEGIN; SET LOCAL statement_timeout = 30;\n$_\nROLLBACK;\n" } (values %way) x $times),
    "SELECT sum(total_bytes) FROM pg_backend_memory_contexts;\n");
}
my @short = map { s/\((?:NULL, NULL|(?=\)))/(NULL, '2026-01-01 00:00:20Z'/r } values %way;
my ($code, $out, $err) = $node->psql(
  'cdr', join("\n", '\o /dev/null', @short, '\o', cancelled(3), cancelled(17)),
  on_error_stop => 0,
  extra_params => [ '-U', 'reader', '-v', 'VERBOSITY=sqlstate' ]);
my @errors = $err =~ /ERROR:  (\w{5})/g;
is_deeply(\@errors, [ ('57014') x (20 * keys %way) ], 'statement_timeout ended every export');
my ($before, $after) = $out =~ /^(\d+)$/mg;
cmp_ok($after, '<=', $before + 32_768, 'memory does not grow with the cancelled exports');
is(temp_files(), 0, 'no temporary files are left');

# Without an error: exports that are not read to their end, and one that is.
($code, $out, $err) = $node->psql('cdr', <<'SQL');
SELECT length(export_cdr_csv(NULL, '2026-01-02')) > 0 LIMIT 1;
BEGIN;
DECLARE chunks CURSOR FOR SELECT length(export_cdr_csv(NULL, '2026-01-02')) > 0;
FETCH 1 FROM chunks;
SELECT count(*) > 0 FROM pg_ls_tmpdir();
COMMIT;
\o /dev/null
COPY (SELECT * FROM export_cdr(NULL, '2026-01-02')) TO STDOUT (FORMAT csv);
\o
SELECT count(*) = 0 FROM pg_ls_tmpdir();
SQL
is($out, "t\nt\nt\nt", 'temporary files of exports without an error');
is($err, '', 'no message about what is left');

done_testing();

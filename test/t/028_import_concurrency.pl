# Imports beside each other and beside other writers, and imports that do not come to their end: each
# record is there once, or nothing is.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use CdrTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = new_server('import_concurrency', "restart_after_crash = on\ndeadlock_timeout = 200ms\nautovacuum = off\n");
create_database($node, 'cdr');
my $folder = PostgreSQL::Test::Utils::tempdir;
my $file = portal_file("$folder/cdr.csv", [ 1 .. 6000 ]);
my $large = portal_file("$folder/large.csv", [ 1 .. 400_000 ]);
my $import = "SELECT inserted, updated, unchanged, rejected FROM import_cdr_file('$file', 'UTC');";
my $import_large = "SELECT import_cdr_file('$large', 'UTC');";
my $count = 'SELECT (SELECT count(*) FROM conferencecall2), (SELECT count(*) FROM cdr_import),
  (SELECT count(*) FROM cdr_import_reject)';
my $empty = 'TRUNCATE conferencecall2, cdr_import, cdr_import_reject';
my $insert = q{INSERT INTO conferencecall2 (callid, uniquecallid, conferencename, tenantname,
  conferencetype, endpointtype, callername, jointime, leavetime, callstate, direction)
  VALUES (4000, '1234567890123456', 'room@acme', 'Acme', 'C', 'D', 'Caller',
    '2026-03-01 01:06:40Z', '2026-04-01Z', 'COMPLETED', 'I')};

# How many sessions wait for a lock.
sub wait_for_waiters {
  my ($waiters) = @_;
  $node->poll_query_until('cdr',
    "SELECT count(*) = $waiters FROM pg_stat_activity
     WHERE wait_event_type = 'Lock' AND backend_type = 'client backend'")
    or die "there are not $waiters sessions that wait";
}

sub session {
  my $session = background_session($node, 'cdr', on_error_stop => 0,
    extra_params => [ '-v', 'VERBOSITY=sqlstate' ]);
  $session->query_safe('SET client_min_messages = warning');
  return $session;
}

# The result of what a session was told to do in the background, and what it said.
sub finish {
  my ($session) = @_;
  my $out = $session->query('SELECT');
  $out =~ s/^started\s*//;
  my ($error) = $session->{stderr} =~ /ERROR:  (\w{5})/;
  $session->{stderr} = '';
  return $error // $out;
}

# Two imports of one file at once.
my ($one, $other) = (session(), session());
is($one->query("BEGIN; $import"), '6000|0|0|0', 'the first import');
$other->query_until(qr/started/,
  "\\set VERBOSITY default\nSET client_min_messages = notice;\n\\echo started\n$import\n");
wait_for_waiters(1);
$one->query_safe('COMMIT');
like($other->query('SELECT'), qr/0\|0\|6000\|0/, 'the second changes nothing');
like($other->{stderr}, qr/NOTICE:  waiting for another import or purge to finish/, 'it said that it waits');
$other->{stderr} = '';
$other->query_safe("\\set VERBOSITY sqlstate\nSET client_min_messages = warning");
is($node->safe_psql('cdr', $count), '6000|2|0', 'each record once');
# The first gives up.
$node->safe_psql('cdr', $empty);
$one->query("BEGIN; $import");
$other->query_until(qr/started/, "\\echo started\n$import\n");
wait_for_waiters(1);
$one->query_safe('ROLLBACK');
is(finish($other), '6000|0|0|0', 'after the first has rolled back, the second inserts');
is($node->safe_psql('cdr', $count), '6000|1|0', 'each record once');

# Somebody else inserts a record of the file, and commits, changes or removes it, or gives it up.
for my $case (
  [ 'COMMIT', '5999|0|1|0', '6000|1|0' ],
  [ 'ROLLBACK', '6000|0|0|0', '6000|1|0' ],
  [ "UPDATE conferencecall2 SET callername = 'Bob' WHERE callid = 4000; COMMIT", '5999|0|0|1', '6000|1|1' ],
  [ 'DELETE FROM conferencecall2 WHERE callid = 4000; COMMIT', '6000|0|0|0', '6000|1|0' ]) {
  my ($end, $result, $stored) = @$case;
  $node->safe_psql('cdr', $empty);
  $one->query_safe("BEGIN; $insert");
  $other->query_until(qr/started/, "\\echo started\n$import\n");
  wait_for_waiters(1);
  $one->query_safe($end);
  is(finish($other), $result, "beside an INSERT, then $end");
  is($node->safe_psql('cdr', $count), $stored, 'each record once');
}

# An open call that another session completes or removes while the import wants to.
for my $case ([ "UPDATE conferencecall2 SET callstate = 'COMPLETED', leavetime = '2026-04-01Z'", '5999|0|1|0' ],
  [ 'DELETE FROM conferencecall2', '6000|0|0|0' ]) {
  my ($change, $result) = @$case;
  $node->safe_psql('cdr', "$empty; $insert; UPDATE conferencecall2 SET callstate = 'IN PROGRESS', leavetime = NULL");
  $one->query_safe("BEGIN; $change");
  $other->query_until(qr/started/, "\\echo started\n$import\n");
  wait_for_waiters(1);
  $one->query_safe('COMMIT');
  is(finish($other), $result, "beside $change");
}

# With a snapshot of before, such an import is at worst to be tried again.
for my $level ('REPEATABLE READ', 'SERIALIZABLE') {
  $node->safe_psql('cdr', $empty);
  $other->query_safe("BEGIN ISOLATION LEVEL $level; SELECT 1");
  $node->safe_psql('cdr', $insert);
  $other->query($import);
  is(finish($other), '40001', "$level: a record that the snapshot does not have");
  $other->query_safe('ROLLBACK');
  is($other->query("BEGIN ISOLATION LEVEL $level; $import COMMIT"), '5999|0|1|0', "$level: tried again");
}
$_->quit for $one, $other;

# Inside transactions and savepoints.
$node->safe_psql('cdr', $empty);
is($node->safe_psql('cdr', "BEGIN; $import $import COMMIT"), "6000|0|0|0\n0|0|6000|0",
  'twice in a transaction');
$node->safe_psql('cdr', $empty);
is($node->safe_psql('cdr', "BEGIN; $import ROLLBACK; $count"), "6000|0|0|0\n0|0|0", 'rolled back');
is($node->safe_psql('cdr', "BEGIN; SAVEPOINT s; $import ROLLBACK TO s; $import COMMIT; $count"),
  "6000|0|0|0\n6000|0|0|0\n6000|1|0", 'a savepoint rolled back');

# Ended in the middle: none comes to its end before, since its last record waits for a lock.
$node->safe_psql('cdr', $empty);
my $lock = hold_at($node, 'cdr', 'INSERT', 400_000);
is(failure($node, 'cdr', "SET statement_timeout = '300ms'; $import_large")->{sqlstate}, '57014',
  'statement_timeout');
is($node->safe_psql('cdr', $count), '0|0|0', 'leaves nothing');
for my $end ('pg_cancel_backend', 'pg_terminate_backend', 'kill') {
  my $session = session();
  my $pid = $session->query_safe('SELECT pg_backend_pid()');
  my $pages = $node->safe_psql('cdr', q{SELECT pg_relation_size('conferencecall2')});
  $session->query_until(qr/started/, "\\echo started\n$import_large\n");
  $node->poll_query_until('cdr', "SELECT pg_relation_size('conferencecall2') > $pages + 1000000")
    or die 'the import does not advance';
  if ($end eq 'kill') {
    kill_server_process($node, $pid);
    $_->{run}->finish for $session, $lock;
  } else {
    $node->safe_psql('cdr', "SELECT $end($pid)");
    $node->poll_query_until('cdr',
      "SELECT count(*) = 0 FROM pg_stat_activity WHERE pid = $pid AND state = 'active'");
    is(finish($session), '57014', 'it says so') if $end eq 'pg_cancel_backend';
    $end eq 'pg_cancel_backend' ? $session->quit : $session->{run}->finish;
  }
  is($node->safe_psql('cdr', $count), '0|0|0', "$end in the middle leaves nothing");
}
is($node->safe_psql('cdr', "$import $count"), "6000|0|0|0\n6000|1|0", 'and imports go on');

done_testing();

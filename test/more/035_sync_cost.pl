# The first sync brings every call as the portal has it, and no sync costs the portal more than twice
# the rows that it delivers, and 1,000.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../t/lib";

use CdrTest;
use Feed;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(time);

my ($node, $portal) = new_feed('cost', 200_000);

# Runs a sync, in a session if one is given, and checks what it cost the portal.
sub costs_little {
  my ($title, $delivered, $session) = @_;
  my $before = $portal->rows_read;
  my $begin = time;
  if ($session) {
    $session->query(sync_statement());
    unlike($session->{stderr}, qr/ERROR/, $title);
    $session->{stderr} = '';
  } else {
    sync_ok($node, $title);
  }
  my $read = $portal->rows_read - $before;
  cmp_ok($read, '<=', 2 * $delivered + 1000, "$title: rows read");
  note(sprintf '%s: %d rows read for %d calls, %.1f s', $title, $read, $delivered, time - $begin);
}

costs_little('the first sync', 200_000);
same_as_portal($node, $portal, 'the first sync brings what the portal has');
costs_little('nothing new', 0);

# The memory of a session while a sync has reached a CallID, or nothing where no /proc tells it.
sub memory_at {
  my ($pid, $call_id) = @_;
  return if !-r "/proc/$pid/status";
  $node->poll_query_until('cdr', "SELECT highest_call_id >= $call_id FROM cdr_feed") or die 'no sync';
  return slurp_file("/proc/$pid/status") =~ /^RssAnon:\s+(\d+) kB/m ? $1 : die 'no RssAnon';
}

$portal->insert_calls(200_001, 1_000_000);
my $session = background_session($node, 'cdr', on_error_stop => 0);
my $pid = $session->query_safe('SELECT pg_backend_pid()');
my $read_before = $portal->rows_read;
$session->query_until(qr/begun/, "\\echo begun\n" . sync_statement() . "\n");
my @memory = map { memory_at($pid, $_) } 300_000, 980_000;
$session->query('SELECT 1;');
SKIP: {
  skip 'needs /proc/PID/status', 1 if !@memory;
  cmp_ok($memory[1], '<', $memory[0] + 10_000, 'memory does not grow with the calls');
}
cmp_ok($portal->rows_read - $read_before, '<=', 2 * 800_000 + 1000, '800,000 more calls: rows read');
note("memory in kB: @memory");
$session->{stderr} = '';
# With statistics from the beginning, the session need not load them in the middle.
$node->safe_psql('cdr', 'ANALYZE');
my $memory = 'SELECT sum(used_bytes) FROM pg_backend_memory_contexts;';
my $used;
for my $round (1 .. 10) {
  my $from = 1_000_000 + $round * 3000;
  $portal->insert_calls($from - 2999, $from);
  costs_little("sync $round in a session", 3000, $session);
  $used = $session->query_safe($memory) if $round == 2;
}
cmp_ok($session->query_safe($memory), '<', $used + 100_000, 'the session takes no more memory');
$session->quit;

# Open calls, of which one in ten ends between two syncs.
$portal->insert_calls(1_030_001, 1_033_000, LeaveTime => 'NULL', CallState => "'IN PROGRESS'");
costs_little('3,000 open calls come', 3000);
$portal->sql("UPDATE ConferenceCall2 SET CallState = 'COMPLETED', LeaveTime = JoinTime + INTERVAL 1 HOUR
  WHERE CallID > 1030000 AND CallID % 10 = 0");
costs_little('3,000 open calls are asked for', 3000);
$portal->sql("UPDATE ConferenceCall2 SET CallState = 'COMPLETED', LeaveTime = JoinTime + INTERVAL 2 HOUR
  WHERE LeaveTime IS NULL");
costs_little('and end', 2700);

# Gaps: of 600 calls every other one comes late.
$portal->sql('DROP TABLE IF EXISTS Late; CREATE TABLE Late LIKE ConferenceCall2');
$portal->insert_calls(1_033_001, 1_033_600);
$portal->sql('INSERT INTO Late SELECT * FROM ConferenceCall2 WHERE CallID > 1033000 AND CallID % 2 = 1');
$portal->sql('DELETE FROM ConferenceCall2 WHERE CallID > 1033000 AND CallID % 2 = 1');
costs_little('calls with gaps', 300);
costs_little('gaps that stay', 0);
$portal->sql('INSERT INTO ConferenceCall2 SELECT * FROM Late');
$portal->log_statements;
costs_little('gaps that are filled', 300);
is(grep(/ IN \('?1033001'?, '?1033003'?, /, $portal->statements), 1, 'gaps are asked for in a list');

# A hole in the CallIDs is crossed in one step, and is a gap from then on. Calls that come into it are
# all brought, however many.
$portal->insert_calls(900_000_001, 900_000_010);
costs_little('a hole of 900 million', 10);
costs_little('and nothing new', 0);
$portal->insert_calls(1_100_001, 1_106_000);
$portal->insert_calls(1_120_001, 1_120_001);
costs_little('6,001 calls in the hole', 6001);
is($node->safe_psql('cdr', 'SELECT count(*) FROM conferencecall2 WHERE callid > 1100000'), 6011, 'all came');
same_as_portal($node, $portal, 'the same calls in the end', 'CallID > 1000000');

done_testing();

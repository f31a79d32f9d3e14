# A sync that ends in the middle, for whatever reason, keeps its committed batches, writes nothing by
# halves, and the next one goes on: nothing is lost and nothing comes twice.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../t/lib";

use CdrTest;
use Feed;
use Test::More;
use Time::HiRes qw(sleep);

my ($node, $portal) = new_feed('interrupted', 60_000, "restart_after_crash = on\n");
sub here { return $node->safe_psql('cdr', $_[0]) }

# Whether table and position tell the same.
sub nothing_by_halves {
  my ($title) = @_;
  my ($count, $inserted, $highest, $position) = split /\|/, here(q{
    SELECT count(*), (SELECT coalesce(sum(inserted), 0) FROM cdr_import), coalesce(max(callid), 0),
      (SELECT highest_call_id FROM cdr_feed) FROM conferencecall2});
  is("$count $inserted $highest", "$position $position $position", "$title: nothing by halves");
}

my $lock;

# Lets the sync go on that waits.
sub go_on {
  $lock->{run}->finish;
}

# Starts a sync in batches of 500, and returns when the table has so many calls, with its session. The
# sync may go on for 4,000 calls more, until go_on().
sub sync_until {
  my ($count) = @_;
  $lock = hold_at($node, 'cdr', 'INSERT', $count + 4000);
  my $session = background_session($node, 'cdr', on_error_stop => 0, extra_params => [ '-v', 'VERBOSITY=verbose' ]);
  my $pid = $session->query_safe('SELECT pg_backend_pid()');
  $session->query_until(qr/begun/, "\\echo begun\n" . sync_statement(500) . "\n");
  for (1 .. 100 * $PostgreSQL::Test::Utils::timeout_default) {
    return ($session, $pid) if here('SELECT max(highest_call_id) FROM cdr_feed') >= $count;
    sleep 0.01;
  }
  die 'the sync does not advance';
}

# What the session told, once its sync has ended.
sub ended {
  my ($session) = @_;
  eval { $session->query('SELECT 1;') };
  my $err = $session->{stderr};
  eval { $session->quit };
  return $err;
}

here(q{INSERT INTO cdr_feed VALUES ('portal', 'conferencecall2')});
my ($session, $pid, $reached) = (undef, undef, 0);

# By hand.
for my $way (qw(cancel terminate)) {
  for my $moment (1 .. 3) {
    $reached = here('SELECT highest_call_id FROM cdr_feed');
    ($session, $pid) = sync_until($reached + 700 * $moment);
    here("SELECT pg_${way}_backend($pid)");
    my $told = ended($session);
    go_on();
    like($told, qr/ERROR:  57014/, "$way $moment: SQLSTATE") if $way eq 'cancel';
    ok($node->poll_query_until('cdr', "SELECT count(*) = 0 FROM pg_stat_activity WHERE pid = $pid"),
      "$way $moment: the session ends");
    nothing_by_halves("$way $moment");
    cmp_ok(here('SELECT highest_call_id FROM cdr_feed'), '>=', $reached + 700 * $moment, "$way $moment: batches stay");
    is(here(q{SELECT count(*) FROM pg_locks WHERE locktype = 'object' AND mode = 'ExclusiveLock'}), 0, 'no lock is left');
  }
}

# The server crashes: kill -9 of the session.
for my $moment (1, 2) {
  $reached = here('SELECT highest_call_id FROM cdr_feed');
  ($session, $pid) = sync_until($reached + 600 * $moment);
  kill_server_process($node, $pid);
  ended($session);
  go_on();
  nothing_by_halves("kill -9, $moment");
}

# The portal goes away, as for a restart and as in a crash, and comes back.
for my $signal ('TERM', 'KILL') {
  $reached = here('SELECT highest_call_id FROM cdr_feed');
  ($session, $pid) = sync_until($reached + 1000);
  $portal->stop($signal);
  go_on();
  like(ended($session), qr/ERROR:  HV00[LN]/, "the portal goes away with $signal");
  nothing_by_halves("portal gone with $signal");
  is(failure($node, 'cdr', sync_statement(500))->{sqlstate}, 'HV00N', 'the portal is away');
  nothing_by_halves("portal away");
  $portal->start;
}

# In one session: the CALL that meets the dead connection fails, the next one goes on.
$session = background_session($node, 'cdr', on_error_stop => 0, extra_params => [ '-v', 'VERBOSITY=verbose' ]);
$session->query("SELECT callid FROM $calls WHERE callid = 1;");
$portal->stop;
$portal->start;
$session->query(sync_statement());
like($session->{stderr}, qr/ERROR:  HV00L/, 'after a restart of the portal: the first CALL');
$session->{stderr} = '';
nothing_by_halves('the first CALL');
$session->query(sync_statement());
unlike($session->{stderr}, qr/ERROR/, 'the second CALL goes on');
nothing_by_halves('the second CALL');
same_as_portal($node, $portal, 'nothing is lost, nothing came twice');

# A portal that hangs: the sync waits, and another does not. It goes on when the portal does.
$session->{stderr} = '';
$portal->insert_calls(60_001, 60_100);
$portal->freeze;
$session->query_until(qr/begun/, "\\echo begun\n" . sync_statement() . "\n");
$node->poll_query_until('cdr', q{SELECT count(*) > 0 FROM pg_locks WHERE locktype = 'object' AND mode = 'ExclusiveLock'});
is(sync_ok($node, 'a second CALL while the portal hangs'),
  qq{NOTICE:  another sync of "portal.conferencecall2" is already running}, 'returns at once');
$portal->thaw;
$session->query('SELECT 1;');
like($session->{stderr}, qr/NOTICE:  00000: CallIDs 60001 to 60100: 100 inserted/, 'the portal answers again');
$session->{stderr} = '';

# A commit that fails.
here(<<'SQL');
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'not this one' USING ERRCODE = 'P0007'; END $$;
CREATE CONSTRAINT TRIGGER refuse AFTER INSERT ON conferencecall2 DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (NEW.callid = 60150) EXECUTE FUNCTION refuse();
SQL
$portal->insert_calls(60_101, 60_200);
$session->query(sync_statement(10));
like($session->{stderr}, qr/ERROR:  P0007/, 'a commit fails');
unlike($session->{stderr}, qr/WARNING/, 'and nothing else');
nothing_by_halves('a commit that failed');
here('DROP TRIGGER refuse ON conferencecall2');
$session->{stderr} = '';
$session->query(sync_statement(10));
unlike($session->{stderr}, qr/ERROR/, 'the same session goes on');
$session->quit;
same_as_portal($node, $portal, 'and all is there');

done_testing();

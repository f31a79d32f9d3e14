# What changes on a running portal arrives: new and late calls, late ends, names in any script.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../t/lib";

use CdrTest;
use Feed;
use IPC::Run;
use Test::More;

my ($node, $portal) = new_feed('changes', 1000);
sub here { return $node->safe_psql('cdr', $_[0]) }

# Names, '' and NULL.
$portal->sql(<<'SQL');
UPDATE ConferenceCall2 SET CallerName = 'Zoë 日本 😀 "x", \\n' WHERE CallID = 1;
UPDATE ConferenceCall2 SET CallerName = NULL, RouterID = NULL, GWPrefix = NULL, Extension = NULL WHERE CallID = 2;
UPDATE ConferenceCall2 SET CallerName = '', RouterID = '', GWPrefix = '', Extension = '', EndpointPublicIPAddress = '',
  AccessType = '', RoomType = '' WHERE CallID = 3;
UPDATE ConferenceCall2 SET ConferenceName = REPEAT('日', 200), CallerName = REPEAT('😀', 200) WHERE CallID = 4;
UPDATE ConferenceCall2 SET CallState = 'in progress', LeaveTime = NULL WHERE CallID BETWEEN 5 AND 7;
SQL
sync_ok($node, 'the first sync');
same_as_portal($node, $portal, 'names in any script', 'CallID NOT IN (2, 3, 5, 6, 7)');
is(here('SELECT callername FROM conferencecall2 WHERE callid = 1'), 'Zoë 日本 😀 "x", \\n', 'letter for letter');
is(here(q{SELECT callername IS NULL, routerid IS NULL, gwprefix IS NULL, extension IS NULL
  FROM conferencecall2 WHERE callid = 2}), 't|t|t|t', 'NULL');
is(here(q{SELECT callername = '', routerid = '', gwprefix IS NULL, extension = '', endpointpublicipaddress IS NULL,
  accesstype IS NULL, roomtype IS NULL FROM conferencecall2 WHERE callid = 3}), 't|t|t|t|t|t|t', 'and nothing');
is(here('SELECT DISTINCT callstate, leavetime IS NULL FROM conferencecall2 WHERE callid BETWEEN 5 AND 7'),
  'IN PROGRESS|t', 'a state in another case');
is(sync_ok($node, 'again') =~ /inserted/g, 1, 'open calls are asked for, and nothing else');
is(here('SELECT sum(updated) FROM cdr_import'), 0, 'nothing has changed');

# Late ends, a renamed tenant.
$portal->sql("UPDATE ConferenceCall2 SET TenantName = 'renamed' WHERE CallID <= 6");
$portal->sql("UPDATE ConferenceCall2 SET CallState = 'COMPLETED', LeaveTime = JoinTime + INTERVAL 9 HOUR
  WHERE CallID IN (5, 7)");
like(sync_ok($node, 'late ends'), qr/^NOTICE:  2 records have different tenants than the stored records; the stored tenants were kept$/m,
  'a renamed tenant');
is(here(q{SELECT callid, tenantname, callstate, leavetime - jointime FROM conferencecall2
  WHERE callid BETWEEN 5 AND 7 ORDER BY 1}),
  "5|tenant2|COMPLETED|09:00:00\n6|tenant0|IN PROGRESS|\n7|tenant1|COMPLETED|09:00:00", 'the ends arrive');
$portal->sql("UPDATE ConferenceCall2 SET CallState = 'COMPLETED', LeaveTime = JoinTime WHERE CallID = 6");

# A lower CallID is committed after a higher one has been read.
my $late = '';
my $client = IPC::Run::start([ 'mariadb', '--no-defaults', "--socket=$portal->{socket}", '--user=root',
    '--batch', '--unbuffered', '--skip-column-names', 'portal2' ], '<', \$late, '>', \my $said, '2>', \my $wrong);
$late = "BEGIN; INSERT INTO ConferenceCall2 SELECT * FROM (SELECT 1001, t.UniqueCallID, t.ConferenceName, t.TenantName,
  t.ConferenceType, t.EndpointType, t.CallerID, 'late', t.JoinTime, t.LeaveTime, t.CallState, t.Direction, t.RouterID,
  t.GWPrefix, t.GWID, t.ReferenceNumber, t.ApplicationName, t.ApplicationVersion, t.DeviceModel,
  t.EndpointPublicIPAddress, t.AccessType, t.RoomType, t.RoomOwner, t.ApplicationOs, t.CallCompletionCode,
  t.EndpointGUID, t.Extension FROM ConferenceCall2 t WHERE CallID = 1000) one; SELECT 'inserted';\n";
$client->pump until $said =~ /inserted/;
$portal->insert_calls(1002, 1003);
like(sync_ok($node, 'a higher CallID'), qr/^NOTICE:  CallIDs 1001 to 1003: 2 inserted/m, 'is committed first');
is(here('SELECT first_call_id, last_call_id FROM cdr_feed_gap'), '1001|1001', 'the lower one is a gap');
$late = "COMMIT;\n";
$client->finish;
like(sync_ok($node, 'the lower CallID'), qr/^NOTICE:  missing CallIDs: 1 inserted/m, 'arrives');
is(here(q{SELECT count(*) FROM conferencecall2 WHERE callername = 'late'}), 1, 'late');
is(here('SELECT count(*) FROM cdr_feed_gap'), 0, 'the gap is filled');

# A call changes after it was read, while the same sync goes on: a lock holds the sync's second batch.
$portal->insert_calls(1004, 1010, LeaveTime => 'NULL', CallState => "'RINGING'");
here(<<'SQL');
CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql AS
  $$ BEGIN PERFORM pg_advisory_xact_lock(1); RETURN NEW; END $$;
CREATE TRIGGER hold BEFORE INSERT ON conferencecall2 FOR EACH ROW WHEN (NEW.callid = 1008) EXECUTE FUNCTION hold();
SQL
my $holder = background_session($node, 'cdr');
$holder->query_safe('SELECT pg_advisory_lock(1)');
my $syncing = background_session($node, 'cdr', on_error_stop => 0);
$syncing->query_until(qr/begun/, "\\echo begun\n" . sync_statement(4) . "\n");
$node->poll_query_until('cdr', q{SELECT count(*) = 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted})
  or die 'the sync does not wait';
is(here('SELECT max(callid) FROM conferencecall2'), 1007, 'the first batch is there');
my $second = sync_ok($node, 'a second sync at the same time');
is($second, 'NOTICE:  another sync of "portal.conferencecall2" is already running', 'returns at once');
$portal->sql("UPDATE ConferenceCall2 SET CallState = 'COMPLETED', LeaveTime = JoinTime WHERE CallID IN (1004, 1010)");
$portal->sql('DELETE FROM ConferenceCall2 WHERE CallID = 1009');
$holder->quit;
$syncing->query('SELECT 1;');
is($syncing->{stderr} =~ /ERROR/ ? $syncing->{stderr} : '', '', 'the sync ends well');
$syncing->quit;
$portal->sql("UPDATE ConferenceCall2 SET CallState = 'COMPLETED', LeaveTime = JoinTime WHERE LeaveTime IS NULL");
like(sync_ok($node, 'open calls that are gone'), qr/^WARNING:  1 open call is no longer in "portal.conferencecall2"
DETAIL:  The first one has CallID 1009.$/m, 'are told');
here('DELETE FROM conferencecall2 WHERE callid = 1009');
same_as_portal($node, $portal, 'all changes have arrived', 'CallID NOT IN (2, 3) AND CallID > 6');

# A foreign table that is made again goes on, with its gaps.
$portal->sql('DELETE FROM ConferenceCall2 WHERE CallID > 1000');
$portal->insert_calls(1020, 1020);
sync_ok($node, 'a gap');
here('DROP SCHEMA portal CASCADE; DROP SERVER portal CASCADE');
$portal->attach($node, 'cdr');
$portal->insert_calls(1015, 1016);
$portal->insert_calls(1021, 1021);
is(join(' ', sync_ok($node, 'a new foreign table') =~ /^NOTICE:  ((?:missing|CallIDs).*? inserted)/mg),
  'missing CallIDs: 2 inserted CallIDs 1021 to 1021: 1 inserted', 'goes on where the old one was');

# A portal that begins anew.
$portal->sql('TRUNCATE ConferenceCall2');
$portal->insert_calls(1, 10);
like(sync_ok($node, 'a new portal'), qr/^WARNING:  the highest CallID of "portal.conferencecall2" is 10, but 1021 was read before$/m,
  'is told');
is(here('SELECT highest_call_id FROM cdr_feed'), 1021, 'the position stays');

done_testing();

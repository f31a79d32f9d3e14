# File and feed of one portal agree, in both orders; a feed goes on after dump and restore; what can
# be wrong with a source is told, and then nothing is written. No search_path misleads a sync.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../t/lib";

use CdrTest;
use Feed;
use PostgreSQL::Test::Utils;
use Test::More;

my ($node, $portal) = new_feed('files', 5000);
sub here { return $node->safe_psql('cdr', $_[0]) }

$portal->sql(<<'SQL');
UPDATE ConferenceCall2 SET CallerName = 'Zoë "日本" 😀, \\n' WHERE CallID % 5 = 0;
UPDATE ConferenceCall2 SET CallerName = NULL, RouterID = NULL, GWPrefix = '', Extension = NULL WHERE CallID % 7 = 0;
UPDATE ConferenceCall2 SET CallerName = '', ReferenceNumber = NULL, EndpointPublicIPAddress = '', AccessType = '',
  RoomType = '', CallCompletionCode = '0' WHERE CallID % 11 = 0;
UPDATE ConferenceCall2 SET LeaveTime = NULL, CallState = 'In Progress' WHERE CallID % 13 = 0;
UPDATE ConferenceCall2 SET JoinTime = '2026-11-01 01:30:00', LeaveTime = '2026-11-01 01:40:00' WHERE CallID = 1;
DELETE FROM ConferenceCall2 WHERE CallID % 1000 = 500;
SQL
my $file = "$portal->{folder}/calls.csv";
my @names = $portal->columns;
$portal->sql('SELECT ' . join(', ', map { "'$_'" } @names) . ' UNION ALL SELECT '
    . join(', ', map { "COALESCE($_, '')" } @names)
    . " FROM ConferenceCall2 INTO OUTFILE '$file' CHARACTER SET utf8mb4
      FIELDS TERMINATED BY ',' OPTIONALLY ENCLOSED BY '\"' ESCAPED BY '\"'");
my $import = "SELECT inserted, updated, unchanged, rejected FROM import_cdr_file('$file', '$zone', 'portal')";
my $digest = q{SELECT md5(string_agg(c::text, E'\n' ORDER BY callid)) FROM conferencecall2 c};

# Feed, then file.
sync_ok($node, 'the feed');
my $fed = here($digest);
is(here($import), '0|0|4995|0', 'the file of the same calls changes nothing');
is(here($digest), $fed, 'nothing at all');

# File, then feed.
here('TRUNCATE conferencecall2, cdr_import, cdr_import_reject, cdr_feed, cdr_feed_gap');
is(here($import), '4995|0|0|0', 'the file');
my $filed = here($digest);
my $told = sync_ok($node, 'the feed of the same calls');
like($told, qr/^NOTICE:  CallIDs 1 to 5000: 0 inserted, 0 updated, 4995 unchanged, 0 rejected$/m, 'changes nothing');
is(here($digest), $filed, 'nothing at all');
is(here(q{SELECT sum(ambiguous_times), count(*) FROM cdr_import}), '1|2', 'the repeated hour is counted once');

# Position and gaps survive dump and restore, and so do rejects.
$portal->sql("UPDATE ConferenceCall2 SET Direction = 'X' WHERE CallID = 100");
$portal->insert_calls(5002, 5003, Direction => "IF(seq = 5003, 'X', 'I')");
sync_ok($node, 'before the dump');
my $feed_state = 'SELECT * FROM cdr_feed; SELECT * FROM cdr_feed_gap ORDER BY first_call_id; '
  . 'SELECT callid, reason FROM cdr_import_reject ORDER BY 1; SELECT * FROM cdr_import ORDER BY 1';
my $state = here($feed_state);
my $dump = $node->backup_dir . '/cdr.sql';
$node->command_ok([ 'pg_dump', '-d', $node->connstr('cdr'), '-f', $dump ], 'the dump');
$node->safe_psql('postgres', 'DROP DATABASE cdr WITH (FORCE)'); # sessions may be about to end
$node->safe_psql('postgres', 'CREATE DATABASE cdr');
$node->command_ok([ 'psql', '-Xq', '-v', 'ON_ERROR_STOP=1', '-d', $node->connstr('cdr'), '-f', $dump ], 'the restore');
is(here($feed_state), $state, 'position, gaps, rejects and imports are as they were');
$portal->insert_calls(5001, 5001);
$portal->insert_calls(5004, 5004);
$portal->sql("UPDATE ConferenceCall2 SET Direction = 'I' WHERE CallID IN (100, 5003)");
is_deeply([ sync_ok($node, 'after the restore') =~ /^NOTICE:  ([^:]*: \d+ inserted)/mg ],
  [ 'open calls: 0 inserted', 'missing CallIDs: 1 inserted', 'CallIDs 5004 to 5004: 1 inserted',
    'records rejected earlier: 1 inserted' ], 'goes on');
is(here('SELECT count(*), max(callid) FROM conferencecall2'), '4999|5004', 'with all calls');

# Sources that do not work: the error, and nothing written.
$node->safe_psql('postgres', 'CREATE ROLE feeder LOGIN');
my $written = 'SELECT count(*) FROM cdr_feed; SELECT count(*) FROM cdr_import; SELECT count(*) FROM conferencecall2';
$state = here($written);
$portal->sql('CREATE TABLE Lacking AS SELECT * FROM ConferenceCall2 LIMIT 10; ALTER TABLE Lacking DROP Extension');
my @wrong = (
  unreachable => { server => { port => 1 } }, 'HV00N', qr/^failed to connect to MySQL: Can't connect/,
  password => { user => { password => 'wrong' } }, 'HV00N', qr/^failed to connect to MySQL: Access denied/,
  lacking => { table => { table_name => 'Lacking' } }, 'HV00L', qr/^failed to prepare the MySQL query: *$/,
  number => { type => { callid => 'text' } }, '42804', qr/^column "callid" of relation "conferencecall2" has type text$/);
while (my ($name, $options, $sqlstate, $message) = splice @wrong, 0, 4) {
  $portal->attach($node, 'cdr', schema => "wrong_$name", %$options);
  my $failure = failure($node, 'cdr', sync_statement(100, "wrong_$name.conferencecall2"));
  is($failure->{sqlstate}, $sqlstate, "$name: SQLSTATE");
  like($failure->{message}, $message, "$name: message");
  note(join ' / ', map { $_ // '' } @$failure{qw(message detail hint)});
  is(here($written), $state, "$name: nothing is written");
}

# What a role of its own needs.
my $statement = sync_statement();
here('GRANT USAGE ON SCHEMA portal TO feeder');
for my $grant (
  'EXECUTE ON PROCEDURE sync_cdr TO feeder', 'SELECT ON portal.conferencecall2 TO feeder') {
  is(failure($node, 'cdr', $statement, user => 'feeder')->{sqlstate}, '42501', "without $grant");
  here("GRANT $grant");
}
is(failure($node, 'cdr', $statement, user => 'feeder')->{sqlstate}, '42501', 'without the tables of the extension');
my ($grants) = slurp_file("$FindBin::Bin/../../docs/live-feed.md") =~ /^```\n(GRANT .*?)^```$/ms;
here($grants);
is_deeply(failure($node, 'cdr', $statement, user => 'feeder'), {}, 'with what docs/live-feed.md grants');

# From a procedure and a DO block, with a search_path that has other operators and tables.
here(<<'SQL');
CREATE SCHEMA trap;
CREATE FUNCTION trap.spring(bigint, bigint) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RAISE 'trapped'; END $$;
CREATE OPERATOR trap.= (LEFTARG = bigint, RIGHTARG = bigint, FUNCTION = trap.spring);
CREATE OPERATOR trap.> (LEFTARG = bigint, RIGHTARG = bigint, FUNCTION = trap.spring);
CREATE OPERATOR trap.< (LEFTARG = bigint, RIGHTARG = bigint, FUNCTION = trap.spring);
CREATE OPERATOR trap.>= (LEFTARG = bigint, RIGHTARG = bigint, FUNCTION = trap.spring);
CREATE OPERATOR trap.<= (LEFTARG = bigint, RIGHTARG = bigint, FUNCTION = trap.spring);
CREATE TABLE trap.cdr_feed (source_schema int);
CREATE TABLE trap.conferencecall2 (callid int);
CREATE FUNCTION trap.max(bigint) RETURNS bigint LANGUAGE sql RETURN 7;
CREATE FUNCTION trap.now() RETURNS timestamptz LANGUAGE sql RETURN 'infinity'::timestamptz;
CREATE PROCEDURE twice() LANGUAGE plpgsql AS $$
  DECLARE one record;
  BEGIN
    CALL sync_cdr('portal.conferencecall2', 'America/New_York', 7);
    FOR one IN SELECT generate_series(1, 3) LOOP
      CALL public.sync_cdr('portal.conferencecall2', 'America/New_York');
    END LOOP;
    COMMIT;
  END $$;
SQL
$portal->insert_calls(5010, 5030, LeaveTime => 'NULL', CallState => "'RINGING'");
is_deeply(failure($node, 'cdr', 'CALL twice()'), {}, 'from a procedure');
is(here('SELECT max(callid) FROM conferencecall2'), 5030, 'with all calls');
$portal->insert_calls(5040, 5040);
my $failure = failure($node, 'cdr', <<'SQL');
SET search_path = trap, pg_catalog, public;
DO $$ BEGIN CALL public.sync_cdr('portal.conferencecall2', 'America/New_York'); END $$;
SQL
is_deeply($failure, {}, 'with a hostile search_path, from a DO block');
is(here('SELECT max(callid) FROM conferencecall2'), 5040, 'with all calls');
$failure = failure($node, 'cdr', <<"SQL");
CREATE PROCEDURE guarded() LANGUAGE plpgsql AS \$\$
  BEGIN $statement EXCEPTION WHEN division_by_zero THEN NULL; END \$\$;
CALL guarded();
SQL
is($failure->{sqlstate}, '25001', 'in a block with EXCEPTION');
is(here(q{SELECT count(*) FROM pg_locks WHERE locktype = 'object' AND mode = 'ExclusiveLock'}), 0, 'no lock is left');

done_testing();

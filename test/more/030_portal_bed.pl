# What the live feed builds on: how mysql_fdw asks the portal and what that costs there, which errors
# and which silent changes come back. A new version of the wrapper that differs is seen here first.
use strict;
use warnings;

use File::Basename;
use FindBin;
use lib "$FindBin::Bin/../t/lib";

use CdrTest;
use Portal;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep);

my $node = new_server('bed');
$node->safe_psql('postgres', 'CREATE DATABASE cdr');
# A portal that starts beside others leaves their temporary tables alone.
my $others_table = PostgreSQL::Test::Utils::tempdir_short() . '/#sql-temptable-1-1-1.MAD';
append_to_file($others_table, '');
my $portal = do {
  local $ENV{TMPDIR} = dirname($others_table);
  Portal->new;
};
ok(-e $others_table, "another portal's temporary table is still there");
$portal->insert_calls(1, 200_000);
$portal->attach($node, 'cdr');
my $calls = 'portal.conferencecall2';
# The wrapper's version as a number, such as 20800 for 2.8.0.
my $wrapper = $node->safe_psql('cdr', 'SELECT mysql_fdw_version()');

# Runs a query and returns its rows' number, the rows that the portal read for it, and the
# statements that it got.
sub ask {
  my ($sql) = @_;
  $portal->log_statements;
  my $before = $portal->rows_read;
  my $rows = split /\n/, $node->safe_psql('cdr', $sql);
  return ($rows, $portal->rows_read - $before, grep { !/^SET / } $portal->statements);
}

# Asks for so many CallIDs, all of which there are.
sub ask_for_list {
  my ($count) = @_;
  return ask("SELECT * FROM $calls WHERE callid IN (" . join(',', map { 5000 + 3 * $_ } 1 .. $count) . ')');
}

# What asking for the counters itself adds to them.
my $noise = 20;

# Windows of CallIDs. The portal keeps a result in a temporary table for the wrapper's cursor, and
# reads each row once more from there; when that table outgrows its memory, once more again.
for my $calls_there (200_000, 1_000_000) {
  $portal->insert_calls(200_001, 1_000_000) if $calls_there == 1_000_000;
  my ($rows, $read, @statements) =
    ask("SELECT * FROM $calls WHERE callid > 100000 AND callid <= 102500");
  is($rows, 2500, "$calls_there calls: a window's rows");
  like($statements[0], qr/WHERE \(\(`callid` > 100000\)\) AND \(\(`callid` <= 102500\)\)$/,
    "$calls_there calls: a window is asked for as it is");
  is(@statements, 1, "$calls_there calls: in one statement");
  cmp_ok($read, '<=', 2 * $rows + $noise, "$calls_there calls: its cost");

  ($rows, $read) = ask(join ";\n",
    map { "SELECT * FROM $calls WHERE callid > " . $_ * 2500 . ' AND callid <= ' . ($_ + 1) * 2500 } 0 .. 9);
  is($rows, 25_000, "$calls_there calls: ten windows in a session");
  cmp_ok($read, '<=', 2 * $rows + 10 * 2 + $noise, "$calls_there calls: their cost");

  ($rows, $read, @statements) = ask_for_list(999);
  is($rows, 999, "$calls_there calls: a list's rows");
  like($statements[0], qr/WHERE \(`callid` +IN \('?5003'?, .* '?7997'?\)\)$/,
    "$calls_there calls: a list is asked for as it is");
  cmp_ok($read, '<=', 2 * $rows + $noise, "$calls_there calls: its cost");
  # MariaDB makes a table of a list of 1,000 numbers, but not of texts, which 2.8 sends.
  ($rows, $read) = ask_for_list(1000);
  cmp_ok($read, $wrapper < 20_900 ? '<=' : '>=', ($wrapper < 20_900 ? 2 : 3) * $rows + $noise / 2,
    "$calls_there calls: the cost of a list with one more");

  # A CTE, though unused, keeps PostgreSQL from turning max() into ORDER BY and LIMIT 1, for which the
  # portal would read every call.
  ($rows, $read, @statements) = ask("WITH unused AS (SELECT) SELECT max(callid) FROM $calls");
  like($statements[0], qr/^SELECT max\(`callid`\) FROM `portal2`.`ConferenceCall2`$/,
    "$calls_there calls: the highest CallID is asked for as such");
  cmp_ok($read, '<=', $noise, "$calls_there calls: its cost");
  ($rows, $read) = ask("SELECT max(callid) FROM $calls");
  cmp_ok($read, '>=', $calls_there, "$calls_there calls: its cost without that");
  ($rows, $read) = ask("WITH unused AS (SELECT) SELECT min(callid) FROM $calls WHERE callid > 150000");
  cmp_ok($read, '<=', $noise, "$calls_there calls: the cost of the next CallID");
}

# Values: what the wrapper changes without a word, and what it refuses.
$portal->sql(<<'SQL');
SET sql_mode = '';
UPDATE ConferenceCall2 SET LeaveTime = '0000-00-00 00:00:00' WHERE CallID = 5;
UPDATE ConferenceCall2 SET LeaveTime = NULL, CallerName = NULL, RoomType = '' WHERE CallID = 6;
UPDATE ConferenceCall2 SET CallerName = 'Zoë 日本 😀' WHERE CallID = 7;
CREATE TABLE BadBytes AS SELECT * FROM ConferenceCall2 WHERE CallID <= 2;
ALTER TABLE BadBytes MODIFY CallerName varbinary(200);
UPDATE BadBytes SET CallerName = X'4AFC62' WHERE CallID = 1;
UPDATE BadBytes SET CallerName = X'4A0062' WHERE CallID = 2;
SQL
sub value {
  my ($columns, $callid, $schema) = @_;
  return $node->safe_psql('cdr',
    "SELECT $columns FROM " . ($schema // 'portal') . ".conferencecall2 WHERE callid = $callid");
}
is(value('leavetime', 5), '0000-00-00 00:00:00', 'a zero date as text');
is(value(q{leavetime IS NULL, callername IS NULL, '[' || roomtype || ']'}, 6), 't|t|[]', 'NULL and empty');
is(value('callername', 7), 'Zoë 日本 😀', 'character_set utf8mb4: every character');
$portal->attach($node, 'cdr', schema => 'three_bytes', server => { character_set => 'PGDatabaseEncoding' });
is(value('callername', 7, 'three_bytes'), 'Zoë 日本 ?', 'the database encoding: no emoji');
$portal->attach($node, 'cdr', schema => 'latin1', server => { character_set => 'auto' });
is(value('callername::bytea', 7, 'latin1'), '\x5a6feb203f3f203f', 'the default: bytes that are not UTF-8');
$portal->attach($node, 'cdr', schema => 'times', type => { jointime => 'timestamp', leavetime => 'timestamp' });
my $error = failure($node, 'cdr', 'SELECT * FROM times.conferencecall2 WHERE callid BETWEEN 4 AND 6');
is("@$error{qw(sqlstate message)}",
  '22008 date/time field value out of range: "0000-00-00 00:00:00"', 'a zero date as timestamp ends the scan');
$portal->attach($node, 'cdr', schema => 'bad', table => { table_name => 'BadBytes' });
is(value('callername::bytea', 1, 'bad'), '\x4afc62', 'bytes that are not UTF-8 arrive');
is(value('callername', 2, 'bad'), 'J', 'text ends at a zero byte');

# CallIDs go as literals: 2.8 binds parameters in a sub-select wrongly, and an array not at all; 2.9
# keeps such conditions to itself and asks for all calls.
my $calls_from = <<"SQL";
PREPARE calls_from (bigint) AS
  SELECT callid FROM (SELECT * FROM $calls WHERE callid > \$1 * 2 AND callid <= \$1 * 2 + 2 OFFSET 0) two;
SET plan_cache_mode = force_generic_plan;
EXECUTE calls_from (0);
EXECUTE calls_from (9);
SQL
my $list = <<"SQL";
PREPARE list (bigint[]) AS SELECT callid FROM $calls WHERE callid = ANY (\$1);
SET plan_cache_mode = force_generic_plan;
EXECUTE list ('{1,2}');
SQL
if ($wrapper < 20_900) {
  isnt($node->safe_psql('cdr', $calls_from), "1\n2\n19\n20", 'parameters in a sub-select');
  $error = failure($node, 'cdr', $list);
  is("@$error{qw(sqlstate message)}", 'HV004 cannot convert constant value to MySQL value',
    'an array as parameter');
} else {
  my %query = ('parameters in a sub-select' => [ 4, $calls_from ], 'an array as parameter' => [ 2, $list ]);
  for my $what (sort keys %query) {
    my ($rows, $read) = ask($query{$what}[1]);
    is($rows, $query{$what}[0], $what);
    cmp_ok($read, '>=', 1_000_000, "$what: the cost");
  }
}

# A portal that cannot be reached, or is not what it should be.
my %wrong = (
  password => [ { user => { password => 'wrong' } }, 'HV00N', qr/Access denied for user 'cdraccess'/ ],
  port => [ { server => { port => 1 } }, 'HV00N', qr/^failed to connect to MySQL: Can't connect to server/ ],
  table => [ { table => { table_name => 'None' } }, 'HV00L', qr/^failed to prepare the MySQL query: $/ ],
  database => [ { table => { dbname => 'none' } }, 'HV00N', qr/Access denied .* to database 'none'$/ ]);
for my $what (sort keys %wrong) {
  my ($options, $sqlstate, $message) = @{ $wrong{$what} };
  $portal->attach($node, 'cdr', schema => "wrong_$what", %$options);
  $error = failure($node, 'cdr', "SELECT callid FROM wrong_$what.conferencecall2");
  is($error->{sqlstate}, $sqlstate, "wrong $what: SQLSTATE");
  like($error->{message}, $message, "wrong $what: message");
}

# A portal that goes away while it sends. A scan with a text column among its columns is fetched whole
# before its first row is handed out, so it fails or is complete. A scan without one is fetched in
# portions, and when one does not come, the wrapper takes that for the end: rows are missing, and no
# error tells so. The next query on that connection fails then, which is how it can be noticed.
sub rows_after_kill {
  my ($columns) = @_;
  my $session = background_session($node, 'cdr', on_error_stop => 0);
  $session->query("BEGIN; DECLARE scan CURSOR FOR SELECT $columns FROM $calls WHERE callid <= 5000;");
  $session->query('FETCH 1 FROM scan \g /dev/null');
  $portal->stop('KILL');
  my $rows = $session->query("MOVE ALL IN scan;\n\\echo :ERROR :ROW_COUNT");
  $portal->start;
  $session->query("ROLLBACK; SELECT callid FROM $calls WHERE callid = 3;");
  my $next = $session->{stderr} =~ /ERROR: / ? 'an error' : 'no error';
  $session->quit;
  return "$rows, then $next";
}
is(rows_after_kill('callid, direction'), 'false 4999, then an error', 'with a text column: complete');
is(rows_after_kill('callid'), 'false 99, then an error', 'without a text column: short without an error');
my %outcome;
for my $delay (0.2, 0.5, 0.8, 1.1, 1.4) {
  my $killer = fork // die "cannot fork: $!";
  if ($killer == 0) {
    sleep $delay;
    kill 'KILL', $portal->{pid};
    POSIX::_exit(0);
  }
  my ($code, $out, $err) = $node->psql('cdr',
    "COPY (SELECT * FROM $calls WHERE callid <= 300000) TO '/dev/null';\n\\echo :ROW_COUNT");
  waitpid $killer, 0;
  $portal->stop('KILL');
  $portal->start;
  $outcome{ $err =~ /ERROR: / ? 'error' : $out }++;
}
ok($outcome{error}, 'a scan with text columns is ended by the end of the portal');
delete @outcome{qw(error 300000)};
is_deeply(\%outcome, {}, 'and never short');

# A restart between two queries of a session: the first one fails, the next one connects again.
my $session = background_session($node, 'cdr', on_error_stop => 0, extra_params => [ '-v', 'VERBOSITY=sqlstate' ]);
sub in_session {
  my $out = $session->query("SELECT callid FROM $calls WHERE callid = 3;");
  my ($sqlstate) = $session->{stderr} =~ /ERROR:  (\w{5})/;
  $session->{stderr} = '';
  return $sqlstate // $out;
}
is(in_session(), 3, 'the portal is there');
$portal->stop;
is(in_session(), 'HV00L', 'it stops: the first query');
is(in_session(), 'HV00N', 'it stops: the second');
$portal->start;
is(in_session(), 3, 'it is back');
$portal->stop;
$portal->start;
is(in_session(), 'HV00L', 'it was restarted: the first query');
is(in_session(), 3, 'it was restarted: the second');

# A portal that hangs: nothing but its answer, or the end of the connection, ends the wait.
$session->query('SET statement_timeout = 200;');
$portal->freeze;
$session->query_until(qr/asked/, "\\echo asked\nSELECT callid FROM $calls WHERE callid = 3;\n");
ok($node->poll_query_until('cdr', q{SELECT count(*) = 1 FROM pg_stat_activity
  WHERE query LIKE 'SELECT callid%' AND state = 'active' AND clock_timestamp() - query_start > '2 s'}),
  'a portal that hangs: the query outlives statement_timeout');
$portal->thaw;
$session->query('SELECT 1;');
like($session->{stderr}, qr/ERROR:  57014/, 'and is cancelled when the portal answers');
$session->quit;

done_testing();

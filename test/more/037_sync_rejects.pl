# Records that cannot be taken come one by one into cdr_import_reject, and all others arrive, also
# when the wrapper cannot deliver a value and ends its whole scan.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../t/lib";

use CdrTest;
use Feed;
use Test::More;

my ($node, $portal) = new_feed('rejects', 6000);
sub here { return $node->safe_psql('cdr', $_[0]) }

# What has been refused and is not resolved.
sub rejects {
  return here(q{SELECT callid, field, reason FROM cdr_import_reject WHERE resolved_at IS NULL ORDER BY callid});
}

# What the portal may hold: zero dates, a time that the clocks skipped, codes that nobody knows.
my $bad = <<'SQL';
SET sql_mode = '';
UPDATE ConferenceCall2 SET LeaveTime = '0000-00-00 00:00:00' WHERE CallID = 17;
UPDATE ConferenceCall2 SET JoinTime = '0000-00-00 00:00:00' WHERE CallID = 2500;
UPDATE ConferenceCall2 SET JoinTime = '2026-03-08 02:30:00' WHERE CallID = 2501;
UPDATE ConferenceCall2 SET Direction = 'X' WHERE CallID = 6000;
SQL
my $mend = <<'SQL';
UPDATE ConferenceCall2 SET JoinTime = '2026-04-01' + INTERVAL CallID * 10 SECOND,
  LeaveTime = '2026-04-01' + INTERVAL CallID * 10 SECOND + INTERVAL 5 MINUTE, Direction = 'I'
WHERE CallID IN (17, 2500, 2501, 6000);
SQL
$portal->sql($bad);
like(sync_ok($node, 'times as text'), qr/^NOTICE:  CallIDs 1 to 6000: 5996 inserted, 0 updated, 0 unchanged, 4 rejected$/m,
  'four records are refused');
is(rejects(), <<'END' =~ s/\n$//r, 'and why');
17|LeaveTime|is not a time of the form YYYY-MM-DD HH:MM:SS
2500|JoinTime|is not a time of the form YYYY-MM-DD HH:MM:SS
2501|JoinTime|is a time that the clocks of time zone America/New_York skipped
6000|Direction|is not one of the codes I, O
END
like(sync_ok($node, 'again'), qr/^NOTICE:  records rejected earlier: 0 inserted, 0 updated, 0 unchanged, 4 rejected$/m,
  'they are asked for again');
is(here('SELECT count(*) FROM cdr_import_reject'), 4, 'and kept once');
$portal->sql($mend);
like(sync_ok($node, 'mended'), qr/^NOTICE:  records rejected earlier: 4 inserted/m, 'they arrive');
is(rejects(), '', 'and are resolved');
same_as_portal($node, $portal, 'nothing is missing');

# The same with times as timestamp: the wrapper ends the scan at a zero date. One session goes through
# all of it, so that its connection to the portal has to survive.
$portal->attach($node, 'cdr', schema => 'times', type => { jointime => 'timestamp', leavetime => 'timestamp' });
here('TRUNCATE conferencecall2, cdr_import, cdr_import_reject');
$portal->sql($bad);
my $session = background_session($node, 'cdr', on_error_stop => 0);
sub in_session {
  my ($sql) = @_;
  my $out = $session->query($sql);
  my $err = $session->{stderr} =~ s/^psql:<stdin>:\d+: //mgr;
  $session->{stderr} = '';
  return wantarray ? ($out, $err) : $out;
}
my ($out, $err) = in_session(sync_statement(4000, 'times.conferencecall2'));
unlike($err, qr/ERROR/, 'times as timestamp');
is(here('SELECT count(*) FROM conferencecall2'), 5996, 'all others arrive');
is(here('SELECT callid, raw_text, reason FROM cdr_import_reject WHERE callid IN (17, 2500) ORDER BY callid'),
  join("\n", map { qq{$_|$_|cannot be read from the source: date/time field value out of range: "0000-00-00 00:00:00"} } 17, 2500),
  'the wrapper names its reason');
is(in_session('SELECT count(*) FROM times.conferencecall2 WHERE callid > 2600'), 3400, 'the session reads on');
is(in_session('SELECT direction FROM portal.conferencecall2 WHERE callid = 6000'), 'X', 'also another table');
$portal->insert_calls(6001, 6100);
($out, $err) = in_session(sync_statement(4000, 'times.conferencecall2'));
like($err, qr/NOTICE:  CallIDs 6001 to 6100: 100 inserted.*\nNOTICE:  records rejected earlier: .* 4 rejected/, 'and syncs on');
$portal->sql($mend);
($out, $err) = in_session(sync_statement(4000, 'times.conferencecall2'));
like($err, qr/NOTICE:  records rejected earlier: 4 inserted/, 'mended records arrive');
same_as_portal($node, $portal, 'nothing is missing');
# Only zero dates: every question fails, down to each call.
$portal->insert_calls(6101, 6400);
$portal->sql("SET sql_mode = ''; UPDATE ConferenceCall2 SET LeaveTime = '0000-00-00 00:00:00' WHERE CallID > 6100");
($out, $err) = in_session(sync_statement(4000, 'times.conferencecall2'));
like($err, qr/CallIDs 6101 to 6400: 0 inserted, 0 updated, 0 unchanged, 300 rejected/, 'no call that can be read');
# Each question that fails leaves a statement open on the portal: not more than it can bear.
$portal->insert_calls(6401, 10_400);
$portal->sql("SET sql_mode = ''; UPDATE ConferenceCall2 SET LeaveTime = '0000-00-00 00:00:00' WHERE CallID > 6400");
in_session('\set VERBOSITY verbose');
($out, $err) = in_session(sync_statement(1000, 'times.conferencecall2'));
like($err, qr/ERROR:  54000: too many values of "conferencecall2" do not fit its columns\n/, 'too many bad values');
my ($open) = $portal->sql("SHOW STATUS LIKE 'Prepared_stmt_count'") =~ /(\d+)/;
cmp_ok($open, '<=', 8100, 'end the sync before the portal suffers');
is(here('SELECT highest_call_id FROM cdr_feed WHERE source_schema = $$times$$'), 9400, 'earlier batches stay');
$session->quit;
$portal->sql('DELETE FROM ConferenceCall2 WHERE CallID > 6100');

# Values that do not fit the column's type, or its domain.
$portal->sql("UPDATE ConferenceCall2 SET DeviceModel = 'a model with a long name' WHERE CallID = 3");
$portal->sql("UPDATE ConferenceCall2 SET CallCompletionCode = 'x' WHERE CallID = 4");
$portal->sql("UPDATE ConferenceCall2 SET Direction = 'Y' WHERE CallID = 5");
$portal->attach($node, 'cdr', schema => 'narrow', type => {
  devicemodel => 'varchar(20)', callcompletioncode => 'int', direction => 'public.cdr_direction' });
here('TRUNCATE conferencecall2, cdr_import, cdr_import_reject');
sync_ok($node, 'narrow columns', 10_000, 'narrow.conferencecall2');
is(here('SELECT count(*) FROM conferencecall2'), 6097, 'all others arrive');
is(here('SELECT callid, reason FROM cdr_import_reject ORDER BY callid'), <<'END' =~ s/\n$//r, 'each for its reason');
3|cannot be read from the source: value too long for type character varying(20)
4|cannot be read from the source: invalid input syntax for type integer: "x"
5|cannot be read from the source: value for domain cdr_direction violates check constraint "direction_code_known"
END

# Bytes that are no UTF-8, in the middle of a batch.
$portal->sql(<<'SQL');
ALTER TABLE ConferenceCall2 MODIFY CallerName varbinary(800);
UPDATE ConferenceCall2 SET CallerName = X'4AFC62' WHERE CallID = 3000;
SQL
here('TRUNCATE conferencecall2, cdr_import, cdr_import_reject, cdr_feed, cdr_feed_gap');
like(sync_ok($node, 'bytes that are no UTF-8'), qr/6097 inserted, 0 updated, 0 unchanged, 3 rejected/, 'the others arrive');
is(here(q{SELECT field, reason, raw_text LIKE '3000,%,J\\\\xfcb,%' FROM cdr_import_reject WHERE callid = 3000}),
  'CallerName|is not valid in encoding UTF8|t', 'and the bytes can be read');

done_testing();

# Imports into records that are distributed do what they do on one server: the same counts, records and rejects; also
# beside each other, and beside other writers.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use CitusTest;
use CdrTest;
use PostgreSQL::Test::Utils;
use Test::More;

my @nodes = new_cluster('importing');
my ($coordinator) = @nodes;
create_cluster_database('cdr', \@nodes);
create_database($coordinator, 'plain');
$coordinator->safe_psql('cdr', 'CREATE ROLE importer LOGIN');
for my $database ('cdr', 'plain') {
  insert_records($coordinator, $database, 50);
  $coordinator->safe_psql($database, q{SELECT cdr_grant_import('importer');
    GRANT EXECUTE ON FUNCTION import_cdr_file TO importer; GRANT pg_read_server_files TO importer});
}
$coordinator->safe_psql('cdr', 'SELECT cdr_distribute()');
my $folder = PostgreSQL::Test::Utils::tempdir;
my $header = 'CallID,UniqueCallID,ConferenceName,TenantName,ConferenceType,EndpointType,CallerName,JoinTime,LeaveTime,'
  . 'CallState,Direction,EndpointPublicIPAddress,AccessType,CallCompletionCode';

sub record {
  my ($call_id, %value) = @_;
  my %column = (unique => 7, tenant => 'acme', type => 'C', name => 'Ann', join => '2026-03-02 09:00:00', leave => '',
    state => 'IN PROGRESS', address => '', access => '', %value);
  return join ',', $call_id, $column{unique}, 'room', @column{qw(tenant type)}, 'D',
    @column{qw(name join leave state)}, 'I', @column{qw(address access)}, 0;
}

# An import of records, as text or as a file.
my $files = 0;
sub import_of {
  my (@records) = @_;
  my $csv = join "\n", $header, @records;
  return "SELECT inserted, updated, unchanged, rejected, ambiguous_times FROM import_cdr(\$csv\$$csv\$csv\$, 'UTC')";
}
sub file_of {
  my (@records) = @_;
  my $file = "$folder/" . ++$files . '.csv';
  append_to_file($file, join "\n", $header, @records);
  return "SELECT inserted, updated, unchanged, rejected, ambiguous_times FROM import_cdr_file('$file', 'UTC')";
}
my @completed = (leave => '2026-03-02 10:00:00', state => 'COMPLETED');

# What is done to both, in this order.
my @steps = (
  [ 'new records', import_of(map { record($_) } 100 .. 110) ],
  [ 'the same', import_of(map { record($_) } 100 .. 110) ],
  [ 'nothing', import_of() ],
  [ 'ended calls, beside unchanged and new ones', import_of(map { record($_, $_ < 105 ? @completed : ()) } 100 .. 115) ],
  [ 'earlier states', import_of(map { record($_) } 100 .. 104) ],
  [ 'one twice in a file', import_of(record(120), record(120), record(121), record(121, @completed)) ],
  [ 'one that contradicts', import_of(record(100, name => 'Bob', @completed), record(130)) ],
  [ '... again', import_of(record(100, name => 'Bob', @completed)) ],
  [ 'contradictions inside of a file', import_of(record(140), record(140, name => 'Bob')) ],
  [ 'faulty ones', import_of(record('x'), record(150, type => 'X'), record(151, address => '192.0.2.300'), record(152),
    record(153, access => 'Z'), record(154, join => '2026-02-30 09:00:00'), '155,7') ],
  [ '... seen again', import_of(record(150, type => 'X'), record(151, address => '192.0.2.300')) ],
  [ '... resolved', import_of(record(150), record(151, address => '192.0.2.30')) ],
  [ '... and seen once more', import_of(record(150, type => 'X')) ],
  [ '... behind the end of the record', import_of(record(151, address => '192.0.2.300')),
    'DELETE FROM conferencecall2 WHERE callid = 151' ],
  [ '... and resolved once more', import_of(record(151)) ],
  [ 'a correction of what contradicted', import_of(record(100, @completed)) ],
  [ 'deleted records', import_of(map { record($_) } 100 .. 110), 'DELETE FROM conferencecall2 WHERE callid BETWEEN 105 AND 107' ],
  [ 'a file', file_of(map { record($_, name => "Zoë \"Z\" $_") =~ s/Zoë "Z" (\d+)/"Zoë ""Z"", $1"/r } 1000 .. 4000) ],
  [ 'the same file', "SELECT inserted, updated, unchanged, rejected, ambiguous_times FROM import_cdr_file('$folder/1.csv', 'UTC')" ],
  [ 'a file of ends', file_of(map { record($_, name => "\"Zoë \"\"Z\"\", $_\"", @completed) } 1000 .. 4500) ],
  [ 'a file with faults', file_of(map { record($_, $_ % 100 ? () : (type => 'X')) } 5000 .. 6000) ],
  [ '... seen again', file_of(map { record($_, $_ % 100 ? () : (type => 'X')) } 5000 .. 6000) ],
  [ '... mended', file_of(map { record($_) } 5000 .. 6000) ],
  [ 'scattered CallIDs', import_of(map { record($_ * 1_000_003) } 1 .. 30) ],
  [ 'the highest CallID', import_of(record('9223372036854775806')) ],
  [ 'empty values', import_of(record(200, name => ''), record(201, tenant => '')) ],
  [ 'a zone with an ambiguous hour', import_of(record(210, join => '2026-11-01 01:30:00')) =~ s/'UTC'\)$/'America\/New_York')/r ],
  [ 'two imports in one transaction', 'BEGIN; ' . import_of(record(220)) . '; ' . import_of(record(220), record(221)) . '; COMMIT' ],
  [ 'rolled back', 'BEGIN; ' . import_of(record(230)) . '; ROLLBACK' ],
  [ 'rolled back to a savepoint', 'BEGIN; SAVEPOINT s; ' . import_of(record(240)) . '; ROLLBACK TO s; '
    . import_of(record(241)) . '; COMMIT' ],
);
my %tables = (
  records => 'TABLE conferencecall2 ORDER BY callid',
  imports => q{SELECT to_jsonb(i) - '{imported_at,finished_at,source}'::text[] FROM cdr_import i ORDER BY import_id},
  rejects => q{SELECT import_id, line, callid, uniquecallid, raw_text, field, reason, contradicts, accepted,
    resolved_at IS NOT NULL, last_seen_at > rejected_at FROM cdr_import_reject ORDER BY reject_id},
  identity => 'SELECT last_value, is_called FROM conferencecall2_callid_seq');

# After each step; what differs once is told once.
my %differ;
for (@steps) {
  my ($what, $import, $first) = @$_;
  my %outcome;
  for my $database ('cdr', 'plain') {
    $coordinator->safe_psql($database, $first) if $first;
    $outcome{$database} = outcome($coordinator, $database, $import, 'importer');
  }
  is($outcome{cdr}, $outcome{plain}, "$what: " . $outcome{plain} =~ tr/\n/ /r);
  for my $table (sort keys %tables) {
    my ($there, $here) = map { $coordinator->safe_psql($_, $tables{$table}) } 'cdr', 'plain';
    is($there, $here, "... $table") if $there ne $here && !$differ{$table}++;
  }
}
is_deeply(\%differ, {}, 'the same records, imports, rejects and identity after each step');

is($coordinator->safe_psql('cdr', q{INSERT INTO conferencecall2 (uniquecallid, conferencename, tenantname, conferencetype,
  endpointtype, callername, jointime, callstate, direction) VALUES ('n', 'room', 'acme', 'C', 'D', 'Ann', '2026-05-01Z',
  'COMPLETED', 'I') RETURNING callid}), '9223372036854775807', 'the identity goes on above the imported CallIDs');

# Who may not.
$coordinator->safe_psql('cdr', q{CREATE ROLE acme LOGIN; SELECT cdr_grant_tenant('acme', 'acme')});
like(outcome($coordinator, 'cdr', import_of(record(300)), 'acme'), qr/^42501 /, 'a role without import access');
$coordinator->safe_psql('cdr', q{SELECT cdr_revoke('importer'); GRANT SELECT, INSERT, UPDATE ON conferencecall2 TO importer;
  GRANT ALL ON cdr_import, cdr_import_reject TO importer});
is(outcome($coordinator, 'cdr', import_of(record(300)), 'importer'),
  outcome($coordinator, 'plain', "SELECT cdr_revoke('importer'); GRANT SELECT, INSERT, UPDATE ON conferencecall2 TO importer;
    GRANT ALL ON cdr_import, cdr_import_reject TO importer; SET ROLE importer; " . import_of(record(300))),
  'a role with privileges, and no access any more');
$coordinator->safe_psql('cdr', q{SELECT cdr_grant_import('importer')});
is(outcome($coordinator, 'cdr', import_of(record(300)), 'importer'), '1|0|0|0|0', '... that is given back');

# Sessions beside each other.
sub session {
  my $session = background_session($coordinator, 'cdr', on_error_stop => 0,
    extra_params => [ '-U', 'importer', '-v', 'VERBOSITY=sqlstate' ]);
  $session->query_safe('SET client_min_messages = error');
  return $session;
}
sub wait_for_waiter {
  $coordinator->poll_query_until('cdr', q{SELECT count(*) = 1 FROM pg_stat_activity
     WHERE wait_event_type = 'Lock' AND backend_type = 'client backend' AND usename = 'importer'})
    or die 'no import waits';
}
sub finish {
  my ($session) = @_;
  my $out = $session->query('SELECT');
  my ($error) = $session->{stderr} =~ /ERROR:  (\w{5})/;
  $session->{stderr} = '';
  return $error // $out =~ s/^started\s*//r;
}
my ($one, $other) = (session(), session());
my $import = import_of(map { record($_) } 20_000 .. 20_050);
for my $case ([ 'COMMIT', '0|0|51|0|0' ], [ 'ROLLBACK', '51|0|0|0|0' ]) {
  my ($end, $counts) = @$case;
  is($one->query_safe("BEGIN; $import"), '51|0|0|0|0', 'an import');
  $other->query_until(qr/started/, "\\echo started\n$import;\n");
  wait_for_waiter();
  $one->query_safe($end);
  is(finish($other), $counts, "... and the same after $end");
  $coordinator->safe_psql('cdr', 'DELETE FROM conferencecall2 WHERE callid BETWEEN 20000 AND 20050');
}

# Another writer ends a call, changes a record in another way, removes it, or gives that up, while an import wants to
# end it.
my $writer = background_session($coordinator, 'cdr');
my $end_calls = import_of(map { record($_, @completed) } 20_000 .. 20_005);
for my $case (
  [ "UPDATE conferencecall2 SET leavetime = '2026-03-02 10:00:00Z', callstate = 'COMPLETED' WHERE callid = 20003", 'COMMIT' ],
  [ "UPDATE conferencecall2 SET uniquecallid = '8' WHERE callid = 20003", 'COMMIT' ],
  [ 'DELETE FROM conferencecall2 WHERE callid = 20003', 'COMMIT' ],
  [ 'DELETE FROM conferencecall2 WHERE callid = 20003', 'ROLLBACK' ]) {
  my ($change, $end) = @$case;
  is($coordinator->safe_psql($_, "SET client_min_messages = error; $import"), '51|0|0|0|0', "an import of the owner: $_") for 'cdr', 'plain';
  $writer->query_safe("BEGIN; $change");
  $other->query_until(qr/started/, "\\echo started\n$end_calls;\n");
  wait_for_waiter();
  $writer->query_safe($end);
  my $counts = $coordinator->safe_psql('plain', "BEGIN; $change; $end; $end_calls");
  is(finish($other), $counts, "beside $change, $end: $counts");
  $coordinator->safe_psql($_, 'DELETE FROM conferencecall2 WHERE callid BETWEEN 20000 AND 20050') for 'cdr', 'plain';
}
# New records that two others insert first.
sub insert_of {
  my ($call_id) = @_;
  return qq{BEGIN; INSERT INTO conferencecall2 (callid, uniquecallid, conferencename, tenantname, conferencetype, endpointtype,
    callername, jointime, callstate, direction) VALUES ($call_id, '7', 'room', 'acme', 'C', 'D', 'Ann',
    '2026-03-02 09:00:00Z', 'IN PROGRESS', 'I')};
}
my $last_writer = background_session($coordinator, 'cdr');
$writer->query_safe(insert_of(20_003));
$last_writer->query_safe(insert_of(20_040));
$other->query_until(qr/started/, "\\echo started\n$import;\n");
wait_for_waiter();
$writer->query_safe('COMMIT');
wait_for_waiter();
$last_writer->query_safe('COMMIT');
is(finish($other), '49|0|2|0|0', 'beside two INSERTs');
is($coordinator->safe_psql('cdr', 'SELECT count(*) FROM conferencecall2 WHERE callid BETWEEN 20000 AND 20050'), '51', '... each is there once');
$_->quit for $one, $other, $writer, $last_writer;

done_testing();

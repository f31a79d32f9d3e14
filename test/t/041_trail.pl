# The trail: each export leaves one line of JSON in the server log and none with the client, in one
# form for all ways to export, however the export ends, on a standby too.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use CdrTest;
use JSON::PP;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = new_server('trail', <<'CONF', allows_streaming => 1);
session_preload_libraries = 'vidyo_cdr'
vidyo_cdr.log_exports = 'log'
log_min_error_statement = panic
log_statement = none
listen_addresses = '127.0.0.1'
CONF
create_database($node, 'cdr');
insert_records($node, 'cdr', 5000, tenantname => "'tenant' || i % 2");
$node->safe_psql('cdr', <<'SQL');
CREATE ROLE admin LOGIN IN ROLE pg_write_server_files;
CREATE ROLE stranger LOGIN;
CREATE ROLE sleeper LOGIN;
CREATE ROLE canceller LOGIN;
CREATE ROLE divider LOGIN;
SELECT cdr_grant_tenant('divider', 'tenant0');
CREATE POLICY divides ON conferencecall2 TO divider USING (1 / (callid - 101) < 2);
SELECT cdr_grant_tenant('admin', 'tenant1'), cdr_grant_tenant('sleeper', 'tenant0'),
  cdr_grant_tenant('canceller', 'tenant0');
CREATE POLICY sleeps ON conferencecall2 TO sleeper USING (callid < 100 OR pg_sleep(1000) IS NOT NULL);
CREATE POLICY cancels ON conferencecall2 TO canceller USING (callid < 100 OR pg_cancel_backend(pg_backend_pid()));
SQL
my $file = $node->data_dir . '/export.csv';
my $superuser = $node->safe_psql('cdr', 'SELECT current_user');

my @fields = qw(event outcome sqlstate function database session_user current_user application
  client_address client_port pid start_time end_time tenant profile records bytes milliseconds);

# Runs SQL in a session of its own and returns the lines of the trail that it left, as hashes. What
# the client got must not have a word of them.
sub trail_of {
  my ($server, $sql, %options) = @_;
  my $from = -s $server->logfile;
  my ($code, $out, $err) = $server->psql('cdr', $sql, on_error_stop => 0,
    connstr => $server->connstr('cdr') . " application_name='my \"app\"' user=" . ($options{user} // 'admin'));
  unlike("$out$err", qr/"milliseconds"/, 'nothing of the trail reaches the client');
  return lines_from($server, $from);
}

sub lines_from {
  my ($server, $from) = @_;
  my @lines = slurp_file($server->logfile, $from) =~ /^[^\n]*(?:LOG|WARNING|DEBUG|NOTICE):  (\{"event": "export".*)$/mg;
  my @order = map { [ /"(\w+)":/g ] } @lines;
  is_deeply($_, \@fields, 'a line has all fields in their order') for @order;
  return map { decode_json($_) } @lines;
}

# Checks that one line was left, and what it says.
sub check {
  my ($name, $lines, %expected) = @_;
  is(scalar @$lines, 1, "$name: one line");
  my %line = %{ $lines->[0] // {} };
  ok(($line{milliseconds} // -1) >= 0, "$name: its time");
  is_deeply({ map { $_ => $line{$_} } sort keys %expected }, \%expected, $name);
}

my %as_admin = (
  session_user => $node->safe_psql('cdr', 'SELECT current_user'), current_user => 'admin', application => 'my "app"', database => 'cdr',
  start_time => '2026-01-01 00:00:00+00', end_time => undef, tenant => undef);
$as_admin{session_user} = 'admin';
my %done = (%as_admin, outcome => 'done', sqlstate => undef, records => 2500);
my $copy = "COPY (SELECT * FROM export_cdr('2026-01-01')) TO STDOUT (FORMAT csv, HEADER)";

check('export_cdr', [ trail_of($node, "SELECT count(*) FROM export_cdr('2026-01-01')") ],
  %done, function => 'export_cdr', profile => undef, bytes => undef);
my $size = length($node->safe_psql('cdr', $copy, connstr => $node->connstr('cdr') . ' user=admin')) + 1;
check('fast COPY', [ trail_of($node, $copy) ], %done, function => 'export_cdr', profile => undef, bytes => $size);
check('slow COPY', [ trail_of($node, "SET vidyo_cdr.fast_copy = off; $copy") ],
  %done, function => 'export_cdr', profile => undef, bytes => undef);
check('COPY to a file', [ trail_of($node, "COPY (SELECT * FROM export_cdr('2026-01-01')) TO '$file' (FORMAT csv, HEADER)") ],
  %done, bytes => $size);
check('export_cdr_csv', [ trail_of($node, "SELECT count(*) FROM export_cdr_csv('2026-01-01')") ],
  %done, function => 'export_cdr_csv', profile => 'raw', bytes => $size);
check('export_cdr_csv with arguments',
  [ trail_of($node, q{SET ROLE admin; SELECT count(*) FROM export_cdr_csv('2026-01-01', '2026-01-02', 'tenant1', 'portal', header => false)}) ],
  %done, end_time => '2026-01-02 00:00:00+00', tenant => 'tenant1', profile => 'portal');

# Newlines, quotes and control characters of any argument stay within the line.
my $odd = qq(a\n"b"\\c\td\r{"event": "export", "outcome": "done"}\x01\n2026 LOG:  {"event": "export"});
(my $literal = $odd) =~ s/'/''/g;
check('an odd tenant', [ trail_of($node, "SELECT count(*) FROM export_cdr(tenant => '$literal')") ],
  outcome => 'done', tenant => $odd, records => 0);

# No records: what goes out is the header, or nothing.
(my $no_rows = $copy) =~ s/'2026-01-01'/tenant => 'nobody'/;
my $size_of_header = length($node->safe_psql('cdr', $no_rows, connstr => $node->connstr('cdr') . ' user=admin')) + 1;
check('fast COPY of no records', [ trail_of($node, $no_rows) ], outcome => 'done', records => 0, bytes => $size_of_header);
check('fast COPY of nothing', [ trail_of($node, $no_rows =~ s/, HEADER//r) ], outcome => 'done', records => 0, bytes => 0);
check('export_cdr_csv of no records', [ trail_of($node, "SELECT count(*) FROM export_cdr_csv(tenant => 'nobody')") ],
  outcome => 'done', records => 0, bytes => $size_of_header);
check('export_cdr_csv of nothing', [ trail_of($node, "SELECT count(*) FROM export_cdr_csv(tenant => 'nobody', header => false)") ],
  outcome => 'done', records => 0, bytes => 0);

# Where the caller is: an address and a port only over TCP, and the process that writes the line.
for my $host ('127.0.0.1', $node->host) {
  my $from = -s $node->logfile;
  my $session = $node->safe_psql('cdr', "SELECT inet_client_addr(), inet_client_port(), pg_backend_pid() FROM export_cdr() LIMIT 1",
    connstr => 'dbname=cdr user=admin host=' . $host . ' port=' . $node->port);
  my ($address, $port, $pid) = map { length($_) ? $_ : undef } split /\|/, $session;
  is(defined $port, $host eq '127.0.0.1', "connected to $host");
  check("a client of $host", [ lines_from($node, $from) ],
    client_address => $address, client_port => $port, pid => $pid);
}

# A parallel worker and a background worker (one that applies a subscription, say) have no client.
$node->safe_psql('cdr', <<'SQL');
CREATE FUNCTION exported() RETURNS text PARALLEL SAFE LANGUAGE plpgsql
  AS 'BEGIN RETURN (SELECT count(*) FROM export_cdr()) || '' '' || pg_backend_pid(); END';
SQL
{
  my $from = -s $node->logfile;
  my $parallel = $node->safe_psql('cdr', 'SHOW server_version_num') < 160000 ? 'force_parallel_mode' : 'debug_parallel_query';
  my $session = $node->safe_psql('cdr', "SET $parallel = on; SELECT exported(); SELECT pg_backend_pid()",
    connstr => 'dbname=cdr user=admin host=127.0.0.1 port=' . $node->port);
  my (undef, $worker, $leader) = $session =~ /^(\d+) (\d+)\n(\d+)$/ or die $session;
  isnt($worker, $leader, 'a parallel worker exports');
  check('a parallel worker', [ lines_from($node, $from) ], client_address => undef, client_port => undef, pid => $worker);
}

# What is sent is counted, whatever is collected for pg_stat_progress_copy.
my $without_activities = "SET track_activities = off; $copy";
check('fast COPY without activities', [ trail_of($node, $without_activities, user => $superuser) ],
  outcome => 'done', records => 5000, bytes => length($node->safe_psql('cdr', $copy)) + 1);
for my $options ('HEADER', 'HEADER, DELIMITER $$;$$', 'HEADER, QUOTE $$e$$, FORCE_QUOTE *', 'HEADER, NULL $$CallID$$', '') {
  for my $columns ('*', '"CallID"', '"CallID" AS "a ""b"", c", "CallID" AS "Zoë"') {
    my $sql = "COPY (SELECT $columns FROM export_cdr('2026-01-01')) TO STDOUT (FORMAT csv" . ($options && ", $options") . ')';
    my $written = $node->safe_psql('cdr', $sql, connstr => $node->connstr('cdr') . ' user=admin');
    check("the size of $columns, $options", [ trail_of($node, $sql) ], outcome => 'done', bytes => 1 + length $written);
  }
}

# Refused.
my %refused = (outcome => 'refused', records => 0);
check('over the limit', [ trail_of($node, 'SET vidyo_cdr.export_limit = 1; SET ROLE admin; SELECT count(*) FROM export_cdr()',
  user => $node->safe_psql('cdr', 'SELECT current_user')) ], %refused, sqlstate => '54000', current_user => 'admin');
check('no privilege', [ trail_of($node, 'SELECT count(*) FROM export_cdr()', user => 'stranger') ], %refused, sqlstate => '42501');
check('fast COPY without privilege', [ trail_of($node, $copy, user => 'stranger') ], %refused, sqlstate => '42501');
check('bounds swapped', [ trail_of($node, "SELECT count(*) FROM export_cdr('2026-02-01', '2026-01-01')") ],
  %refused, sqlstate => '22023', start_time => '2026-02-01 00:00:00+00', end_time => '2026-01-01 00:00:00+00');
check('unknown profile', [ trail_of($node, q{SELECT export_cdr_csv(profile => E'new\nline')}) ],
  %refused, sqlstate => '22023', profile => "new\nline");

# Cancelled, failed, ended early.
check('cancelled', [ trail_of($node, 'SELECT count(*) FROM export_cdr()', user => 'canceller') ],
  outcome => 'cancelled', sqlstate => '57014', records => 0, current_user => 'canceller');
check('cancelled COPY', [ trail_of($node, $copy, user => 'canceller') ],
  outcome => 'cancelled', sqlstate => '57014', records => 0);

# What cannot be written: the export's records never went out. The client's first COPY is not seen from
# its beginning, and so does not know the error.
my $nowhere = "COPY (SELECT * FROM export_cdr()) TO '" . $node->data_dir . "/missing/x.csv' (FORMAT csv, HEADER)";
my %failed = (outcome => 'failed', records => 0, bytes => undef);
check('a file that cannot be opened', [ trail_of($node, $nowhere) ], %failed, sqlstate => '58P01');
check('the same in PL/pgSQL', [ trail_of($node, "DO \$\$ BEGIN EXECUTE \$c\$$nowhere\$c\$; EXCEPTION WHEN OTHERS THEN NULL; END \$\$") ],
  %failed, sqlstate => '58P01');
$node->safe_psql('cdr', q{ALTER ROLE admin SET session_preload_libraries = 'auto_explain'});
check('the same as the first COPY', [ trail_of($node, $nowhere) ], %failed, sqlstate => undef);
$node->safe_psql('cdr', 'ALTER ROLE admin RESET ALL');

check('failed', [ trail_of($node, 'SELECT count(*) FROM export_cdr()', user => 'divider') ],
  outcome => 'failed', sqlstate => '22012', records => 0);
check('caught', [ trail_of($node, q{DO $$ BEGIN PERFORM export_cdr('2026-02-01', '2026-01-01'); EXCEPTION WHEN OTHERS THEN NULL; END $$}) ],
  %refused);
my %early = (outcome => 'ended early', sqlstate => undef, function => 'export_cdr_csv');
for my $end ('CLOSE c; COMMIT', 'COMMIT', 'ROLLBACK', 'SELECT 1 / 0; ROLLBACK') {
  my ($line) = my @lines = trail_of($node, "BEGIN; DECLARE c CURSOR FOR SELECT export_cdr_csv(); FETCH 1 FROM c; $end");
  check("a cursor, then $end", \@lines, %early);
  ok($line->{records} > 100 && $line->{records} < 2400 && $line->{bytes} > 100_000, "a cursor, then $end: what went out");
}
check('LIMIT 1', [ trail_of($node, 'SELECT length(c) FROM (SELECT export_cdr_csv() AS c LIMIT 1) AS f') ], %early);

# The session is terminated while it exports.
my $from = -s $node->logfile;
my $session = background_session($node, 'cdr', on_error_stop => 0, extra_params => [ '-U', 'sleeper' ]);
$session->query_until(qr/started/, "\\echo started\nSELECT count(*) FROM export_cdr();\n");
$node->poll_query_until('cdr', q{SELECT count(*) = 1 FROM pg_stat_activity WHERE usename = 'sleeper' AND wait_event = 'PgSleep'});
$node->safe_psql('cdr', q{SELECT pg_terminate_backend(pid, 600000) FROM pg_stat_activity WHERE usename = 'sleeper'});
check('terminated', [ lines_from($node, $from) ], outcome => 'ended early', current_user => 'sleeper', records => 0);
eval { $session->quit };

# Setting it before the library is loaded has no effect either.
$node->safe_psql('cdr', q{ALTER ROLE admin SET session_preload_libraries = 'auto_explain'});
check('set off too early', [ trail_of($node, "SET vidyo_cdr.log_exports = off; SELECT count(*) FROM export_cdr('2026-01-01')") ], %done);
$node->safe_psql('cdr', 'ALTER ROLE admin RESET ALL');

# Who may set it, and what levels there are.
is(failure($node, 'cdr', 'SET vidyo_cdr.log_exports = off', user => 'admin')->{sqlstate}, '42501', 'not for everybody');
is(failure($node, 'cdr', 'SET vidyo_cdr.log_exports = info')->{sqlstate}, '22023', 'a level that always reaches the client');
is(scalar(() = trail_of($node, 'SET vidyo_cdr.log_exports = off; SELECT count(*) FROM export_cdr()', user => $superuser)), 0, 'off');
for my $level (qw(notice warning debug1)) {
  my @lines = trail_of($node, "SET vidyo_cdr.log_exports = $level; SET log_min_messages = debug1; SET client_min_messages = debug1;
    SELECT count(*) FROM export_cdr()", user => $superuser);
  check("level $level", \@lines, outcome => 'done', records => 5000);
}

# A standby.
$node->backup('base');
my $standby = PostgreSQL::Test::Cluster->new('trail_standby');
$standby->init_from_backup($node, 'base', has_streaming => 1);
$standby->start;
check('standby', [ trail_of($standby, "SELECT count(*) FROM export_cdr('2026-01-01')") ], %done);
check('standby, text', [ trail_of($standby, "SELECT count(*) FROM export_cdr_csv('2026-01-01')") ], %done, bytes => $size);
# ... where a revoke arrives through the stream.
my $reader = background_session($standby, 'cdr', extra_params => [ '-U', 'admin' ]);
is($reader->query_safe('SELECT count(*) FROM export_cdr()'), 2500, 'a session of the standby exports');
$node->safe_psql('cdr', q{SELECT cdr_grant_tenant('admin', 'tenant0'), cdr_revoke('admin', 'tenant1')});
$node->wait_for_catchup($standby);
is($reader->query_safe('SELECT min("TenantName") || max("TenantName") FROM export_cdr()'), 'tenant0tenant0', 'and sees what it may now');
$reader->quit;

done_testing();

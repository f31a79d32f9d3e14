# Exports belong on servers and in transactions that cannot write: a read-only transaction and a hot
# standby give the same file as the primary server, and hold to the same limit.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use CdrTest;
use PostgreSQL::Test::Cluster;
use Test::More;

my $primary = new_server('primary', '', allows_streaming => 1);
create_database($primary, 'cdr');
insert_records($primary, 'cdr', 1000);
$primary->backup('base');

my $standby = PostgreSQL::Test::Cluster->new('standby');
$standby->init_from_backup($primary, 'base', has_streaming => 1);
$standby->start;

# These reach the standby through the stream only.
insert_records($primary, 'cdr', 1000, tenantname => "'late'");
$primary->wait_for_catchup($standby);

my $copy = 'COPY (SELECT * FROM export_cdr()) TO STDOUT (FORMAT csv, HEADER)';
my $expected = $primary->safe_psql('cdr', $copy);
is(() = $expected =~ /^\d+,10000/mg, 2000, 'the file has all records');

# Twice in one session: the first one loads the library.
my $twice = "$copy; $copy;";
is($primary->safe_psql('cdr', "BEGIN READ ONLY; $twice COMMIT"), "$expected\n$expected",
  'a read-only transaction exports');
is($primary->safe_psql('cdr', "SET default_transaction_read_only = on; $twice"),
  "$expected\n$expected", 'a read-only session exports');

is($standby->safe_psql('cdr', 'SELECT pg_is_in_recovery()'), 't', 'the standby is one');
is($standby->safe_psql('cdr', $twice), "$expected\n$expected", 'the standby exports');
is($standby->safe_psql('cdr', "SELECT count(*) FROM export_cdr(tenant => 'late')"), 1000,
  'the standby exports one tenant');
is($standby->safe_psql('cdr', q{SELECT string_agg(t, E'\n') FROM export_cdr_csv() t}), $expected,
  'the standby exports as text');
is($standby->safe_psql('cdr', q{SELECT * FROM export_cdr_ranges(NULL, '2026-01-02', 'late', 600)}),
  "1||2026-01-01 01:40:10+00|600\n2|2026-01-01 01:40:10+00|2026-01-02 00:00:00+00|400",
  'the standby cuts ranges');
is($standby->safe_psql('cdr', "BEGIN ISOLATION LEVEL REPEATABLE READ; $twice COMMIT"),
  "$expected\n$expected", 'the standby exports in a repeatable read transaction');
my ($code, $out, $err) = $standby->psql('cdr', "SELECT count(*) FROM export_cdr(tenant => 'LATE')");
is($out, 0, 'the standby exports nothing of an unknown tenant');
like($err, qr/no record of tenant "LATE" is visible\nHINT:.* "late"/, 'and tells how the name is spelled');

my $too_many = 'SET vidyo_cdr.export_limit = 1999; SELECT count(*) FROM export_cdr()';
for my $server ([ 'read-only session', $primary, 'SET default_transaction_read_only = on;' ],
  [ 'standby', $standby, '' ]) {
  my ($name, $node, $before) = @$server;
  is_deeply(
    failure($node, 'cdr', "$before $too_many"),
    { sqlstate => '54000',
      message => 'export contains more than 1,999 records',
      detail => 'The range was start_time => NULL, end_time => NULL, tenant => NULL.',
      hint => "Narrow the range: the latest end_time that fits is '2026-01-01 02:46:40+00'."
        . ' Or split it with export_cdr_ranges.' },
    "$name: one record more than the limit is refused");
}
is($standby->safe_psql('cdr', <<'SQL'), 1998, 'the end_time of the hint fits');
SET vidyo_cdr.export_limit = 1999;
SELECT count(*) FROM export_cdr(NULL, '2026-01-01 02:46:40+00')
SQL
is(failure($standby, 'cdr', 'DROP EXTENSION vidyo_cdr')->{sqlstate}, '25006',
  'the standby drops nothing, as PostgreSQL tells');
my $refused = failure($standby, 'cdr', q{SELECT cdr_grant_tenant('pg_monitor', 'late')});
is("$refused->{sqlstate} $refused->{message}",
  '25006 cannot execute cdr_grant_tenant() in a read-only transaction', 'and grants nothing');

done_testing();

# Usage figures read what a range needs, wherever it lies in the table; can be ended at any moment; are
# to be had on a standby and in read-only transactions; and take the memory that work_mem allows.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use CdrTest;
use ExportPlans;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = new_server('usage', "autovacuum = off\nshared_buffers = 256MB\nhash_mem_multiplier = 1\n",
  allows_streaming => 1);

# Records of ten minutes, one in ten seconds; each thousandth lasts three days, and each ten-thousandth
# has never ended.
my %size = (small => 60_000, large => 300_000);
for my $size (keys %size) {
  create_database($node, $size);
  insert_records($node, $size, $size{$size}, callstate => "'COMPLETED'",
    callerid => "'caller' || i % 5000",
    leavetime => "CASE WHEN i % 10000 <> 0 THEN '2026-01-01Z'::timestamptz + i * interval '10 s'
      + CASE WHEN i % 1000 = 1 THEN interval '3 days' ELSE '10 min' END END");
}
my $last_second = "'2026-01-01Z'::timestamptz + $size{large} * interval '10 s'";

my $day = "'2026-01-04', '2026-01-05'";
# So few meetings that they are looked up by the index, whichever rows ANALYZE happens to see.
my $hour = "'2026-01-04 10:00', '2026-01-04 11:00'";
for my $statistics ('before ANALYZE', 'after ANALYZE') {
  for my $call ("cdr_usage($day)", "cdr_usage($day, tenant => 'tenant1')", "cdr_meetings($hour)") {
    my %pages;
    for my $size (sort keys %size) {
      my ($plan) = export_plans($node, $size, "SELECT count(*) FROM $call");
      $pages{$size} = buffers($plan);
      # Without statistics, the table may be read once, but not for each meeting.
      next if $call =~ /meetings/ && $statistics eq 'before ANALYZE';
      is(scalar(grep { $_->{'Node Type'} eq 'Seq Scan' } plan_nodes($plan)), 0,
        "$statistics, $call, $size: the table is not read from its beginning");
    }
    # A day has 8,640 records; figures read those of the day before as well.
    cmp_ok($pages{large}, '<=', $call =~ /usage\(\S+ \S+\)$/ ? 2000 : 6 * 8640, "$statistics, $call: few pages");
    # But for a level of the index, which a table of five times the size may have on top.
    cmp_ok($pages{large}, '<=', 1.5 * $pages{small}, "$statistics, $call: no more pages in a larger table")
      if $call !~ /meetings/ || $statistics ne 'before ANALYZE';
  }
  my ($plan) = export_plans($node, 'large', "SELECT count(*) FROM cdr_usage('2026-02-03', '2026-02-04')");
  is(scalar(grep { ($_->{'Index Name'} // '') eq 'conferencecall2_long_idx' } plan_nodes($plan)), 1,
    "$statistics: longer calls are found by their index");
  $node->safe_psql($_, 'ANALYZE') for keys %size;
}
is($node->safe_psql('large', q{SELECT peak_participants, joins FROM cdr_usage('2026-01-04', '2026-01-05')}), '86|8640',
  'calls that joined days before are there');
is($node->safe_psql('large', q{SELECT peak_participants FROM cdr_usage('2026-01-04 00:00:01', '2026-01-04 00:00:02')}),
  $node->safe_psql('large', q{SELECT count(*) FROM conferencecall2
    WHERE jointime < '2026-01-04 00:00:02' AND leavetime > '2026-01-04 00:00:01'}), 'exactly these');
my $open = "vidyo_cdr.stale_after = '365d'; UPDATE conferencecall2 SET callstate = 'IN PROGRESS' WHERE leavetime IS NULL";
is($node->safe_psql('large', "BEGIN; SET LOCAL $open AND jointime > now() - interval '365 days';
    SELECT u.peak_participants = (SELECT count(*) FROM conferencecall2 WHERE leavetime IS NULL
      AND callstate = 'IN PROGRESS') FROM cdr_usage(now() - interval '1 s', now() + interval '1 s') AS u; ROLLBACK"), 't',
  'calls that are open for long are there');

# Columns that are not needed are neither read nor counted. A role that sees all needs no TenantName.
my ($plan) = export_plans($node, 'large', 'SELECT count(peak_participants) FROM cdr_usage(bucket => NULL)');
my ($all) = export_plans($node, 'large', 'SELECT count(u) FROM cdr_usage() AS u');
cmp_ok($plan->{'Plan Width'}, '<', $all->{'Plan Width'}, 'fewer columns are read when fewer are asked for');

# On a standby and in read-only transactions; with groups, which need temporary files there.
my %figures = (
  'cdr_usage' => 'SELECT md5(string_agg(u::text, chr(10))) FROM cdr_usage() AS u',
  'cdr_usage in groups' => "SELECT md5(string_agg(u::text, chr(10))) FROM cdr_usage(bucket => '1 hour', group_by => 'conferencename') AS u",
  'cdr_meetings' => 'SELECT md5(string_agg(m::text, chr(10))) FROM cdr_meetings() AS m',
  'cdr_live' => 'SELECT count(*) FROM cdr_live');
$node->backup('base');
my $standby = PostgreSQL::Test::Cluster->new('usage_standby');
$standby->init_from_backup($node, 'base', has_streaming => 1);
$standby->start;
$node->wait_for_catchup($standby);
for my $name (sort keys %figures) {
  my $expected = $node->safe_psql('small', "SET work_mem = '16MB'; $figures{$name}");
  is($node->safe_psql('small', "BEGIN READ ONLY; SET LOCAL work_mem = '16MB'; $figures{$name}"), $expected,
    "$name in a read-only transaction");
  is($standby->safe_psql('small', "SET work_mem = '16MB'; $figures{$name}"), $expected, "$name on a standby");
}
$standby->stop;

# Ended by statement_timeout, over and over: nothing is left behind.
sub cancelled {
  my ($times) = @_;
  return (map({ "BEGIN; SET LOCAL statement_timeout = 20; SET LOCAL work_mem = '16MB';\n$_;\nROLLBACK;\n" }
      (map { $figures{$_} } grep { !/live/ } sort keys %figures) x $times),
    "SELECT sum(total_bytes) FROM pg_backend_memory_contexts;\n");
}
my ($code, $out, $err) = $node->psql('large', join("\n", cancelled(3), cancelled(7)),
  on_error_stop => 0, extra_params => [ '-v', 'VERBOSITY=sqlstate' ]);
is_deeply([ $err =~ /ERROR:  (\w{5})/g ], [ ('57014') x 30 ], 'statement_timeout ended every call');
my ($before, $after) = $out =~ /^(\d+)$/mg;
cmp_ok($after, '<=', $before + 32_768, 'memory does not grow with calls that were cancelled');
is($node->safe_psql('large', 'SELECT count(*) FROM pg_ls_tmpdir()'), 0, 'no temporary file is left');

# While rows of empty buckets are made, too.
my $error = failure($node, 'small', "SET statement_timeout = 300;
  SELECT count(*) FROM cdr_usage('2026-01-01', '2044-01-01', '1 minute')");
is($error->{sqlstate}, '57014', 'ended while rows are made');

# More than work_mem is refused before it is taken.
$error = failure($node, 'large', q{SET work_mem = '1MB'; SELECT count(*) FROM cdr_usage(NULL, NULL, NULL, group_by => 'UniqueCallID')});
is($error->{sqlstate}, '53200', 'groups beyond work_mem are refused');
like($error->{hint}, qr/^Raise work_mem/, 'with a hint');
$error = failure($node, 'large', q{SET work_mem = '2MB'; SELECT sum(meetings) FROM cdr_usage(NULL, NULL, NULL)});
is($error->{sqlstate}, '53200', 'meetings beyond work_mem are refused');
is($node->safe_psql('large', q{SET work_mem = '1MB'; SELECT sum(joins) FROM cdr_usage(NULL, NULL, NULL)}), 300_000,
  'figures without them are not');
is($node->safe_psql('large', q{SET work_mem = '2MB'; SELECT sum(unique_callers) > 0, sum(meetings) FROM cdr_usage()}),
  't|' . $node->safe_psql('large', q{SELECT sum(n) FROM (SELECT count(DISTINCT uniquecallid) AS n
    FROM conferencecall2, generate_series('2026-01-01Z'::timestamptz, '2026-03-01Z', '1 day') AS d
    WHERE jointime < d + interval '1 day' AND (jointime >= d OR leavetime > d) GROUP BY d) AS days}),
  'nor are those of shorter buckets, whose meetings and callers are forgotten');

done_testing();

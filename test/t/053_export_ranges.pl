# export_cdr_ranges counts in the indexes alone: it looks at no page of a vacuumed table, whoever asks
# and whatever the session has set, and keeps neither records nor more ranges than fit in work_mem.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use CdrTest;
use ExportPlans;
use Test::More;

my $node = new_server('ranges', "autovacuum = off\nshared_buffers = 256MB\n");
create_database($node, 'cdr');
insert_records($node, 'cdr', 70_000,
  jointime => "'2026-01-01Z'::timestamptz + i * 7919::bigint % 70000 * interval '10 s'");
my %tenants = (one => [1], two => [ 0, 2 ], without => []);
for my $role (sort keys %tenants) {
  $node->safe_psql('cdr', "CREATE ROLE $role; GRANT SELECT ON conferencecall2 TO $role");
  $node->safe_psql('cdr', "SELECT cdr_grant_tenant('$role', 'tenant$_')") for @{ $tenants{$role} };
}
$node->safe_psql('cdr', 'CREATE ROLE every; SELECT cdr_grant_all_tenants($$every$$)');
$node->safe_psql('cdr', 'VACUUM conferencecall2');

# The plan of one call by a role, made before it takes the role.
sub plan_of {
  my ($role, $arguments, $settings) = @_;
  my ($plan) = export_plans($node, 'cdr',
    "$settings; SET ROLE $role; SELECT count(*) FROM export_cdr_ranges($arguments)");
  return $plan;
}

# The scans of a call's plan, which must be all that it does but for merging them.
sub check {
  my ($role, $arguments, $settings, $scans, $index, $pages) = @_;
  my $name = "$role, ($arguments), $settings";
  my $plan = plan_of($role, $arguments, $settings);
  my @nodes = plan_nodes($plan);
  my @scans = grep { exists $_->{'Index Name'} } @nodes;
  is_deeply([ map { "$_->{'Node Type'} $_->{'Index Name'} $_->{'Heap Fetches'}" } @scans ],
    [ ("Index Only Scan conferencecall2_${index}_idx 0") x $scans ], "$name: the index alone is read");
  is(scalar(grep { $_->{'Node Type'} !~ /^(?:Index Only Scan|Merge Append|Append|Subquery Scan|Result)$/ } @nodes),
    0, "$name: nothing is sorted or limited");
  is(scalar(grep { ($_->{'Rows Removed by Filter'} // 0) > 0 } @nodes), 0, "$name: nor removed");
  # A page of an index has more than 100 records.
  cmp_ok(buffers($plan), '<=', $pages, "$name: as many pages as the records fill");
}

my $range = "'2026-01-03', '2026-01-05'";    # 17,280 records
my @unusual_settings = (
  'SET jit = on; SET jit_above_cost = 0; SET enable_indexonlyscan = off',
  'SET enable_indexscan = off; SET random_page_cost = 10000; SET parallel_setup_cost = 0;'
    . ' SET parallel_tuple_cost = 0; SET min_parallel_index_scan_size = 0');
for my $settings (@unusual_settings) {
  for my $role (qw(postgres every)) {
    check($role, $range, $settings, 1, 'jointime', 170);
    check($role, "$range, 'tenant1'", $settings, 1, 'tenantname', 60);
  }
  check('one', $range, $settings, 1, 'tenantname', 60);
  check('one', "$range, 'tenant1', 100", $settings, 1, 'tenantname', 60);
  check('two', $range, $settings, 2, 'tenantname', 120);
  check('one', "$range, 'tenant0'", $settings, 1, 'tenantname', 0);
  check('without', $range, $settings, 1, 'tenantname', 0);
  $node->safe_psql('cdr', 'ANALYZE conferencecall2');
}

# An export in the same session has its own plan of the same form, before and after.
my @kinds = map { $_->{'Node Type'} } export_plans($node, 'cdr', <<'SQL');
SELECT count(*) FROM export_cdr(NULL, '2026-01-02');
SELECT count(*) FROM export_cdr_ranges(NULL, '2026-01-02');
SELECT count(*) FROM export_cdr(NULL, '2026-01-02');
SQL
is_deeply(\@kinds, [ 'Limit', 'Index Only Scan', 'Limit' ], 'exports and ranges each keep their plan');

# Records that have been changed since the last VACUUM are looked up, and the count is right.
$node->safe_psql('cdr', q{UPDATE conferencecall2 SET tenantname = 'moved' WHERE jointime < '2026-01-02'});
is($node->safe_psql('cdr', 'SELECT sum(records), count(*) FROM export_cdr_ranges()'), '70000|2',
  'changed records are counted once');
cmp_ok(plan_of('postgres', '', 'SELECT')->{'Heap Fetches'}, '>', 8000, 'and looked up');

# Nothing is kept but the ranges, and of these no more than work_mem: the session's greatest memory, in
# kB, before and after ever more of them.
SKIP: {
  skip 'needs /proc/PID/status', 4 if !-r '/proc/self/status';
  $node->safe_psql('cdr', q{CREATE FUNCTION most_memory() RETURNS bigint LANGUAGE sql AS $$
    SELECT substring(s FROM 'VmHWM:\s+(\d+)')::bigint - substring(s FROM 'RssShmem:\s+(\d+)')::bigint
    FROM pg_read_file('/proc/' || pg_backend_pid() || '/status') AS s $$});
  my $call = 'SELECT count(*) FROM export_cdr_ranges(max_records => %d); SELECT most_memory();';
  my ($few, $before, $some, $then, $many, $after) = split /\n/,
    $node->safe_psql('cdr', "SET work_mem = '64kB';" . join '', map { sprintf $call, $_ } 65_000, 100, 1);
  is("$few $some $many", '2 700 70000', 'ranges of 65,000, 100 and 1');
  cmp_ok($before, '>', 1000, 'the memory was seen');
  cmp_ok($then - $before, '<', 1024, 'ranges of 100 take no memory');
  cmp_ok($after - $then, '<', 1024, 'nor do ranges of 1');
}

done_testing();

# The export of somebody who sees one tenant, several or none follows the tenants' index, whatever the
# statistics and settings say, sorts nothing, and stops at the limit.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use CdrTest;
use ExportPlans;
use Test::More;

my $node = new_server('tenant_index', "autovacuum = off\nshared_buffers = 256MB\n");
create_database($node, $_) for qw(many one_tenant);
insert_records($node, 'many', 70_000, tenantname => "'tenant' || i % 40",
  jointime => "'2026-01-01Z'::timestamptz + i * 7919::bigint % 70000 * interval '10 s'");
insert_records($node, 'one_tenant', 30_000, tenantname => "'tenant0'");
my %tenants = (without => [], one => [0], three => [ 0, 7, 39 ], forty => [ 0 .. 39 ]);
$node->safe_psql('postgres', join '', map { "CREATE ROLE $_;" } sort keys %tenants);
for my $database (qw(many one_tenant)) {
  $node->safe_psql($database, 'GRANT SELECT ON conferencecall2 TO without');
  for my $role (sort keys %tenants) {
    $node->safe_psql($database, "SELECT cdr_grant_tenant('$role', 'tenant$_')") for @{ $tenants{$role} };
  }
}

# The plan of one export by a role, made before it takes the role.
sub plan_of {
  my ($database, $role, $call, $settings) = @_;
  my ($plan) = export_plans($node, $database, "$settings; SET ROLE $role; SELECT count(*) FROM $call");
  return $plan;
}

for my $statistics ('before ANALYZE', 'after ANALYZE') {
  for my $database (qw(many one_tenant)) {
    for my $settings ('SET jit = off', 'SET random_page_cost = 10000', 'SET enable_indexscan = off',
      'SET cursor_tuple_fraction = 0.0001; SET work_mem = 64') {
      for my $role (sort keys %tenants) {
        my $name = "$statistics, $database, $settings, $role";
        my $plan = plan_of($database, $role, "export_cdr('2026-01-02', '2026-01-04')", $settings);
        my @nodes = plan_nodes($plan);
        my @scans = grep { $_->{'Node Type'} =~ /Scan/ && $_->{'Node Type'} ne 'Subquery Scan' } @nodes;
        my $count = @{ $tenants{$role} };
        is(scalar @scans, $count || 1, "$name: one scan for each tenant");
        is(scalar(grep { ($_->{'Index Name'} // '') ne 'conferencecall2_tenantname_idx' } @scans), 0,
          "$name: all of the tenants' index");
        is(scalar(grep { $_->{'Index Cond'} !~ /tenantname = .*jointime >= .*jointime </s } @scans), 0,
          "$name: with tenant and range");
        is(scalar(grep { $_->{'Node Type'} =~ /Sort/ } @nodes), 0, "$name: nothing is sorted");
        is(scalar(grep { ($_->{'Rows Removed by Filter'} // 0) > 0 } @nodes), 0, "$name: nobody else's records are read");
      }
    }
  }
  my $plan = plan_of('many', 'forty', 'export_cdr()', '');
  is($plan->{'Actual Rows'}, 65_001, "$statistics: over the limit, the reading ends there");
  cmp_ok(buffers($plan), '<=', 1.1 * 65_001 + 40 * 10, "$statistics: also the scans below");
  $node->safe_psql($_, 'ANALYZE') for qw(many one_tenant);
}

# A tenant that the caller does not see costs nothing, and nothing is read for those without any.
for my $call ("export_cdr(tenant => 'tenant1')", "export_cdr(tenant => 'nobody')") {
  is(buffers(plan_of('many', 'one', $call, '')), 0, "$call: no page is read");
}
is(buffers(plan_of('many', 'without', 'export_cdr()', '')), 0, 'without a tenant: no page is read');

done_testing();

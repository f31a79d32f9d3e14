# The view cdr_tenants reads a few pages for each tenant that it shows, whatever the size of the table
# and the statistics say, and for who sees some tenants only no page of the others'.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use CdrTest;
use ExportPlans;
use Test::More;

my $node = new_server('tenants_view', "autovacuum = off\nshared_buffers = 256MB\n");
$node->safe_psql('postgres', "CREATE ROLE $_ LOGIN") for qw(two everyone);

# 40 tenants, one with a single record, of which the statistics know nothing.
my $spread = q{CASE WHEN i = 777 THEN 'rare' ELSE 'tenant' || i % 39 END};
my %size = (small => 20_000, large => 200_000);
for my $size (keys %size) {
  create_database($node, $size);
  insert_records($node, $size, $size{$size}, tenantname => $spread);
  $node->safe_psql($size, q{SELECT cdr_grant_all_tenants('everyone'), cdr_grant_tenant('two', 'rare'),
    cdr_grant_tenant('two', 'tenant7'), cdr_grant_tenant('two', 'unheard of')});
}

# How many tenants a role is shown, and how many pages were read for that.
sub show_tenants {
  my ($size, $role) = @_;
  my ($plan) = export_plans($node, $size, "SET ROLE $role; SELECT * FROM cdr_tenants");
  return ($plan->{'Actual Rows'}, buffers($plan));
}

my %shown = (postgres => 40, everyone => 40, two => 2);
for my $statistics ('before ANALYZE', 'after ANALYZE') {
  for my $size (sort keys %size) {
    for my $role (sort keys %shown) {
      my ($tenants, $pages) = show_tenants($size, $role);
      cmp_ok($tenants, '==', $shown{$role}, "$statistics, $size, $role: shows $shown{$role} tenants");
      cmp_ok($pages, '<=', 100 + 15 * $tenants, "$statistics, $size, $role: reads $pages pages");
    }
    $node->safe_psql($size, 'VACUUM ANALYZE');
  }
}

# A late call of a second tenant, where the statistics know one tenant: then the planner takes a tenant's name
# for a condition that all records meet, and the time's index for as good as the tenants'.
create_database($node, 'one_tenant');
insert_records($node, 'one_tenant', 20_000, tenantname => q{'alpha'});
$node->safe_psql('one_tenant', 'ANALYZE');
insert_records($node, 'one_tenant', 1, tenantname => q{'zeta'}, jointime => q{'2027-01-01Z'});
my ($tenants, $pages) = show_tenants('one_tenant', 'postgres');
is($tenants, 2, 'a tenant that the statistics do not know');
cmp_ok($pages, '<=', 130, "reads $pages pages");

# From a spelling in lower case to the records of that tenant, as docs/mysql.md does it.
my ($plan) = export_plans($node, 'large', q{SELECT count(*) FROM conferencecall2
  WHERE tenantname = ANY (ARRAY(SELECT tenantname FROM cdr_tenants WHERE lower(tenantname) = 'rare'))});
cmp_ok(buffers($plan), '<=', 700, 'a query by the name in lower case reads no other records');

# So does an export of an unknown tenant, which looks for its records and for its name in another case.
for my $tenant (qw(unknown RARE)) {
  my $pages = 0;
  $pages += buffers($_) for export_plans($node, 'large', "SELECT count(*) FROM export_cdr(tenant => '$tenant')");
  cmp_ok($pages, '<=', 700, "an export of tenant $tenant reads $pages pages");
}

done_testing();

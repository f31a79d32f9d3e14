# What an export reads grows with the records that it returns, not with the table: counted in pages,
# for a table in order of time and for one in which neighbours in time are far apart.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use CdrTest;
use ExportPlans;
use Test::More;

my $node = new_server('buffers', "autovacuum = off\nshared_buffers = 256MB\n");
# The range that is exported lies in the first 15,000 records by time, which belong to three tenants; the
# many behind it are of one.
my %size = (small => 15_000, large => 80_000);
for my $size (keys %size) {
  my %number = (in_order => 'i', shuffled => "(i * 7919::bigint % $size{$size})");
  for my $order (keys %number) {
    my $number = $number{$order};
    create_database($node, "${order}_$size");
    insert_records($node, "${order}_$size", $size{$size},
      jointime => "'2026-01-01Z'::timestamptz + $number * interval '10 s'",
      tenantname => "'tenant' || CASE WHEN $number < 15000 THEN $number % 3 ELSE 1 END");
  }
}

# The plan of one export.
sub plan_of {
  my ($database, $arguments) = @_;
  my ($plan) = export_plans($node, $database, "SELECT count(*) FROM export_cdr($arguments)");
  return $plan;
}

for my $statistics ('before ANALYZE', 'after ANALYZE') {
  my %range = (
    'all tenants' => "'2026-01-02', '2026-01-02 13:53:20'",
    'one tenant' => "'2026-01-02', '2026-01-02 13:53:20', 'tenant1'");
  for my $name (sort keys %range) {
    my $expected = $name eq 'one tenant' ? 1667 : 5000;
    my %plan = map { $_ => plan_of($_, $range{$name}) }
      qw(in_order_small in_order_large shuffled_small shuffled_large);
    for my $database (sort keys %plan) {
      cmp_ok(abs($plan{$database}{'Actual Rows'} - $expected), '<=', 1,
        "$statistics, $name, $database: exports $expected records");
      cmp_ok(buffers($plan{$database}), '<=', 1.1 * $expected + 50,
        "$statistics, $name, $database: at most about one page for each record");
    }
    for my $order (qw(in_order shuffled)) {
      cmp_ok(buffers($plan{"${order}_large"}), '<=', 1.3 * buffers($plan{"${order}_small"}),
        "$statistics, $name, $order: no more pages in a table of five times the size");
    }
    cmp_ok(buffers($plan{in_order_large}), '<=', 0.2 * $expected,
      "$statistics, $name, in_order: several records from each page");
  }

  # Over the limit: reads one record too many and stops.
  for my $arguments ('', "NULL, NULL, 'tenant1'", "'2026-01-02'") {
    for my $database (qw(in_order_large shuffled_large)) {
      my $plan = plan_of($database, $arguments);
      my $name = "$statistics, $database, export_cdr($arguments), over the limit";
      cmp_ok($plan->{'Actual Rows'}, '==', 65_001, "$name: reads 65,001 records");
      cmp_ok(buffers($plan), '<=', 1.1 * 65_001 + 50, "$name: and no more pages than that");
    }
  }
  my $pages = buffers(plan_of('in_order_large', ''));
  cmp_ok($pages, '<=', 0.1 * 65_001, "$statistics: several records from each page");

  $node->safe_psql($_, 'ANALYZE') for map { ("in_order_$_", "shuffled_$_") } keys %size;
}

done_testing();

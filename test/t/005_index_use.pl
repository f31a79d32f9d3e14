# An export must read its records through the index that has their order, whatever the bounds, the
# statistics and the session's settings: a plan that sorts, filters or scans the whole table takes
# minutes where the index takes a moment.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use CdrTest;
use ExportPlans;
use Test::More;

my $node = new_server('index', "autovacuum = off\nshared_buffers = 256MB\n");

# Three tables: one as the portal writes it, one in which neighbours in time are far apart; and
# one with a single tenant, which makes a condition on the tenant look useless to the planner.
create_database($node, $_) for qw(in_order shuffled one_tenant);
my $records = amount(30_000, 300_000);
insert_records($node, 'in_order', $records);
insert_records($node, 'shuffled', $records,
  jointime => "'2026-01-01Z'::timestamptz + i * 7919::bigint % $records * interval '10 s'");
insert_records($node, 'one_tenant', amount(15_000, 100_000), tenantname => "'only one'");

# What a plan does, in one line; a filter, a sort or compilation would show.
sub summary {
  my ($plan) = @_;
  my @steps;
  for my $step (plan_nodes($plan)) {
    my @parts = grep { defined } @$step{ 'Node Type', 'Index Name', 'Index Cond' };
    push @parts, grep { /Filter|Sort|Removed/ && $step->{$_} ne '0' } sort keys %$step;
    push @parts, 'compiled' if $step->{JIT};
    push @steps, "@parts";
  }
  return join(' <- ', @steps);
}

my $all_tenants = qr{^Limit\ <-\ Index\ Scan\ conferencecall2_jointime_idx
  \ \(\(jointime\ >=\ \$1\)\ AND\ \(jointime\ <\ \$2\)\)$}x;
my $one_tenant = qr{^Limit\ <-\ Index\ Scan\ conferencecall2_tenantname_idx
  \ \(\(tenantname\ =\ (?:\$3|ANY\ \(\$3\))\)\ AND\ \(jointime\ >=\ \$1\)\ AND\ \(jointime\ <\ \$2\)\)$}x;

# The calls with these arguments, in one session, all have plans that look as expected.
sub check {
  my ($database, $settings, $arguments, $expected, $name, $form) = @_;
  $form //= 'SELECT count(*) FROM export_cdr(%s)';
  my $sql = join '', map { sprintf("$form;\n", $_) } @$arguments;
  my @plans = map { summary($_) } export_plans($node, $database, $settings . $sql);
  is(scalar @plans, @$arguments, "$name: one query for each call");
  my @wrong = grep { $_ !~ $expected } @plans;
  is_deeply(\@wrong, [], "$name: the index gives range and order");
}

# Every kind of start_time with every kind of end_time, then the same call ten times, because
# PostgreSQL may choose another plan from the sixth on.
my ($early, $late) = ("'2026-01-02'", "'2026-01-03'");
my ($first, $last) = ("'-infinity'", "'infinity'");
my @ranges = (
  'NULL, NULL', "NULL, $late", "NULL, $last", "NULL, $first", "$early, NULL", "$early, $late",
  "$early, $last", "$first, NULL", "$first, $late", "$first, $last", "$first, $first",
  "$last, NULL", "$last, $last", ("$early, $late") x 10);

my @unusual_settings = (
  'SET enable_indexscan = off',
  'SET enable_indexscan = off; SET random_page_cost = 10000',
  'SET enable_indexscan = off; SET enable_bitmapscan = off; SET random_page_cost = 10000',
  'SET random_page_cost = 10000; SET seq_page_cost = 0',
  'SET plan_cache_mode = force_custom_plan',
  'SET plan_cache_mode = force_generic_plan; SET effective_cache_size = 1',
  'SET jit = on; SET jit_above_cost = 0',
  'SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0; SET min_parallel_table_scan_size = 0',
  'SET work_mem = 64; SET cursor_tuple_fraction = 0.0001');

for my $statistics ('before ANALYZE', 'after ANALYZE') {
  for my $database (qw(in_order shuffled one_tenant)) {
    my $name = "$database, $statistics";
    my $tenant = $database eq 'one_tenant' ? 'only one' : 'tenant1';
    check($database, '', [ map { "$_, NULL" } @ranges ], $all_tenants, "$name, all tenants");
    check($database, '', [ map { "$_, '$tenant'" } @ranges ], $one_tenant, "$name, $tenant");
    check($database, '', [ map { "$_, 'nobody'" } @ranges ], $one_tenant, "$name, unknown tenant");
  }
  for my $settings (@unusual_settings) {
    my @everything = ("NULL, NULL, NULL") x 2;
    check('shuffled', "$settings;", \@everything, $all_tenants, "$settings, $statistics");
    my @nobody = ("NULL, '2026-01-03', 'nobody'") x 10;
    check('one_tenant', "$settings;", \@nobody, $one_tenant, "$settings, $statistics, tenant");
  }
  $node->safe_psql($_, 'ANALYZE') for qw(in_order shuffled one_tenant);
}

# The other forms of export.
for my $form (
  'COPY (SELECT * FROM export_cdr(%s)) TO STDOUT (FORMAT csv)',
  'SELECT count(*) FROM export_cdr_csv(%s)') {
  check('shuffled', '', [ ("$early, $late, NULL") x 10 ], $all_tenants, $form, $form);
  check('one_tenant', '', [ ("$early, $late, 'nobody'") x 10 ], $one_tenant, "$form, tenant", $form);
}

# Indexes that somebody else made and that give a part of the order only.
$node->safe_psql('one_tenant', <<'SQL');
CREATE INDEX ON conferencecall2 (jointime);
CREATE INDEX ON conferencecall2 (tenantname);
CREATE INDEX ON conferencecall2 (tenantname, jointime);
UPDATE conferencecall2 SET callid = callid;
VACUUM ANALYZE conferencecall2;
REINDEX INDEX conferencecall2_jointime_idx1;
REINDEX INDEX conferencecall2_tenantname_jointime_idx;
SQL
check('one_tenant', '', [ map { "$_, NULL" } @ranges ], $all_tenants, 'other indexes, all tenants');
check('one_tenant', '', [ map { "$_, 'only one'" } @ranges ], $one_tenant, 'other indexes, one tenant');

done_testing();

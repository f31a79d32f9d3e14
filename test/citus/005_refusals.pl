# What does not work on records that are distributed says so, with SQLSTATE and what to do; and nowhere is there a
# silent zero, not on a worker, not in a table that was distributed by hand, and not after the cluster has changed.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use CitusTest;
use CdrTest;
use Test::More;

my @nodes = new_cluster('refusals');
my ($coordinator, @workers) = @nodes;
create_cluster_database('cdr', \@nodes);
insert_records($coordinator, 'cdr', 300);
$coordinator->safe_psql('cdr', q{CREATE ROLE acme LOGIN; CREATE ROLE everything LOGIN; CREATE ROLE viewer LOGIN;
  SELECT cdr_grant_tenant('acme', 'tenant1'), cdr_grant_all_tenants('everything'), cdr_grant_purge('everything');
  SELECT cdr_distribute()});
my $count = 'SELECT count(*), string_agg(DISTINCT "TenantName", \' \') FROM export_cdr()';

sub refuses {
  my ($sql, $expected, $what, $role, $node) = @_;
  is(outcome($node // $coordinator, 'cdr', $sql, $role), $expected, $what);
}

# What needs one server.
for my $case ([ q{CALL purge_cdr('2026-01-01 00:10Z')}, 'purge_cdr' ], [ q{CALL purge_cdr('2026-01-01 00:10Z', dry_run => true)}, 'purge_cdr' ],
  [ q{CALL sync_cdr('conferencecall2', 'UTC')}, 'sync_cdr' ], [ 'SELECT cdr_usage_page()', 'cdr_usage_page' ]) {
  refuses($case->[0], "0A000 | $case->[1] is not supported while public.conferencecall2 is distributed over a Citus cluster | "
    . 'Call cdr_undistribute() first, if one server can hold the records.', $case->[0]);
}
refuses(q{CALL purge_cdr('2026-01-01 00:10Z')}, '0A000 | purge_cdr is not supported while public.conferencecall2 is distributed '
  . 'over a Citus cluster | Call cdr_undistribute() first, if one server can hold the records.', 'a role that may purge', 'everything');
like(outcome($coordinator, 'cdr', 'TABLE cdr_tenants', $_), qr/^0A000 \| recursive CTEs are only supported when /, "cdr_tenants for $_")
  for 'acme', 'everything';

# Views that read with their owner's rights.
$coordinator->safe_psql('cdr', q{CREATE VIEW calls AS SELECT * FROM conferencecall2; ALTER VIEW calls OWNER TO everything;
  GRANT SELECT ON calls TO acme, viewer});
my $view = q{0A000 | records that are distributed over a Citus cluster cannot be read through a view with its owner's rights | }
  . 'Use ALTER VIEW ... SET (security_invoker = true), and grant access to those who read it.';
for my $role ('acme', 'viewer') {
  refuses('SELECT count(*) FROM calls', $view, "a view of a role with all tenants, read by $role", $role);
  refuses('SELECT count(*) FROM (SELECT tenantname FROM calls OFFSET 0) c JOIN cdr_codes ON true', $view, '... inside of a query', $role);
}
$coordinator->safe_psql('cdr', 'ALTER VIEW calls SET (security_invoker = true)');
refuses('SELECT count(*) FROM calls', '100', 'a view with the rights of its reader', 'acme');
like(outcome($coordinator, 'cdr', 'SELECT count(*) FROM calls', 'viewer'), qr/^42501 /, '... who has none');
$coordinator->safe_psql('cdr', 'ALTER VIEW calls RESET (security_invoker); ALTER VIEW calls OWNER TO CURRENT_USER');
refuses('SELECT count(*) FROM calls', '100', "a superuser's view shows its reader no other tenant", 'acme');
like(outcome($coordinator, 'cdr', 'SELECT count(*) FROM calls', 'viewer'), qr/^42501 /, '... and nothing to a role without access');
# Functions with their owner's rights.
$coordinator->safe_psql('cdr', qq{CREATE FUNCTION all_calls() RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = public
  AS 'SELECT count(*) FROM export_cdr()'; ALTER FUNCTION all_calls() OWNER TO everything});
refuses('SELECT all_calls()', '300', 'a function with the rights of a role with all tenants', 'acme');

# A worker.
my $worker = '0A000 | extension vidyo_cdr cannot be used from a worker of a Citus cluster | Connect to the coordinator.';
my $csv = q{E'CallID,UniqueCallID,ConferenceName,TenantName,ConferenceType,EndpointType,CallerName,JoinTime,CallState,Direction\n'
  '1000,1,room,tenant1,C,D,Ann,2026-03-02 09:00:00Z,COMPLETED,I'};
for my $sql ('SELECT * FROM export_cdr()', 'SELECT export_cdr_csv()', 'SELECT * FROM export_cdr_ranges()', 'SELECT * FROM cdr_usage()',
  'SELECT * FROM cdr_meetings()', 'COPY (SELECT * FROM export_cdr()) TO STDOUT', "SELECT import_cdr($csv)",
  q{SELECT cdr_grant_tenant('viewer', 'tenant1')}, q{CALL purge_cdr('2026-01-01 00:10Z')},
  'SELECT cdr_usage_page()') {
  refuses($sql, $worker, "a worker: $sql", undef, $workers[0]);
}
refuses(q{SELECT cdr_revoke('acme')}, 'XX000 | operation is not allowed on this node | Connect to the coordinator and run it again.',
  'a worker: cdr_revoke, which Citus refuses', undef, $workers[0]);
refuses($_, $worker, "a worker, as acme: $_", 'acme', $workers[1])
  for 'SELECT * FROM export_cdr()', 'SELECT * FROM cdr_usage()', 'SELECT count(*) FROM conferencecall2', 'TABLE cdr_report', 'TABLE cdr_live';

# Records that a session opens to others by mistake stay hidden: the shards have the policy, too.
my $shard = $workers[0]->safe_psql('cdr', q{SET citus.override_table_visibility = off; SELECT min(relname) FROM pg_class
  WHERE relname ~ '^conferencecall2_\d+$' AND relkind = 'r'});
is($workers[0]->safe_psql('cdr', "SELECT DISTINCT tenantname FROM $shard", as_role('acme')), 'tenant1', 'a shard shows its reader no other tenant');
like(outcome($workers[0], 'cdr', "SELECT count(*) FROM $shard", 'viewer'), qr/^42501 /, '... and others nothing');

# A node that goes away.
my $reader = background_session($coordinator, 'cdr', as_role('acme'), on_error_stop => 0,
  extra_params => [ '-U', 'acme', '-v', 'VERBOSITY=sqlstate' ]);
is(scalar $reader->query($count), '100|tenant1', 'a reader');
$workers[1]->stop('immediate');
is(scalar $reader->query($count), '', 'without a node there is no part of an export');
like($reader->{stderr}, qr/ERROR:  (08006|XX000|57P01|57P03|08\w{3})/, '... but an error');
like(outcome($coordinator, 'cdr', $count, 'acme'), qr/^(08\w{3}|XX000|57P01) \| /, '... in a new session, too');
$workers[1]->start;
$coordinator->poll_query_until('cdr', 'SELECT count(*) = 300 FROM export_cdr()') or die 'the node does not come back';
$reader->{stderr} = '';
is(scalar $reader->query($count), '100|tenant1', '... until the node is back');

# Shards that move to the other node, and back.
my $move = q{SELECT count(citus_move_shard_placement(shardid, '%s', %d, '%s', %d, 'block_writes')) FROM (
  SELECT shardid FROM pg_dist_shard JOIN pg_dist_placement USING (shardid) JOIN pg_dist_node USING (groupid)
  WHERE logicalrelid = 'conferencecall2'::regclass AND nodeport = %2$d LIMIT 2 OFFSET 0) s};
$coordinator->safe_psql('cdr', sprintf($move, $workers[1]->host, $workers[1]->port, $workers[0]->host, $workers[0]->port));
is(scalar $reader->query($count), '100|tenant1', 'shards that have moved');
refuses($count, '300|tenant0 tenant1 tenant2', '... for all tenants', 'everything');
$coordinator->safe_psql('cdr', q{SELECT cdr_revoke('acme'); GRANT SELECT ON conferencecall2 TO acme});
is(scalar $reader->query($count), '0|', '... keep the policy');
$coordinator->safe_psql('cdr', q{SELECT cdr_grant_tenant('acme', 'tenant1')});
is(scalar $reader->query($count), '100|tenant1', '... and its entries');

# A node that comes later.
my $third = new_node('refusals_three');
$third->safe_psql('postgres', 'SET citus.enable_ddl_propagation = off; CREATE DATABASE cdr');
$third->safe_psql('cdr', 'CREATE EXTENSION citus');
$coordinator->safe_psql('cdr', sprintf(q{SELECT citus_add_node('%s', %d)}, $third->host, $third->port));
is(scalar $reader->query($count), '100|tenant1', 'a node without shards');
$coordinator->safe_psql('cdr', q{SELECT replicate_reference_tables('block_writes')});
is($third->safe_psql('cdr', 'SELECT string_agg(tenant, \' \') FROM cdr_role_access'), 'tenant1', '... gets a copy of the entries');
$coordinator->safe_psql('cdr', sprintf($move, $workers[0]->host, $workers[0]->port, $third->host, $third->port));
is(scalar $reader->query($count), '100|tenant1', '... and with some');
refuses($count, '300|tenant0 tenant1 tenant2', '... for all tenants', 'everything');
$coordinator->safe_psql('cdr', q{SELECT cdr_revoke('acme'); GRANT SELECT ON conferencecall2 TO acme});
is(scalar $reader->query($count), '0|', '... keeps the policy');
$coordinator->safe_psql('cdr', q{SELECT cdr_grant_tenant('acme', 'tenant2')});
is(scalar $reader->query($count), '100|tenant2', '... and learns of grants');
$reader->quit;
is($coordinator->safe_psql('cdr', 'SELECT cdr_undistribute()'), '300', 'taken back from all nodes');

# A coordinator that has shards itself, which Citus reads in the session.
$coordinator->safe_psql('cdr', sprintf(q{SELECT citus_set_node_property('%s', %d, 'shouldhaveshards', true)},
  $coordinator->host, $coordinator->port));
is($coordinator->safe_psql('cdr', 'SELECT nodes FROM cdr_distribute()'), '4', 'a coordinator with shards');
refuses($count, '100|tenant2', '... a tenant', 'acme');
refuses('SELECT count(*) FROM conferencecall2', '100', '... the table itself', 'acme');
refuses($count, '300|tenant0 tenant1 tenant2', '... all tenants', 'everything');
$coordinator->safe_psql('cdr', q{SELECT cdr_grant_tenant('acme', 'tenant0'), cdr_grant_import('everything')});
refuses($count, '200|tenant0 tenant2', '... after a grant', 'acme');
refuses("SELECT inserted, rejected FROM import_cdr($csv)", '1|0', '... an import', 'everything');
refuses('DROP EXTENSION vidyo_cdr CASCADE', '2BP01 | cannot drop extension vidyo_cdr while public.cdr_role_access is distributed '
  . 'over a Citus cluster | Call cdr_undistribute() first.', '... is not dropped');
is($coordinator->safe_psql('cdr', 'SELECT cdr_undistribute()'), '301', '... taken back');

# Tables that Citus manages without cdr_distribute: it cannot copy the policy to a node, nor the triggers of the entries;
# and when it is helped to do that, the extension refuses to read a part of the records.
my $by_hand = '0A000 | public.conferencecall2 of extension vidyo_cdr was distributed without cdr_distribute(), which is not supported | ';
my $policy = 'ALTER POLICY cdr_tenants ON conferencecall2 USING (cdr_shard_sees_tenant(tenantname))';

sub by_hand {
  my ($sql, $check) = @_;
  create_cluster_database('by_hand', \@nodes);
  insert_records($coordinator, 'by_hand', 10);
  $coordinator->safe_psql('by_hand', q{SELECT cdr_grant_tenant('acme', 'tenant1'), cdr_grant_import('everything')});
  $check->(outcome($coordinator, 'by_hand', "SET client_min_messages = error; $sql"));
  $_->safe_psql('postgres', 'SET citus.enable_ddl_propagation = off; DROP DATABASE by_hand WITH (FORCE)') for @nodes;
}

by_hand(q{SELECT create_distributed_table('conferencecall2', 'callid')}, sub {
  is($_[0], '42501 | cannot accept a value of type cdr_policy_role | Use cdr_sees_tenant to find out whether the current '
    . 'role sees a tenant.', 'create_distributed_table cannot copy the policy');
  is(outcome($coordinator, 'by_hand', $count, 'acme'), '4|tenant1', '... and everything is as it was');
  like(outcome($coordinator, 'by_hand', q{SELECT create_reference_table('cdr_role_access')}), qr/^(0A000|XX000) \| .*trigger/,
    'create_reference_table does not take the triggers of the entries');
  is(outcome($coordinator, 'by_hand', q{SET client_min_messages = error; SET citus.enable_unsafe_triggers = on;
    SELECT create_reference_table('cdr_role_access')}), '', '... unless it is told to');
  is(outcome($coordinator, 'by_hand', $count, 'acme'), '4|tenant1', '... and everything is as it was');
});
for my $how (q{create_distributed_table('conferencecall2', 'callid')}, q{create_distributed_table('conferencecall2', 'callid',
  shard_count => 1)}, q{create_reference_table('conferencecall2')}, q{create_distributed_table('conferencecall2', NULL)}) {
  by_hand("$policy; SELECT $how", sub {
    is($_[0], '', "$how with the policy of shards");
    for my $case (map({ my $role = $_; map { [ $role, $_ ] } 'SELECT * FROM export_cdr()', 'SELECT export_cdr_csv()',
        'SELECT * FROM export_cdr_ranges()', 'COPY (SELECT * FROM export_cdr()) TO STDOUT', 'SELECT * FROM cdr_usage()',
        'SELECT * FROM cdr_meetings()' } 'acme', 'everything', undef),
      [ 'everything', "SELECT import_cdr($csv)" ], [ undef, q{SELECT cdr_grant_tenant('acme', 'tenant2')} ]) {
      my ($role, $sql) = @$case;
      like(outcome($coordinator, 'by_hand', $sql, $role), qr/^\Q$by_hand\E/, "$sql as " . ($role // 'the owner'));
    }
    # Here or on a node, whoever asks the policy first.
    like(outcome($coordinator, 'by_hand', "SELECT count(*) FROM $_", 'acme'),
      qr/^(\Q$by_hand\E|0A000 \| this node of the Citus cluster does not know)/, "$_ as acme")
      for qw(conferencecall2 cdr_report);
    like(outcome($coordinator, 'by_hand', 'SELECT cdr_distribute()'), qr/^(0A000|55000) /, 'cdr_distribute');
    like(outcome($coordinator, 'by_hand', 'SELECT cdr_undistribute()'), qr/^(0A000|55000) /, 'cdr_undistribute');
  });
}

done_testing();

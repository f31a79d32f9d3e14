# cdr_distribute() and cdr_undistribute(): what they return and leave behind, whom and what they refuse, and that
# nothing is lost on the way there, back, and through a dump.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use CitusTest;
use CdrTest;
use PostgreSQL::Test::Utils;
use Test::More;

my @nodes = new_cluster('distribute');
my ($coordinator, @workers) = @nodes;
my $distribute = 'SELECT * FROM cdr_distribute()';
my $insert = q{INSERT INTO conferencecall2 (uniquecallid, conferencename, tenantname, conferencetype, endpointtype,
  callername, jointime, callstate, direction) VALUES ('new', 'room', 'tenant1', 'C', 'D', 'Ann', '2026-05-01Z',
  'COMPLETED', 'I') RETURNING callid};

sub run {
  my ($database, $sql, $role) = @_;
  return $coordinator->safe_psql($database, $sql, $role ? as_role($role) : ());
}

# What belongs to the extension's tables: columns, indexes, constraints, triggers, policies and privileges.
sub definitions {
  my ($database, $schema) = @_;
  $schema //= 'public';
  my ($code, $described) = $coordinator->psql($database, join "\n", '\pset tuples_only off',
    map { (qq{\\d+ "$schema".$_}, qq{SELECT relacl, attacl FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
      WHERE pg_class.oid = '"$schema".$_'::regclass ORDER BY attnum;}) }
    qw(conferencecall2 cdr_role_access conferencecall2_callid_seq));
  my ($policies) = $described =~ /^Policies:\n(.*?)^\S/ms;
  my $sorted = join '', sort split /^(?=    POLICY)/m, $policies;
  return $described =~ s/\Q$policies\E/$sorted/r;
}

sub rows {
  my ($database) = @_;
  return run($database, q{TABLE conferencecall2 ORDER BY callid; TABLE cdr_role_access ORDER BY role, access, tenant;
    TABLE cdr_import; TABLE cdr_import_reject; SELECT last_value, is_called FROM conferencecall2_callid_seq});
}

# How many shards of ConferenceCall2 each node has.
sub shards {
  return join ' ', map { $_->safe_psql('cdr', q{SET citus.override_table_visibility = off;
    SELECT count(*) FROM pg_class WHERE relname ~ '^conferencecall2_\d+$'
    AND relkind = 'r'}) } @nodes;
}

# What is not a cluster, or not one that can be used.
my $no_citus = 'postgres';
run($no_citus, 'CREATE EXTENSION vidyo_cdr');
is(outcome($coordinator, $no_citus, $distribute), '55000 | Citus is not installed in this database | '
  . 'docs/scaling.md tells when a cluster is worth its price, and how to set one up.', 'a database without Citus');
run($no_citus, 'CREATE EXTENSION citus');
my $not_coordinator = '55000 | this server is not the coordinator of a Citus cluster | Connect to the coordinator. If '
  . 'this is to be the coordinator, call citus_set_coordinator_host with the name by which other nodes reach it.';
is(outcome($coordinator, $no_citus, $distribute), $not_coordinator, 'Citus without a cluster');
run($no_citus, 'DROP EXTENSION vidyo_cdr CASCADE; DROP EXTENSION citus');

create_cluster_database('cdr', \@nodes);
run('cdr', q{CREATE ROLE plain LOGIN; GRANT ALL ON conferencecall2, cdr_role_access TO plain;
  GRANT EXECUTE ON FUNCTION cdr_distribute(), cdr_undistribute() TO plain; CREATE ROLE tenant LOGIN;
  SELECT cdr_grant_tenant('tenant', 'tenant1')});
is(outcome($workers[0], 'cdr', $distribute), $not_coordinator, 'a worker');
for my $function (qw(cdr_distribute cdr_undistribute)) {
  is(outcome($coordinator, 'cdr', "SELECT $function()", 'tenant'), "42501 | permission denied for function $function",
    "$function as a role without rights");
  is(outcome($coordinator, 'cdr', "SELECT $function()", 'plain'), '42501 | must be owner of table cdr_role_access',
    "$function as a role that may call it");
  is(outcome($coordinator, 'cdr', "BEGIN READ ONLY; SELECT $function()"),
    "25006 | cannot execute $function() in a read-only transaction", "$function in a read-only transaction");
}
run('cdr', q{CREATE ROLE dropped; INSERT INTO cdr_role_access (role, access, tenant) VALUES ('dropped', 'tenant', 'tenant1');
  DROP ROLE dropped});
is(outcome($coordinator, 'cdr', 'SELECT cdr_undistribute()'),
  '55000 | public.conferencecall2 is not distributed', 'nothing to take back');
run('cdr', 'ALTER TABLE conferencecall2 FORCE ROW LEVEL SECURITY');
is(outcome($coordinator, 'cdr', $distribute), '55000 | row security holds for the owner of '
  . 'public.conferencecall2 | Use ALTER TABLE ... NO FORCE ROW LEVEL SECURITY.', 'row security for the owner')
  if run('cdr', 'SELECT rolsuper FROM pg_roles WHERE rolname = current_user') eq 'f';
run('cdr', 'ALTER TABLE conferencecall2 NO FORCE ROW LEVEL SECURITY');

# A node that has something else.
my $on_node = '55000 | extension vidyo_cdr on node ' . $workers[1]->host . ':' . $workers[1]->port
  . ' is not the same as here | Install the same package on all nodes, then run CREATE EXTENSION or ALTER EXTENSION '
  . 'vidyo_cdr UPDATE on that node.';
my $owner = run('cdr', 'SELECT current_user');
for my $there ([ '', 'nothing' ], [ q{CREATE EXTENSION vidyo_cdr VERSION '1.1'}, "version 1.1 in schema public with owner $owner" ],
  [ 'CREATE SCHEMA elsewhere; CREATE EXTENSION vidyo_cdr SCHEMA elsewhere', "version 1.2 in schema elsewhere with owner $owner" ]) {
  my ($create, $has) = @$there;
  $workers[1]->safe_psql('cdr', "SET citus.enable_ddl_propagation = off; SET client_min_messages = warning;
    DROP EXTENSION IF EXISTS vidyo_cdr CASCADE; DROP SCHEMA IF EXISTS elsewhere; $create");
  my $error = failure($coordinator, 'cdr', $distribute);
  is(outcome($coordinator, 'cdr', $distribute), $on_node, "a node with $has");
  is($error->{detail}, "The node has $has; this server has version 1.2 in schema public with owner $owner.", '... which the detail says');
}
$workers[1]->safe_psql('cdr', 'SET citus.enable_ddl_propagation = off; SET client_min_messages = warning;
  DROP EXTENSION vidyo_cdr CASCADE; CREATE EXTENSION vidyo_cdr');

# A new table.
my $defined = definitions('cdr');
is(run('cdr', $distribute), '2|8|0', 'a new table: nodes, shards, records');
is(outcome($coordinator, 'cdr', $distribute), '55000 | public.conferencecall2 is already distributed', 'twice');
is(run('cdr', 'SELECT role, tenant FROM cdr_role_access'), 'tenant|tenant1', 'entries, without those of dropped roles');
is(run('cdr', $insert), '1', 'its first record');
is(run('cdr', 'SELECT count(*) FROM export_cdr()', 'tenant'), '1', '... which its tenant sees');
is(outcome($workers[0], 'cdr', 'SELECT cdr_undistribute()'), '0A000 | extension vidyo_cdr cannot be used from a worker of '
  . 'a Citus cluster | Connect to the coordinator.', 'cdr_undistribute on a worker');
is(run('cdr', 'SELECT cdr_undistribute()'), '1', 'taken back');
is(definitions('cdr'), $defined, '... with all that belongs to the tables');
is(outcome($coordinator, 'cdr', 'SELECT cdr_undistribute()'), '55000 | public.conferencecall2 is not distributed', 'twice');

# A filled one, with something in every table of the extension.
insert_records($coordinator, 'cdr', 500);
run('cdr', q{SELECT cdr_grant_import('plain'), cdr_grant_all_tenants('plain');
  SELECT import_cdr('CallID,UniqueCallID,ConferenceName,TenantName,ConferenceType,EndpointType,CallerName,JoinTime,CallState,Direction'
    || E'\n1000,1,room,tenant1,C,D,Ann,2026-03-02 09:00:00Z,COMPLETED,I\n1001,bad')});
$defined = definitions('cdr');
my $rows = rows('cdr');
for my $time (1, 2) {
  is(run('cdr', $distribute), '2|8|502', "distributed: $time");
  is(shards(), '0 4 4', '... over both workers');
  is(run('cdr', 'SELECT pg_relation_size(\'conferencecall2\'),
    pg_relation_size(\'cdr_role_access\')'), '0|0', '... and nothing is left in the tables themselves');
  is(rows('cdr'), $rows, '... with the same rows');
  is(run('cdr', 'SELECT cdr_undistribute()'), '502', "taken back: $time");
  is(rows('cdr'), $rows, '... with the same rows');
  is(definitions('cdr'), $defined, '... and all that belongs to the tables');
  is(outcome($coordinator, 'cdr', 'BEGIN; TRUNCATE conferencecall2, cdr_role_access'), '', '... which can be emptied');
  is(shards(), '0 0 0', '... and no shard on any node');
}
is(run('cdr', 'SELECT count(*) FROM export_cdr()', 'tenant'), run('cdr', q{SELECT count(*) FROM conferencecall2
  WHERE tenantname = 'tenant1'}), "a tenant's admin sees its records afterwards");
run('cdr', 'BEGIN; SELECT cdr_distribute(); ROLLBACK');
is(definitions('cdr') . rows('cdr'), $defined . $rows, 'ROLLBACK of a distribution');
run('cdr', $distribute);
run('cdr', 'BEGIN; SELECT cdr_undistribute(); ROLLBACK');
is(run('cdr', 'SELECT count(*) FROM export_cdr()', 'plain'), '502', 'ROLLBACK of its end');

# A dump.
my $dump = $coordinator->backup_dir . '/dump';
$coordinator->command_ok([ 'pg_dump', '-Fc', '-f', $dump, '-d', $coordinator->connstr('cdr') ], 'a dump of a distributed database');
my $plain = new_server('plain');
$plain->safe_psql('postgres', 'CREATE ROLE plain LOGIN; CREATE ROLE tenant LOGIN; CREATE DATABASE cdr');
my ($list) = run_command([ 'pg_restore', '-l', $dump ]);
append_to_file("$dump.list", join "\n", grep { !/EXTENSION (- )?(COMMENT |EXTENSION )?.*citus/ } split /\n/, $list);
$plain->command_ok([ 'pg_restore', '--exit-on-error', '-L', "$dump.list", '-d', $plain->connstr('cdr'), $dump ],
  'is restored without Citus');
run('cdr', 'SELECT cdr_undistribute()');
is($plain->safe_psql('cdr', q{TABLE conferencecall2 ORDER BY callid; TABLE cdr_role_access ORDER BY role, access, tenant;
    TABLE cdr_import; TABLE cdr_import_reject; SELECT last_value, is_called FROM conferencecall2_callid_seq}),
  $rows, '... with all rows');
is($plain->safe_psql('cdr', 'SELECT count(*) FROM export_cdr()', as_role('plain')), '502', '... which a role sees');
is($plain->safe_psql('cdr', 'SELECT DISTINCT "TenantName" FROM export_cdr()', as_role('tenant')), 'tenant1', '... a tenant its own');
is($plain->safe_psql('cdr', $insert), '1001', '... and the identity goes on');

# A schema with a name of its own, and access that was granted before.
create_cluster_database('calls', \@nodes, create => 'CREATE SCHEMA "Call Records"; CREATE EXTENSION vidyo_cdr SCHEMA "Call Records"');
my $in_schema = 'SET search_path = "Call Records"; SET client_min_messages = warning;';
run('calls', qq{$in_schema CREATE ROLE "the Reader" LOGIN; CREATE ROLE later LOGIN; CREATE ROLE importer LOGIN; $insert;
  SELECT cdr_grant_tenant('"the Reader"', 'tenant1'), cdr_grant_import('importer')});
$defined = definitions('calls', 'Call Records');
is(run('calls', "SET search_path = pg_catalog; SELECT * FROM \"Call Records\".cdr_distribute()"), '2|8|1',
  'distributed in a schema of its own');
run('calls', qq{$in_schema SELECT cdr_grant_tenant('later', 'tenant1')});
is(run('calls', 'SELECT "UniqueCallID" FROM "Call Records".export_cdr()', $_), 'new', "... and read by $_")
  for 'the Reader', 'later';
is(run('calls', q{SELECT inserted FROM "Call Records".import_cdr('CallID,UniqueCallID,ConferenceName,TenantName,ConferenceType,'
  'EndpointType,CallerName,JoinTime,CallState,Direction' || E'\n1000,1,room,tenant1,C,D,Ann,2026-03-02 09:00:00Z,COMPLETED,I')},
  'importer'), '1', '... with an import');
run('calls', qq{$in_schema SELECT cdr_revoke('later')});
is(run('calls', 'SELECT "Call Records".cdr_undistribute()'), '2', '... and taken back');
is(definitions('calls', 'Call Records') =~ s/1000/1/r, $defined, '... with all that belongs to the tables');
is(run('calls', 'SELECT count(*) FROM "Call Records".export_cdr()', 'the Reader'), '2', '... and the reader');
done_testing();

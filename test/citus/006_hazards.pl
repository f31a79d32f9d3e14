# What a cluster would get wrong without a word: values that arrive as others, a server without Citus, a node that
# is not told of changes, subscribers that would lose their records, a join that would end the server.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use CitusTest;
use CdrTest;
use Test::More;

my @nodes = new_cluster('hazards');
my ($coordinator, @workers) = @nodes;
create_cluster_database('cdr', \@nodes);
insert_records($coordinator, 'cdr', 300);
$coordinator->safe_psql('cdr', q{CREATE ROLE acme LOGIN; SELECT cdr_grant_tenant('acme', 'tenant1')});

sub says {
  my ($expected, $sql, $what, $role) = @_;
  like(outcome($coordinator, 'cdr', $sql, $role), qr/^\Q$expected\E/, $what);
}

# A publication, of the table or of all tables.
for my $published ('TABLE conferencecall2', 'TABLE cdr_role_access', 'ALL TABLES') {
  $coordinator->safe_psql('cdr', "SET client_min_messages = error; CREATE PUBLICATION calls FOR $published");
  says('55000 | publication "calls" has tables of extension vidyo_cdr | Drop the publication',
    'SELECT cdr_distribute()', "a publication of $published");
  $coordinator->safe_psql('cdr', 'DROP PUBLICATION calls');
}

# A hostile search_path, and a column that is computed.
$coordinator->safe_psql('cdr', q{ALTER TABLE conferencecall2 ADD COLUMN label text GENERATED ALWAYS AS (tenantname || '!') STORED;
  CREATE SCHEMA hostile;
  CREATE OPERATOR hostile.= (LEFTARG = text, RIGHTARG = text, FUNCTION = pg_catalog.textne);
  CREATE OPERATOR hostile.= (LEFTARG = int4, RIGHTARG = int4, FUNCTION = pg_catalog.int4ne);
  CREATE OPERATOR hostile.= (LEFTARG = boolean, RIGHTARG = boolean, FUNCTION = pg_catalog.boolne)});
is($coordinator->safe_psql('cdr', 'SET search_path = hostile, pg_catalog, public; SELECT cdr_distribute()'), '(2,8,300)',
  'a hostile search_path');

# Settings by which Citus would write other values than it was given.
my $settings = '55000 | records that are distributed over a Citus cluster need DateStyle ISO and standard_conforming_strings on'
  . ' | Run SET DateStyle TO ISO and SET standard_conforming_strings TO on.';
my $import = q{SELECT import_cdr(E'CallID,UniqueCallID,ConferenceName,TenantName,ConferenceType,EndpointType,CallerName,JoinTime,CallState,Direction\n'
  '1000,1,room,tenant1,C,D,Ann,2026-03-02 09:00:00Z,COMPLETED,I')};
for my $set ('DateStyle = German', q{DateStyle = 'SQL, DMY'}, 'DateStyle = Postgres', 'standard_conforming_strings = off') {
  says($settings, "SET $set; $_", "$_ with $set")
    for 'SELECT count(*) FROM export_cdr()', 'SELECT export_cdr_csv()', 'SELECT * FROM export_cdr_ranges()',
    'SELECT * FROM cdr_usage()', $import, q{SELECT cdr_grant_tenant('acme', 'tenant2')}, q{SELECT cdr_revoke('acme')};
  says($settings, "SET $set; SELECT count(*) FROM conferencecall2", "a tenant's SELECT with $set", 'acme');
}
says('300', q{SET DateStyle = 'ISO, DMY'; SELECT count(*) FROM export_cdr()}, 'ISO with the day first');

# A join with a local table that Citus cuts into parts with the wrong policy.
my $local = 'CREATE TEMPORARY TABLE local (callid bigint PRIMARY KEY); INSERT INTO local SELECT generate_series(1, 30);';
says('0A000 | Citus cannot plan this join of distributed records with a local table | Read the records in WITH',
  "$local SELECT count(tenantname) FROM local LEFT JOIN conferencecall2 USING (callid)", 'an outer join', 'acme');
says('10', "$local WITH calls AS MATERIALIZED (SELECT * FROM conferencecall2)
  SELECT count(tenantname) FROM local LEFT JOIN calls USING (callid)", '... as the hint says', 'acme');
says('10', "$local SELECT count(tenantname) FROM local JOIN conferencecall2 USING (callid)", 'an inner join', 'acme');

# A node that Citus no longer tells of changes.
my $node = "'" . $workers[1]->host . "', " . $workers[1]->port;
$coordinator->safe_psql('cdr', "SET client_min_messages = error; SELECT stop_metadata_sync_to_node($node)");
says('0A000 | this node of the Citus cluster does not know who may see which records | On the coordinator, call', $_, $_, 'acme')
  for 'SELECT count(*) FROM conferencecall2', 'SELECT count(*) FROM export_cdr()';
$coordinator->safe_psql('cdr', "SELECT start_metadata_sync_to_node($node)");
says('100', 'SELECT count(*) FROM export_cdr()', 'the node knows again', 'acme');

# Roles that were made on each node, of which Citus copies no later membership.
$_->safe_psql('cdr', 'SET citus.enable_ddl_propagation = off; CREATE ROLE team; CREATE ROLE ann LOGIN') for @nodes;
$coordinator->safe_psql('cdr', q{SELECT cdr_grant_tenant('team', 'tenant2'), cdr_grant_tenant('ann', 'tenant1'); GRANT team TO ann});
says('55000 | role "ann" has less access to records on this node of the Citus cluster than on the coordinator | Make it a member',
  $_, "$_ without a membership on the nodes", 'ann')
  for 'SELECT count(*) FROM export_cdr()', q{SELECT count(*) FROM export_cdr(tenant => 'tenant2')}, 'SELECT * FROM export_cdr_ranges()',
  'SELECT * FROM cdr_usage()', 'SELECT * FROM cdr_meetings()', q{SELECT * FROM cdr_meetings('2026-01-01', '2026-02-01')};
says('100', q{SELECT count(*) FROM export_cdr(tenant => 'tenant1')}, 'a tenant that the nodes know of', 'ann');
$_->safe_psql('cdr', 'SET citus.enable_ddl_propagation = off; GRANT team TO ann') for @workers;
says('200', 'SELECT count(*) FROM export_cdr()', 'with the membership on all nodes', 'ann');

# Dropping the extension, which would leave the records on the nodes.
says('2BP01 | cannot drop extension vidyo_cdr while public.', "$_ DROP EXTENSION vidyo_cdr CASCADE", "DROP EXTENSION $_")
  for '', 'SET vidyo_cdr.allow_drop = on;';
says('300', 'SELECT count(*) FROM export_cdr()', 'nothing is lost');

# A server that was started without Citus.
$coordinator->append_conf('postgresql.conf', "shared_preload_libraries = ''");
$coordinator->restart;
my $not_loaded = '55000 | the rows of public.conferencecall2 are on the nodes of a Citus cluster, and Citus is not loaded | Add citus';
says($not_loaded, "SET citus.shard_count = 4; $_", "$_ without Citus")
  for 'SELECT count(*) FROM export_cdr()', 'SELECT * FROM export_cdr_ranges()', $import;
says('55000 | the rows of public.c', 'SELECT count(*) FROM conferencecall2', "a tenant's SELECT without Citus", 'acme');
$coordinator->append_conf('postgresql.conf', "shared_preload_libraries = 'citus'");
$coordinator->restart;

# All of Citus can be taken away again.
is($coordinator->safe_psql('cdr', 'SELECT cdr_undistribute()'), '300', 'cdr_undistribute with a computed column');
is($coordinator->safe_psql('cdr', 'SET client_min_messages = error; DROP EXTENSION citus; SELECT count(label) FROM conferencecall2'),
  '300', 'the tables no longer depend on Citus');

done_testing();

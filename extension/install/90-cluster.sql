-- Sharing the records with the nodes of a Citus cluster. The functions run as their caller, who has to
-- be a superuser or the owner of the tables.

CREATE FUNCTION @extschema@.cdr_distribute(OUT nodes bigint, OUT shards bigint, OUT records bigint)
LANGUAGE c VOLATILE PARALLEL UNSAFE COST 1000000
AS 'MODULE_PATHNAME', 'vidyo_cdr_distribute';
COMMENT ON FUNCTION @extschema@.cdr_distribute() IS
    'Spreads ConferenceCall2 by CallID over the nodes of the Citus cluster whose coordinator this is, and gives each node a copy of cdr_role_access; returns how many nodes and shards have how many records; raises 55000 without Citus, on a worker, or if a node has not the same version of the extension';
REVOKE ALL ON FUNCTION @extschema@.cdr_distribute() FROM PUBLIC;

CREATE FUNCTION @extschema@.cdr_undistribute()
RETURNS bigint
LANGUAGE c VOLATILE PARALLEL UNSAFE COST 1000000
AS 'MODULE_PATHNAME', 'vidyo_cdr_undistribute';
COMMENT ON FUNCTION @extschema@.cdr_undistribute() IS
    'Takes cdr_distribute back: brings all records and the entries of cdr_role_access to this server; returns how many records; raises 55000 if they are not distributed';
REVOKE ALL ON FUNCTION @extschema@.cdr_undistribute() FROM PUBLIC;

-- A shard is read by the role that runs the query, never through a view.
CREATE FUNCTION @extschema@.cdr_shard_sees_tenant(tenant text)
RETURNS boolean
LANGUAGE c STABLE STRICT PARALLEL SAFE COST 1
SUPPORT @extschema@.cdr_policy_support
AS 'MODULE_PATHNAME', 'vidyo_cdr_shard_sees_tenant';
COMMENT ON FUNCTION @extschema@.cdr_shard_sees_tenant(text) IS
    'For the policy on ConferenceCall2 while it is distributed: whether the current role has been granted access to the records of a tenant; raises 0A000 on a node without a copy of cdr_role_access';

-- A node that does not know of a membership would hide records, so a query asks it first.
CREATE FUNCTION @extschema@.cdr_shard_sees_all(tenants text[])
RETURNS boolean
LANGUAGE c STABLE PARALLEL SAFE COST 1
AS 'MODULE_PATHNAME', 'vidyo_cdr_shard_sees_all';
COMMENT ON FUNCTION @extschema@.cdr_shard_sees_all(text[]) IS
    'For queries of distributed records: true if the current role sees all these tenants on this node, and every tenant if tenants is NULL; raises 55000 otherwise';

-- The tenants that the caller sees. GROUP BY TenantName would read the whole index; this looks at three
-- of its entries for each tenant.

CREATE FUNCTION @extschema@.cdr_granted_tenants()
RETURNS text[]
LANGUAGE c STABLE PARALLEL RESTRICTED COST 100
AS 'MODULE_PATHNAME', 'vidyo_cdr_granted_tenants';
COMMENT ON FUNCTION @extschema@.cdr_granted_tenants() IS
    'The tenants to which the current role has access if it sees the records of no others; NULL if it may see more';

-- A role that sees everything goes from each name to the next. With row security that would step over
-- every hidden record, so a role that sees only some tenants looks these up. "= ANY", with the name in
-- ORDER BY, makes the planner use the tenants' index: with "=" it might search the index by time.
CREATE VIEW @extschema@.cdr_tenants WITH (security_invoker = true) AS
WITH RECURSIVE walk (TenantName) AS (
    (SELECT c.TenantName
     FROM @extschema@.ConferenceCall2 AS c
     WHERE @extschema@.cdr_granted_tenants() IS NULL
     ORDER BY c.TenantName LIMIT 1)
    UNION ALL
    SELECT (SELECT c.TenantName
            FROM @extschema@.ConferenceCall2 AS c
            WHERE c.TenantName > w.TenantName
            ORDER BY c.TenantName LIMIT 1)
    FROM walk AS w
    WHERE w.TenantName IS NOT NULL
), named (TenantName) AS (
    SELECT w.TenantName FROM walk AS w WHERE w.TenantName IS NOT NULL
    UNION ALL
    SELECT g.TenantName FROM pg_catalog.unnest(@extschema@.cdr_granted_tenants()) AS g (TenantName)
)
SELECT n.TenantName, first.JoinTime AS first_jointime, last.JoinTime AS last_jointime
FROM named AS n,
     LATERAL (SELECT c.JoinTime
              FROM @extschema@.ConferenceCall2 AS c
              WHERE c.TenantName = ANY (ARRAY[n.TenantName])
              ORDER BY c.TenantName, c.JoinTime LIMIT 1) AS first,
     LATERAL (SELECT c.JoinTime
              FROM @extschema@.ConferenceCall2 AS c
              WHERE c.TenantName = ANY (ARRAY[n.TenantName])
              ORDER BY c.TenantName DESC, c.JoinTime DESC LIMIT 1) AS last;

COMMENT ON VIEW @extschema@.cdr_tenants IS
    'The tenants whose records the reader sees, with the times of their first and last record; as fast in a large table as in a small one';
COMMENT ON COLUMN @extschema@.cdr_tenants.TenantName IS
    'Name of the tenant, as spelled in its records';
COMMENT ON COLUMN @extschema@.cdr_tenants.first_jointime IS
    'JoinTime of the tenant''s first record';
COMMENT ON COLUMN @extschema@.cdr_tenants.last_jointime IS
    'JoinTime of the tenant''s last record';

-- Harmless: the view reads the table as its caller, who needs SELECT there as well.
GRANT SELECT ON @extschema@.cdr_tenants TO PUBLIC;

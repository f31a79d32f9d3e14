-- Since 1.2: cdr_distribute and cdr_undistribute without a cluster; test/citus has them with one.
\set SHOW_CONTEXT never
SELECT * FROM cdr_distribute();
SELECT cdr_undistribute();

-- The SQLSTATEs.
\set VERBOSITY sqlstate
SELECT cdr_distribute();
SELECT cdr_undistribute();
\set VERBOSITY default

-- In a read-only transaction.
BEGIN READ ONLY;
SELECT cdr_distribute();
ROLLBACK;
BEGIN READ ONLY;
SELECT cdr_undistribute();
ROLLBACK;

-- A role without rights, and one that may call them.
CREATE ROLE regress_cdr_nobody;
SET ROLE regress_cdr_nobody;
SELECT cdr_distribute();
SELECT cdr_undistribute();
RESET ROLE;
GRANT EXECUTE ON FUNCTION cdr_distribute(), cdr_undistribute() TO regress_cdr_nobody;
SET ROLE regress_cdr_nobody;
SELECT cdr_distribute();
SELECT cdr_undistribute();
RESET ROLE;
REVOKE EXECUTE ON FUNCTION cdr_distribute(), cdr_undistribute() FROM regress_cdr_nobody;
DROP ROLE regress_cdr_nobody;

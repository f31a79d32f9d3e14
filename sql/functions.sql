-- Since 1.2: the extension's functions, and who may call them.
SELECT p.oid::regprocedure AS function, provolatile, proparallel, prosecdef,
       has_function_privilege('public', p.oid, 'EXECUTE') AS public_may_call
FROM pg_depend AS d JOIN pg_proc AS p ON p.oid = d.objid
WHERE d.classid = 'pg_proc'::regclass AND d.deptype = 'e'
  AND d.refobjid = (SELECT oid FROM pg_extension WHERE extname = 'vidyo_cdr')
ORDER BY p.oid::regprocedure::text;

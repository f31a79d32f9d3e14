-- The coded fields: each domain takes every code of its field and nothing else.
\set SHOW_CONTEXT never

-- Which field has which domain.
CREATE TEMP VIEW coded_field AS
SELECT c.field, a.atttypid::regtype AS domain
FROM (SELECT DISTINCT field FROM cdr_codes) AS c
JOIN pg_attribute AS a
  ON a.attrelid = 'conferencecall2'::regclass AND a.attname = lower(c.field);
SELECT * FROM coded_field ORDER BY field COLLATE "C";

-- All domains of the extension belong to a coded field.
SELECT typname FROM pg_type
WHERE typtype = 'd' AND typname LIKE 'cdr\_%'
  AND oid NOT IN (SELECT domain FROM coded_field);

-- Each accepted value.
CREATE FUNCTION pg_temp.accepts(domain regtype, value text) RETURNS boolean
LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('SELECT %L::%s', value, domain);
    RETURN true;
EXCEPTION WHEN check_violation THEN
    RETURN false;
END $$;
SELECT field, code, meaning, pg_temp.accepts(domain, code) AS accepted
FROM cdr_codes JOIN coded_field USING (field)
ORDER BY field COLLATE "C", code COLLATE "C";

-- A code of one field is no code of another, other spellings are no codes, and '' is none either.
SELECT domain, value
FROM coded_field,
     (SELECT code FROM cdr_codes UNION SELECT lower(code) FROM cdr_codes
      UNION SELECT code || ' ' FROM cdr_codes UNION SELECT '' UNION SELECT 'X' UNION SELECT '4'
      UNION SELECT '-1') AS candidate (value)
WHERE (value ~ '^-?[0-9]+$' OR domain <> 'cdr_completion_code'::regtype)
  AND pg_temp.accepts(domain, value)
  AND (field, value) NOT IN (SELECT field, code FROM cdr_codes);

-- NULL is left to the columns.
SELECT NULL::cdr_room_type IS NULL AS null_is_fine;

-- Invalid input: the constraint's name tells the field
SELECT 'X'::cdr_conference_type;
SELECT 'd'::cdr_endpoint_type;
SELECT 'Completed'::cdr_call_state;
SELECT ''::cdr_direction;
SELECT 'X'::cdr_access_type;
SELECT 'X'::cdr_room_type;
SELECT 4::cdr_completion_code;
\set VERBOSITY sqlstate
SELECT 'X'::cdr_conference_type;
SELECT 'X'::cdr_endpoint_type;
SELECT 'X'::cdr_call_state;
SELECT 'X'::cdr_direction;
SELECT 'X'::cdr_access_type;
SELECT 'X'::cdr_room_type;
SELECT (-1)::cdr_completion_code;
SELECT 'x'::cdr_completion_code;

-- DROP EXTENSION would take all records along. The guard itself sits where PostgreSQL drops the
-- table, in the library; the event trigger makes sure that the library is loaded by then.

CREATE FUNCTION @extschema@.cdr_guard_drop()
RETURNS event_trigger
LANGUAGE c VOLATILE PARALLEL UNSAFE COST 1
AS 'MODULE_PATHNAME', 'vidyo_cdr_guard_drop';
COMMENT ON FUNCTION @extschema@.cdr_guard_drop() IS
    'Loads the library before a command that could drop the extension, so that it can refuse while a table of the extension, or one that inherits from it, has rows (SQLSTATE 2BP01); vidyo_cdr.allow_drop = on lets the command pass';
REVOKE ALL ON FUNCTION @extschema@.cdr_guard_drop() FROM PUBLIC;

CREATE EVENT TRIGGER vidyo_cdr_guard_drop
    ON ddl_command_start
    WHEN TAG IN ('DROP EXTENSION', 'DROP SCHEMA', 'DROP OWNED')
    EXECUTE FUNCTION @extschema@.cdr_guard_drop();
ALTER EVENT TRIGGER vidyo_cdr_guard_drop ENABLE ALWAYS;
COMMENT ON EVENT TRIGGER vidyo_cdr_guard_drop IS
    'Keeps the extension from being dropped while its tables, or those that inherit from them, have rows';

-- DROP EXTENSION would delete all records. The guard itself is in the library, where PostgreSQL drops
-- the table; the event trigger makes sure that the library is loaded by then.

CREATE FUNCTION @extschema@.cdr_guard_drop()
RETURNS event_trigger
LANGUAGE c VOLATILE PARALLEL UNSAFE COST 1
AS 'MODULE_PATHNAME', 'vidyo_cdr_guard_drop';
COMMENT ON FUNCTION @extschema@.cdr_guard_drop() IS
    'Loads the library before a command that could drop the extension, so that the library can refuse the command (2BP01) while a table of the extension, or one that inherits from it, has rows, unless vidyo_cdr.allow_drop is on';
REVOKE ALL ON FUNCTION @extschema@.cdr_guard_drop() FROM PUBLIC;

CREATE EVENT TRIGGER vidyo_cdr_guard_drop
    ON ddl_command_start
    WHEN TAG IN ('DROP EXTENSION', 'DROP SCHEMA', 'DROP OWNED')
    EXECUTE FUNCTION @extschema@.cdr_guard_drop();
ALTER EVENT TRIGGER vidyo_cdr_guard_drop ENABLE ALWAYS;
COMMENT ON EVENT TRIGGER vidyo_cdr_guard_drop IS
    'Prevents dropping the extension while its tables, or tables that inherit from them, have rows';

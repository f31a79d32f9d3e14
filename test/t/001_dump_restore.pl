# pg_dump leaves out what an extension owns, unless the extension says otherwise: a restored database
# must hold every record as it was, number new ones alike, and keep all rules.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use CdrTest;
use PostgreSQL::Test::Utils;
use Test::More;

# Needs quoting wherever it is used. PostgreSQL lets no " ' $ or \ into an extension's schema.
my $schema = '"CDR; all of café"';
my $table = "$schema.conferencecall2";
my $export = "COPY (SELECT * FROM $schema.export_cdr()) TO STDOUT (FORMAT csv, HEADER)";

my $node = new_server('dump');
my $dumps = $node->backup_dir;

# Every code of every field, with all kinds of text, open and closed calls, CallIDs with gaps.
sub fill_database {
  my ($database) = @_;
  $node->safe_psql('postgres', "CREATE DATABASE $database");
  $node->safe_psql($database, <<"SQL");
CREATE SCHEMA $schema;
CREATE EXTENSION vidyo_cdr SCHEMA $schema;
SET search_path = $schema;
CREATE FUNCTION pg_temp.pick(i int, VARIADIC choices text[]) RETURNS text LANGUAGE sql
  AS 'SELECT choices[1 + i % cardinality(choices)]';
INSERT INTO conferencecall2
SELECT i * 3, i / 4, word, 'tenant ' || i % 7, pg_temp.pick(i, 'D', 'C', 'ID', 'IC'),
  pg_temp.pick(i, 'R', 'D', 'G', 'L', 'C'), word, nullif(word, ''), t, t + i % 6 * interval '1 us',
  pg_temp.pick(i, VARIADIC states), pg_temp.pick(i, 'I', 'O'), nullif(word, ','), word, NULL, '',
  word, word, word, pg_temp.pick(i, '203.0.113.7', '2001:db8::1', '10.1.0.0/16', NULL)::inet,
  pg_temp.pick(i, 'U', 'G', 'L', 'R', NULL), pg_temp.pick(i, 'M', 'P', 'S', NULL), word, word,
  i % 4, md5(i::text), nullif(i, 5)
FROM generate_series(1, 4000) i,
  (SELECT array_agg(code ORDER BY code) FROM cdr_codes WHERE field = 'CallState') AS known (states),
  LATERAL (SELECT '1999-12-31 23:59:59.123456Z'::timestamptz + i * interval '61 min 1 us',
    pg_temp.pick(i, '', 'plain', '"', '''', ',', E'two\\nlines', E'CR\\r\\nLF', '\\N', '\\.', E'tab\\t',
      ' space ', 'NULL', 'Zoë 会議 🎥', '=1+1')) AS various (t, word);
UPDATE conferencecall2 SET leavetime = NULL WHERE callid % 5 = 0;
SELECT setval('conferencecall2_callid_seq', 500000);
INSERT INTO conferencecall2 (uniquecallid, conferencename, tenantname, conferencetype,
  endpointtype, jointime, callstate, direction)
SELECT '1', '', '', 'D', 'R', '2026-01-01Z', 'RINGING', 'I' FROM generate_series(1, 20);
DO \$\$ BEGIN
  FOR i IN 1..3 LOOP
    PERFORM @{[ import_of('generate_series(1, 100 * i)') ]};
  END LOOP;
END \$\$;
SQL
}

# An expression that imports records of which none is accepted.
sub import_of {
  my ($rows) = @_;
  return "$schema.import_cdr('CallID,UniqueCallID,ConferenceName,TenantName,ConferenceType,"
    . "EndpointType,JoinTime,CallState,Direction' || (SELECT string_agg(E'\\n9,7,"
    . "\"Zoë, 会議\",t,C,D,2026-01-01 00:00:00,GONE ' || n || ',I', '' ORDER BY n) FROM $rows n), 'UTC')";
}

# All that must come back, as text: the records, the sequence, the indexes, the exported file.
sub contents {
  my ($database) = @_;
  return $node->safe_psql($database, <<"SQL");
SELECT count(*), md5(string_agg(r::text, E'\\n' ORDER BY callid)) FROM $table r;
SELECT last_value, is_called FROM $schema.conferencecall2_callid_seq;
SELECT count(*), md5(string_agg(i::text, E'\\n' ORDER BY import_id)) FROM $schema.cdr_import i;
SELECT count(*), md5(string_agg(r::text, E'\\n' ORDER BY reject_id)) FROM $schema.cdr_import_reject r;
SELECT indexname, indexdef FROM pg_indexes WHERE tablename IN ('conferencecall2', 'cdr_import',
  'cdr_import_reject') ORDER BY 1;
$export
SQL
}

# The number that the next record gets. The record is not kept, the sequence goes on.
sub next_callid {
  my ($database) = @_;
  return $node->safe_psql($database, <<"SQL");
BEGIN;
INSERT INTO $table (uniquecallid, conferencename, tenantname, conferencetype, endpointtype,
  jointime, callstate, direction)
VALUES ('2', '', '', 'D', 'R', '2026-01-02Z', 'RINGING', 'I') RETURNING callid;
ROLLBACK;
SQL
}

# The numbers that the next import and its reject get. Sequences go on, whatever is kept.
sub next_import {
  my ($database) = @_;
  return $node->safe_psql($database, <<"SQL");
BEGIN;
SELECT import_id FROM @{[ import_of('generate_series(1000, 1000)') ]};
SELECT import_id, reject_id FROM $schema.cdr_import_reject ORDER BY reject_id DESC LIMIT 1;
ROLLBACK;
SQL
}

# A restored database refuses codes that it does not know, and to be dropped with its records.
sub rules_hold {
  my ($database) = @_;
  for my $column (
    qw(conferencetype endpointtype callstate direction accesstype roomtype callcompletioncode)) {
    my $code = $column eq 'callcompletioncode' ? 9 : 'X';
    my $error = failure($node, $database, "UPDATE $table SET $column = '$code'");
    like("$error->{sqlstate} $error->{message}", qr/^23514 .*"${column}_code_known"/,
      "$database: a wrong $column is refused");
  }
  is(failure($node, $database, 'DROP EXTENSION vidyo_cdr')->{sqlstate}, '2BP01',
    "$database: the extension is not dropped with its records");
}

fill_database('source');
my $next = next_callid('source');
like(next_import('source'), qr/^4\n4\|301$/, 'the source numbers imports and rejects');
my $original = contents('source');
like($original, qr/^4020\|\w{32}\n500021\|t\n3\|\w{32}\n300\|\w{32}\n(c\w+\|CREATE .*\n){11}CallID,/,
  'the source holds what the test wants to see again');

$node->command_ok([ 'pg_dump', '-Fc', '-f', "$dumps/custom", 'source' ], 'pg_dump, custom format');
$node->command_ok([ 'pg_dump', '-f', "$dumps/plain.sql", 'source' ], 'pg_dump, plain');
$node->safe_psql('postgres', "CREATE DATABASE $_") for qw(from_custom from_plain from_schema);
$node->command_ok([ 'pg_restore', '--exit-on-error', '-d', 'from_custom', "$dumps/custom" ],
  'the custom dump is restored');
$node->command_ok(
  [ 'psql', '-Xq', '-v', 'ON_ERROR_STOP=1', '-f', "$dumps/plain.sql", 'from_plain' ],
  'the plain dump is restored');

for my $database (qw(from_custom from_plain)) {
  ok(contents($database) eq $original, "$database: records, sequence, indexes, file are the same");
  is(next_callid($database), $next + 1, "$database: the next record gets the same CallID");
  is(next_import($database), "5\n5|302", "$database: imports and rejects are numbered on");
  rules_hold($database);
}

$node->command_ok([ 'pg_dump', '--schema-only', '-f', "$dumps/schema.sql", 'source' ],
  'pg_dump --schema-only');
unlike(slurp_file("$dumps/schema.sql"), qr/^COPY|setval/m, 'it has no records');
$node->command_ok(
  [ 'psql', '-Xq', '-v', 'ON_ERROR_STOP=1', '-f', "$dumps/schema.sql", 'from_schema' ],
  'the schema is restored');
is($node->safe_psql('from_schema', "SELECT count(*) FROM $table"), 0, 'without records');

# The records and their sequence alone, for a database that has the extension.
$node->safe_psql('postgres', 'CREATE DATABASE records_only');
$node->safe_psql('records_only', "CREATE SCHEMA $schema; CREATE EXTENSION vidyo_cdr SCHEMA $schema");
$node->command_ok([ 'pg_dump', '--data-only', "--table=$table", "--table=${table}_callid_seq",
  '-f', "$dumps/records.sql", 'source' ], 'pg_dump of the records and their sequence');
$node->command_ok(
  [ 'psql', '-Xq', '-v', 'ON_ERROR_STOP=1', '-f', "$dumps/records.sql", 'records_only' ],
  'they are restored');
is(next_callid('records_only'), $next + 1, 'and the next record gets the same CallID');

done_testing();

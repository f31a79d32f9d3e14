# Whatever PostgreSQL refuses is refused in the same words with the extension's CSV writer, and the
# client receives the same until then. What an administrator does to export_cdr holds both ways.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use CdrTest;
use CopyBothWays;
use Test::More;

my $node = new_server('refusals', "session_preload_libraries = 'vidyo_cdr'\n");
create_database($node, 'cdr');
insert_records($node, 'cdr', 500);
watch_writer($node, 'cdr');
$node->safe_psql('cdr', <<'SQL');
CREATE ROLE reader;
CREATE ROLE canceller;
CREATE ROLE divider;
CREATE ROLE stranger;
GRANT SELECT ON conferencecall2 TO reader, canceller, divider;
CREATE POLICY all_records ON conferencecall2 TO reader USING (true);
CREATE FUNCTION cancel_session() RETURNS boolean LANGUAGE sql SECURITY DEFINER AS
  'SELECT pg_cancel_backend(pg_backend_pid())';
CREATE POLICY cancels ON conferencecall2 TO canceller USING (callid < 400 OR cancel_session());
CREATE POLICY divides ON conferencecall2 TO divider USING (1 / (callid - 400) < 2);
-- Puts another body in the place of export_cdr's.
CREATE FUNCTION replace_export_cdr(language text, body text) RETURNS void LANGUAGE plpgsql AS $f$
DECLARE
  definition text := pg_get_functiondef('export_cdr'::regproc);
BEGIN
  definition := regexp_replace(definition, ' LANGUAGE c\M', ' LANGUAGE ' || language);
  definition := regexp_replace(definition, 'SUPPORT \S+', '');
  definition := regexp_replace(definition, '\nAS .*', E'\nAS ') || body;
  EXECUTE definition;
END $f$;
CREATE TABLE three AS SELECT * FROM conferencecall2 LIMIT 3;
GRANT SELECT ON three TO exporter;
SQL
my $file = $node->data_dir . '/export.csv';

my $plain = '(SELECT * FROM public.export_cdr())';
my $one = '(SELECT "CallID" FROM public.export_cdr())';
my $filtered = '(SELECT "CallID", upper("CallerName") FROM public.export_cdr() WHERE "CallID" > 5)';
my $csv = '(FORMAT csv, HEADER)';
my $stdout = "TO STDOUT $csv";

# Title, SQLSTATE, role, what is done before as a superuser, and the statement; all of it is undone.
my @refused = (
  [ 'EXECUTE revoked', '42501', 'exporter', 'REVOKE EXECUTE ON FUNCTION export_cdr FROM PUBLIC', $stdout ],
  [ 'no SELECT', '42501', 'stranger', '', $stdout ],
  [ 'no SELECT on one column', '42501', 'stranger', 'GRANT SELECT (callid, jointime) ON conferencecall2 TO stranger', $stdout ],
  [ 'no USAGE on the schema', '42501', 'exporter', 'REVOKE USAGE ON SCHEMA public FROM PUBLIC', $stdout ],
  [ 'row_security = off', '42501', 'exporter', 'SET LOCAL row_security = off', $stdout ],
  [ 'an error in a policy', '22012', 'divider', '', $stdout ],
  [ 'over the limit', '54000', 'exporter', 'SET LOCAL vidyo_cdr.export_limit = 499', $stdout ],
  [ 'over the limit, to a file', '54000', 'exporter', 'SET LOCAL vidyo_cdr.export_limit = 499', "TO '$file' $csv" ],
  [ 'a cancel', '57014', 'canceller', '', $stdout ],
  [ 'no right to write files', '42501', 'reader', '', "TO '$file' $csv" ],
  [ 'no right to run programs', '42501', 'reader', '', "TO PROGRAM 'cat' $csv" ],
  [ 'a relative path', '42602', 'exporter', '', "TO 'export.csv' $csv" ],
  [ 'a missing folder', '58P01', 'exporter', '', "TO '@{[ $node->data_dir ]}/missing/x.csv' $csv" ],
  [ 'an unknown option', '42601', 'exporter', '', 'TO STDOUT (FORMAT csv, SPEED 3)' ],
  [ 'an option twice', '42601', 'exporter', '', 'TO STDOUT (FORMAT csv, HEADER, HEADER)' ],
  [ 'an unknown format', '22023', 'exporter', '', 'TO STDOUT (FORMAT cvs)' ],
  [ 'a long delimiter', '0A000', 'exporter', '', "TO STDOUT (FORMAT csv, DELIMITER ', ')" ],
  [ 'a delimiter that is the quote', '22023', 'exporter', '', q{TO STDOUT (FORMAT csv, DELIMITER '"')} ],
  [ 'a line break as delimiter', '22023', 'exporter', '', q{TO STDOUT (FORMAT csv, DELIMITER E'\n')} ],
  [ 'an empty quote', '0A000', 'exporter', '', q{TO STDOUT (FORMAT csv, QUOTE '')} ],
  [ 'NULL with the delimiter', qr/22023|0A000/, 'exporter', '', "TO STDOUT (FORMAT csv, NULL 'a,b')" ],
  [ 'an unknown encoding', '22023', 'exporter', '', "TO STDOUT (FORMAT csv, ENCODING 'utf9')" ],
  [ 'FORCE_QUOTE of an unknown column', '42703', 'exporter', '', 'TO STDOUT (FORMAT csv, FORCE_QUOTE (callid))' ],
  [ 'FORCE_QUOTE of a column twice', '42701', 'exporter', '', 'TO STDOUT (FORMAT csv, FORCE_QUOTE ("CallID", "CallID"))' ],
  [ 'FORCE_NOT_NULL', qr/22023|0A000/, 'exporter', '', 'TO STDOUT (FORMAT csv, FORCE_NOT_NULL ("CallID"))' ],
  [ 'an altered column type', '42804', 'exporter', 'ALTER EXTENSION vidyo_cdr DROP VIEW cdr_live; DROP VIEW cdr_live;
      ALTER EXTENSION vidyo_cdr DROP VIEW cdr_report; DROP VIEW cdr_report;
      ALTER TABLE conferencecall2 ALTER callcompletioncode TYPE integer', $stdout ],
  [ 'a renamed column', '42703', 'exporter', 'ALTER TABLE conferencecall2 RENAME devicemodel TO model', $stdout ],
  [ 'a limit of the function', '54000', 'exporter',
    'ALTER FUNCTION export_cdr SECURITY DEFINER SET vidyo_cdr.export_limit = 3', $stdout ],
  [ 'a limit that the caller may not set', '42501', 'exporter', 'ALTER FUNCTION export_cdr SET vidyo_cdr.export_limit = 3', $stdout ]);

my (@cases, @titles);

sub add_case {
  my ($title, $sqlstate, $role, $before, $statement) = @_;
  push @titles, [ $title, $sqlstate ];
  push @cases, { before => "BEGIN; $before; SET LOCAL ROLE $role;", sql => $statement };
}

for my $refused (@refused) {
  my ($title, $sqlstate, $role, $before, $to) = @$refused;
  for my $query ($plain, $one, $filtered) {
    add_case("$title, $query", $sqlstate, $role, $before, "COPY $query $to");
  }
}

# Statements that are refused for what stands in them, with nothing done before.
add_case(@$_) for (
  [ 'start after end', '22023', 'exporter', '', "COPY (SELECT * FROM export_cdr('2026-02-01', '2026-01-01')) $stdout" ],
  [ 'an argument that fails', '22012', 'exporter', '', "COPY (SELECT * FROM export_cdr(tenant => (1 / (random() * 0)::int)::text)) $stdout" ],
  [ 'a filter that fails', '22012', 'exporter', '', "COPY (SELECT * FROM public.export_cdr() WHERE 1 / (\"CallID\" - 100) < 2) $stdout" ],
  [ 'an expression that fails', '22012', 'exporter', '', "COPY (SELECT 1 / (\"CallID\" - 100) FROM public.export_cdr()) $stdout" ],
  [ 'a timeout in an expression', '57014', 'exporter', '',
    "SET LOCAL statement_timeout = '200ms'; COPY (SELECT \"CallID\", pg_sleep(0.05) FROM public.export_cdr()) TO '$file' $csv" ],
  [ 'a parameter', '42703', 'exporter', '',
    "DO \$\$ DECLARE t text := 't1'; BEGIN COPY (SELECT * FROM export_cdr(tenant => t)) TO '$file' $csv; END \$\$" ],
  [ 'STDOUT inside PL/pgSQL', '0A000', 'exporter', '', "DO \$\$ BEGIN COPY $plain $stdout; END \$\$" ],
  [ 'STDOUT in EXECUTE', '0A000', 'exporter', '', "DO \$\$ BEGIN EXECUTE 'COPY $plain $stdout'; END \$\$" ],
  [ 'over the limit in PL/pgSQL', '54000', 'exporter', 'SET LOCAL vidyo_cdr.export_limit = 9',
    "DO \$\$ BEGIN EXECUTE \$c\$COPY $plain TO '$file' $csv\$c\$; END \$\$" ]);
my $refused_count = @cases;

# What is allowed and must be done as the function now says.
my $replaced = q{SELECT replace_export_cdr('sql', '$$SELECT * FROM public.three$$')};
for my $query ($plain, $one, $filtered) {
  add_case("$$_[0], $query", '00000', @$_[1 .. 2], "COPY $query $stdout") for (
    [ 'SECURITY DEFINER', 'stranger', 'ALTER FUNCTION export_cdr SECURITY DEFINER' ],
    [ 'a setting of the function', 'exporter', "ALTER FUNCTION export_cdr SET TimeZone = 'Asia/Tokyo'" ],
    [ 'STRICT', 'exporter', 'ALTER FUNCTION export_cdr STRICT' ],
    [ 'another body', 'exporter', $replaced ],
    [ 'statistics of functions', 'exporter', "SET LOCAL track_functions = 'all'" ]);
}

my @pairs = both_ways($node, 'cdr', \@cases, user => $node->safe_psql('cdr', 'SELECT current_user'));
is(@pairs, @cases, 'every statement has been run');
for my $i (0 .. $#cases) {
  my ($title, $sqlstate) = @{ $titles[$i] };
  same_both_ways($pairs[$i], 'any', $title);
  like($pairs[$i]{on}{sqlstate}, qr/^(?:$sqlstate)$/, "$title: SQLSTATE");
  if ($sqlstate eq '54000') {
    unlike($pairs[$i]{on}{received}, qr/^\d/m, "$title: no record was sent");
  }
}

# The function's own properties had an effect.
my %rows;
for my $i ($refused_count .. $#cases) {
  $rows{ $titles[$i][0] } = ($pairs[$i]{on}{received} =~ tr/\n//) - 2;
}
is($rows{"SECURITY DEFINER, $plain"}, 500, 'a stranger exports by a SECURITY DEFINER function');
is($rows{"STRICT, $plain"}, 0, 'a STRICT function returns nothing for NULL');
is($rows{"another body, $plain"}, 3, "another body's records");

# Calls of export_cdr are counted both ways.
my $calls = "SELECT calls FROM pg_stat_xact_user_functions WHERE funcname = 'export_cdr'";
for my $way (qw(on off)) {
  my $out = $node->safe_psql('cdr', "SET track_functions = 'all'; SET vidyo_cdr.fast_copy = $way;
    BEGIN; COPY $plain TO '$file' $csv; $calls; COMMIT");
  is($out, 1, "fast_copy $way: the call is counted");
}

done_testing();

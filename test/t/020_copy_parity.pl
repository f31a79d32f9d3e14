# The extension's CSV writer gives the bytes of PostgreSQL's, whatever the types, texts, settings,
# options and form of the query: thousands of generated records through hundreds of generated
# statements, each run both ways. CDR_TEST_SEED gives another series, CDR_TEST_LONG a longer one.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use CdrTest;
use CopyBothWays;
use Test::More;

my $seed = $ENV{CDR_TEST_SEED} // 20;
srand $seed;
note("seed $seed");

sub pick { return $_[ rand @_ ] }

# Texts that a CSV writer can get wrong, and random ones made of their parts.
my @parts = ('"', "'", ',', ';', ':', '-', ' ', '|', "\t", "\r", "\n", '\\', '.', '\\.', '0', 'e', 'f',
  'x', '\\N', 'é', '日本', "\xF0\x9F\x98\x80", 'NULL', 'infinity', 'a' x 15, 'b' x 16, 'c' x 33);
my @texts = ('', @parts, '""', "\r\n", "\\.\n", "a\n\\.\nb", ' x', 'x ', '1', '-1', 'true', '{}',
  '日' x 9, 'a' x 15 . '"', 'a' x 16 . ',', 'a' x 31 . "\n", '2026-01-01', '10.0.0.1');
push @texts, map { join '', map { pick(@parts) } 1 .. 1 + rand 8 } 1 .. 250;

# Statistics that change between the two ways could change a plan, and so the order of the rows.
my $node = new_server('parity', "session_preload_libraries = 'vidyo_cdr'\nautovacuum = off\n");
create_database($node, 'cdr');
my $values = join ', ', map { "(convert_from('\\x" . unpack('H*', $_) . "', 'UTF8'))" } @texts;
$node->safe_psql('cdr', <<"SQL");
CREATE TABLE texts (id int GENERATED ALWAYS AS IDENTITY, t text);
INSERT INTO texts (t) VALUES $values;
-- Compressed, out of line, and both.
INSERT INTO texts (t) SELECT repeat(x, n) FROM (VALUES ('"', 3000), ('abc,', 9000), ('z', 200000)) AS v(x, n);
INSERT INTO texts (t) SELECT string_agg(sha256(i::text::bytea)::text, ',') FROM generate_series(1, 300) i;
CREATE FUNCTION text_of(i bigint, salt int) RETURNS text STABLE LANGUAGE sql AS
  'SELECT t FROM texts WHERE id = 1 + abs(hashint8extended(i, salt) % (@{[ @texts + 4 ]} + 30))';
CREATE TABLE moments AS SELECT row_number() OVER () AS id, t FROM unnest(ARRAY[
  '0001-01-01 00:00Z', '0001-12-31 23:59:59.999999Z', '9999-12-31 23:59:59.9Z', '10000-01-01Z', '0044-03-15 12:00Z BC',
  '4713-12-14Z BC', '294276-12-20Z', '1883-11-18 17:00Z', '1937-06-30 23:40:28Z', '1969-12-31 23:59:59.999999Z',
  '1970-01-01Z', '1999-12-31 23:59:59.5Z', '2000-01-01Z', '2026-03-08 06:59:59.999999Z', '2026-03-08 07:00Z',
  '2026-11-01 05:30Z', '2026-11-01 06:30Z', '2026-03-29 00:59:59Z', '2026-03-29 01:00Z', '2026-10-25 01:00:00.1Z',
  '2026-04-04 15:00Z', '2026-04-04 14:59:59.9999Z', '2026-10-03 15:30Z', '2038-01-19 03:14:08Z']::timestamptz[]) t;
CREATE INDEX ON texts (id);
INSERT INTO conferencecall2 (uniquecallid, conferencename, tenantname, conferencetype, endpointtype, callerid,
  callername, jointime, leavetime, callstate, direction, routerid, applicationname, devicemodel,
  endpointpublicipaddress, roomowner, applicationos, callcompletioncode, extension)
SELECT coalesce(left(text_of(i, 1), 300), ''), coalesce(text_of(i, 2), ''), 't' || i % 12, 'C', 'D', coalesce(text_of(i, 3), ''),
  text_of(i, 4), coalesce((SELECT t FROM moments WHERE id = i % 60),
    '2026-01-01Z'::timestamptz + i * interval '4007.000123 s' + i % 3 * interval '0.1 s'), NULL,
  'IN PROGRESS', 'I', text_of(i, 5), text_of(i, 6), text_of(i, 7),
  (ARRAY['0.0.0.0', '10.1.2.3', '255.255.255.255', '10.0.0.0/8', '::1', '2001:db8::/32', 'fe80::', '::', '2001:db8:0:1:1::a',
    '::ffff:10.1.2.3', '::10.1.2.3', NULL, 'ABCD:0:0:1:0:0:0:ff'])[1 + i % 13]::inet,
  coalesce(text_of(i, 8), ''), text_of(i, 9), i % 3, text_of(i, 10)
FROM generate_series(1, 3600) i;
UPDATE conferencecall2 SET leavetime = jointime + interval '1.5 h' WHERE callid % 5 > 0 AND jointime < '9999-12-31Z';
UPDATE conferencecall2 SET callid = -callid WHERE callid % 48 = 2;
UPDATE conferencecall2 SET callid = 9223372036854775807 WHERE callid = 3;
CREATE DOMAIN short_text AS text; CREATE DOMAIN small AS int2; CREATE DOMAIN moment AS timestamptz;
CREATE TYPE mood AS ENUM ('a,b', '"', 'plain', '\\.'); CREATE TYPE pair AS (a text, b timestamptz);
CREATE VIEW seen AS SELECT "CallID", "CallerName", "JoinTime" FROM export_cdr();
ANALYZE;
SQL
watch_writer($node, 'cdr');
$node->safe_psql('cdr', 'GRANT SELECT ON texts, moments, seen TO exporter;
  GRANT EXECUTE ON FUNCTION pg_read_binary_file(text) TO exporter');

# Expressions over the export's columns, for every common type. N is a row's number, T its text.
my @typed = map { s/\bN\b/("CallID" % 4000)/gr =~ s/\bT\b/"CallerName"/gr } (
  'T', 'T::varchar', 'T::char(40)', 'T::bpchar', 'left(T, 20)::name', 'left(T, 1)::"char"', 'N % 2 = 0', 'N::int2', 'N::int4',
  'N - 9223372036854770000', '(-32768 - 0 * N)::int2', '(-2147483648 - 0 * N)::int4', '(N / 7.0)::float4', '(N / 7.0)::float8',
  '1e300 * N * N::float8', "'NaN'::float8", "CASE N % 3 WHEN 0 THEN float8 '-infinity' ELSE 0.1 END", 'N::numeric / 7',
  "numeric 'NaN'", "numeric '-Infinity'", 'round(N::numeric, 10)', '"JoinTime"::date', '"JoinTime"::time', '"JoinTime"::timetz',
  '"JoinTime"::timestamp', '"JoinTime"', '"LeaveTime"', "timestamptz 'infinity'", "timestamptz '-infinity'", "date 'infinity'",
  "timestamp '-infinity'", '"JoinTime"::moment', '"LeaveTime" - "JoinTime"', "N * interval '1 month -3 days 04:05:06.7'",
  '"EndpointPublicIPAddress"', 'network("EndpointPublicIPAddress")', '"EndpointPublicIPAddress"::text', "convert_to(T, 'UTF8')",
  'md5(T)::uuid', 'to_json(T)', 'to_jsonb(ARRAY[T, NULL])', 'ARRAY[T, NULL, \'a,b\']', 'ARRAY[N, -N]', 'ARRAY["JoinTime"]',
  'int8range(N, N + 5)', 'tstzrange("JoinTime", "LeaveTime")', 'ROW(N, T)', 'ROW(T, "JoinTime")::pair', 'T::short_text',
  '(N % 100)::small', "(enum_range(NULL::mood))[1 + abs(N) % 5]", 'point(N, 0.1)', 'N::bit(12)', 'abs(N)::oid', '0::regclass',
  'N::text', "to_tsvector('simple', T)", 'macaddr \'08:00:2b:01:02:03\'', 'NULL', 'NULL::int8', "''", "'\\.'", "'x' || T");
my @columns = map { qq("$_") } split /,/, export_header();

sub some { my $from = shift; return map { pick(@$from) } 1 .. 1 + rand 7 }

# The function with arguments that leave a few hundred records, seldom all.
sub export { return rand() < 0.04 ? 'export_cdr()' : sprintf "export_cdr(tenant => 't%d')", rand 12 }

# A form of query over the export, with one alias for each column of its result.
sub query {
  my @list = rand() < 0.5 ? some(\@columns) : some(\@typed);
  my $i = 0;
  my $list = join ', ', map { "$_ AS c" . ++$i } @list;
  my ($from, $plain) = (export(), join ', ', some(\@columns));
  return pick(
    "SELECT * FROM $from", "SELECT * FROM $from", "SELECT $plain FROM $from", "SELECT $plain FROM $from",
    "SELECT $list FROM $from", "SELECT $list FROM $from", "SELECT $list FROM $from", "SELECT $list FROM $from",
    "SELECT FROM $from", 'SELECT ' . pick(@columns) . " FROM $from", 'SELECT ' . pick(@typed) . " FROM $from",
    'SELECT ' . join(', ', (pick(@columns)) x 1000) . ' FROM export_cdr(\'2026-02-02\', \'2026-02-03\', NULL)',
    "SELECT $list FROM $from WHERE \"CallID\" % 3 = 1", "SELECT $list FROM $from ORDER BY \"CallerName\", \"CallID\"",
    "SELECT $list FROM $from LIMIT 77", "SELECT $list FROM $from OFFSET 20", "SELECT DISTINCT \"RoomOwner\" FROM $from",
    "SELECT $list FROM $from LEFT JOIN texts ON id = \"CallID\" % 50", "SELECT t.*, e.* FROM $from e JOIN moments t ON id = \"CallID\"",
    "SELECT \"TenantName\", count(*), max(\"JoinTime\"), avg(\"CallID\") FROM $from GROUP BY 1",
    "SELECT \"CallID\", \"CallerName\" FROM $from UNION ALL SELECT id, t FROM texts", 'SELECT * FROM seen',
    "WITH e AS MATERIALIZED (SELECT * FROM $from) SELECT $list FROM e", "SELECT * FROM $from WITH ORDINALITY",
    "SELECT $list, row_number() OVER (ORDER BY \"CallID\") FROM $from", "SELECT e FROM $from e",
    "SELECT x, \"JoinTime\" FROM moments, LATERAL export_cdr(t, t + interval '9 days') e(x) WHERE isfinite(t) AND t < '9999-01-01'",
    "SELECT \"CallID\", generate_series(1, 3), \"CallerName\" FROM $from", 'SELECT export_cdr(tenant => \'t1\')', 'SELECT (export_cdr()).*',
    "SELECT $plain FROM export_cdr(now() - interval '6000 years', '2026-01-02'::date + 70, lower('T2'))",
    "SELECT $plain FROM export_cdr((SELECT min(t) FROM moments), NULL, (SELECT 't' || max(id) % 5 FROM moments))",
    "SELECT \"JoinTime\", set_config('DateStyle', CASE WHEN \"CallID\" % 9 < 4 THEN 'German' ELSE 'ISO' END, false), \"LeaveTime\" FROM $from",
    "SELECT \"JoinTime\", set_config('TimeZone', CASE WHEN \"CallID\" % 9 < 4 THEN 'Asia/Kolkata' ELSE 'UTC' END, false), \"LeaveTime\" FROM $from");
}

my @nulls = map { "'$_'" } '', '', 'NULL', '0', '-', 'infinity', '\\N', 'f', 'x', '\\.', ' ', '1', '日本', '10.0.0.1', '::1', 'fe80::';

sub options {
  my ($query) = @_;
  my $forced = pick('*', $query =~ /AS c1\b/ ? '(c1)' : $query =~ /^SELECT \* FROM export_cdr[^W]*$/ ? '("CallID", "JoinTime")' : '*');
  my $quote = rand() < 0.7 ? undef : pick(qw(' ~ | 0 e), '"');
  my @options = ('FORMAT csv', grep { rand() < 0.35 } (
    pick('HEADER', 'HEADER false', 'HEADER on', 'HEADER 1'), 'DELIMITER ' . pick(map { "'$_'" } qw(; : - 0 e | .), ' ', ',', "\t", '+'),
    'NULL ' . pick(@nulls), 'ESCAPE ' . pick("'\\'", "'\"'", "'a'", "''''", "'0'"), 'FORCE_QUOTE ' . $forced,
    'ENCODING ' . pick(qw('UTF8' 'utf-8' 'SQL_ASCII' 'LATIN1'))));
  push @options, 'QUOTE ' . ($quote eq "'" ? "''''" : "'$quote'") if defined $quote;
  return '(' . join(', ', @options) . ')';
}

sub settings {
  my %values = (DateStyle => [qw(ISO SQL Postgres German), 'ISO, DMY', 'SQL, DMY'], TimeZone => [qw(America/New_York
    Asia/Kolkata Australia/Lord_Howe Europe/Amsterdam <A>+167:59 Asia/Kathmandu Africa/Monrovia UTC)], IntervalStyle => [qw(postgres
    iso_8601 sql_standard postgres_verbose)], extra_float_digits => [ -15, 0, 3 ], bytea_output => [qw(escape hex)],
    client_encoding => [qw(UTF8 UTF8 UTF8 LATIN1 SJIS SQL_ASCII)]);
  return join ' ', map { "SET $_ = '" . pick(@{ $values{$_} }) . "';" } grep { rand() < 0.4 } sort keys %values;
}

my $file = $node->data_dir . '/parity.csv';
my %count;
my $batches = amount(5, 16);
for my $batch (1 .. $batches) {
  my @cases = map {
    my $query = query();
    my $options = options($query);
    my $copy = "COPY ($query) TO STDOUT $options";
    if (rand() < 0.15) {
      $copy =~ s/TO STDOUT/TO '$file'/;
      $copy = "DO \$do\$ BEGIN EXECUTE \$copy\$$copy\$copy\$; END \$do\$" if rand() < 0.5;
      $copy .= ";\nSELECT encode(pg_read_binary_file('$file'), 'hex')";
    }
    { sql => $copy, settings => settings() };
  } 1 .. 25;
  my @pairs = both_ways($node, 'cdr', \@cases);
  for my $i (0 .. $#cases) {
    my ($on, $case) = ($pairs[$i]{on}, $cases[$i]);
    my $converts = "$case->{settings} $case->{sql}" =~ /LATIN1|SJIS/;
    my $read = $on->{messages} eq '';
    $count{ $on->{messages} eq '' ? $on->{writer} : 'refused' }++;
    same_both_ways($pairs[$i], $read && !$converts ? 'fast' : 'any', "batch $batch, statement $i")
      or diag(substr "$case->{settings} $case->{sql}", 0, 1500);
  }
}
note(join ', ', map { "$_: $count{$_}" } sort keys %count);
cmp_ok($count{fast}, '>', 12 * $batches, 'most statements were written by the extension');

# What changes data is PostgreSQL's to write.
my @changing = map { { sql => "COPY ($_) TO STDOUT (FORMAT csv)" } } (
  'WITH w AS (UPDATE conferencecall2 SET gwid = 1 WHERE callid = 17 RETURNING callid) SELECT e."CallID", w.callid FROM export_cdr() e, w',
  'UPDATE conferencecall2 SET gwid = 1 FROM export_cdr() WHERE callid = "CallID" AND callid < 100 RETURNING "CallID", gwid');
my @pairs = both_ways($node, 'cdr', \@changing);
same_both_ways($pairs[$_], 'PostgreSQL', "a COPY that changes data, $_") for 0, 1;

done_testing();

# The extension's schema can be renamed while sessions live that have exported before, and somebody
# else may then make a schema of the old name: every export reads the extension's own table.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use CdrTest;
use Test::More;

my $node = new_server('renamed');
$node->safe_psql('postgres', 'CREATE DATABASE cdr');
$node->safe_psql('cdr', 'CREATE SCHEMA first; CREATE EXTENSION vidyo_cdr SCHEMA first');
$node->safe_psql('cdr', <<'SQL');
INSERT INTO first.conferencecall2 (uniquecallid, conferencename, tenantname, conferencetype,
  endpointtype, jointime, callstate, direction)
SELECT i, 'real', 'tenant', 'D', 'R', '2026-01-01Z', 'RINGING', 'I' FROM generate_series(1, 30) i;
CREATE VIEW exported AS SELECT * FROM first.export_cdr();
SQL

# A session that keeps the plans of its exports.
my $session = background_session($node, 'cdr');
my $what = q(SELECT string_agg(DISTINCT "ConferenceName", ' '), count(*) FROM);

sub exports_real_records {
  my ($schema, $name) = @_;
  my $one_tenant = "$schema.export_cdr(tenant => 'tenant')";
  is($session->query_safe("$what $schema.export_cdr()"), 'real|30', "$name: all tenants");
  is($session->query_safe("$what $one_tenant"), 'real|30', "$name: one tenant");
  is($session->query_safe("$what exported"), 'real|30', "$name: through a view");
  my $copied = $session->query_safe("COPY (SELECT * FROM $schema.export_cdr()) TO STDOUT CSV");
  is(() = $copied =~ /^\d+,\d+,real,/mg, 30, "$name: with COPY");
  my $text = $session->query_safe("SELECT $schema.export_cdr_csv(header => false)");
  is(() = $text =~ /^\d+,\d+,real,/mg, 30, "$name: as text");
  my $refused = failure($node, 'cdr', "SET vidyo_cdr.export_limit = 5; SELECT FROM $one_tenant");
  like($refused->{hint}, qr/FROM $schema\.conferencecall2/, "$name: a hint names the schema");
}

exports_real_records('first', 'before');
$node->safe_psql('cdr', 'ALTER SCHEMA first RENAME TO second');
exports_real_records('second', 'renamed');

my $fake = <<'SQL';
CREATE SCHEMA first;
CREATE TABLE first.conferencecall2 (LIKE second.conferencecall2 INCLUDING INDEXES);
INSERT INTO first.conferencecall2 SELECT * FROM second.conferencecall2;
UPDATE first.conferencecall2 SET conferencename = 'fake';
SQL
$node->safe_psql('cdr', $fake);
exports_real_records('second', 'another schema has the old name');

# Both changes between two exports, and in the middle of a transaction.
$node->safe_psql('cdr', 'DROP SCHEMA first CASCADE; ALTER SCHEMA second RENAME TO first');
exports_real_records('first', 'renamed back');
$session->query_safe('BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1');
$node->safe_psql('cdr', "ALTER SCHEMA first RENAME TO second; $fake");
exports_real_records('second', 'both between two exports in a transaction');
$session->query_safe('COMMIT');

# A search_path that leads to other tables, types and operators changes nothing.
$node->safe_psql('cdr', <<'SQL');
CREATE FUNCTION first.no(timestamptz, timestamptz) RETURNS boolean LANGUAGE sql AS 'SELECT false';
CREATE FUNCTION first.no(text, text) RETURNS boolean LANGUAGE sql AS 'SELECT false';
CREATE OPERATOR first.>= (LEFTARG = timestamptz, RIGHTARG = timestamptz, FUNCTION = first.no);
CREATE OPERATOR first.< (LEFTARG = timestamptz, RIGHTARG = timestamptz, FUNCTION = first.no);
CREATE OPERATOR first.= (LEFTARG = text, RIGHTARG = text, FUNCTION = first.no);
CREATE DOMAIN first.cdr_direction AS text CHECK (VALUE = 'fake');
SQL
for my $path (q(first, pg_catalog), q(''), q(second, first, pg_catalog)) {
  $session->query_safe("SET search_path = $path");
  is($session->query_safe("$what second.export_cdr(tenant => 'tenant')"), 'real|30',
    "search_path $path");
  my $new_session = "SET search_path = $path; $what second.export_cdr(NULL, '2027-01-01')";
  is($node->safe_psql('cdr', $new_session), 'real|30', "search_path $path, new session");
}
$session->quit;

done_testing();

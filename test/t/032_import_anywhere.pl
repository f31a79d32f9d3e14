# import_cdr works for any caller with the privileges, under any search_path and settings, wherever the
# extension is, and through psql with a client's file as docs/importing.md shows it.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use CdrTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = new_server('import_anywhere');
$node->safe_psql('postgres', 'CREATE DATABASE cdr');
$node->safe_psql('cdr', 'CREATE SCHEMA "My cdr"; CREATE EXTENSION vidyo_cdr SCHEMA "My cdr"');
my $folder = PostgreSQL::Test::Utils::tempdir;
chmod 0755, $folder;
my $file = portal_file("$folder/export.csv", [ 1 .. 3 ]);
my $counts = 'SELECT inserted, updated, unchanged, rejected FROM';

# Privileges: cdr_grant_import gives them, and each that is missing is told by its name.
$node->safe_psql('cdr', 'CREATE ROLE importer LOGIN; GRANT USAGE ON SCHEMA "My cdr" TO importer; '
    . 'SELECT "My cdr".cdr_grant_import(\'importer\')');
is(failure($node, 'cdr', qq{SELECT "My cdr".import_cdr_file('$file')}, user => 'importer')->{sqlstate}, '42501',
  'without pg_read_server_files');
$node->safe_psql('cdr', 'GRANT pg_read_server_files TO importer');
my @needed = (
  [ 'EXECUTE ON FUNCTION "My cdr".import_cdr_file', qr/function import_cdr_file$/ ],
  [ 'SELECT, INSERT, UPDATE ON "My cdr".cdr_import', qr/table cdr_import$/ ],
  [ 'SELECT, INSERT, UPDATE ON "My cdr".conferencecall2', qr/table conferencecall2$/ ],
  [ 'SELECT, INSERT, UPDATE ON "My cdr".cdr_import_reject', qr/table cdr_import_reject$/ ],
  [ 'SELECT, UPDATE ON SEQUENCE "My cdr".conferencecall2_callid_seq',
    qr/sequence conferencecall2_callid_seq$/ ]);
for my $needed (@needed) {
  my ($privilege, $message) = @$needed;
  $node->safe_psql('cdr', "REVOKE $privilege FROM importer");
  my $error = failure($node, 'cdr', qq{SELECT "My cdr".import_cdr_file('$file')}, user => 'importer');
  is($error->{sqlstate}, '42501', "without $privilege");
  like($error->{message}, $message, 'the message');
  $node->safe_psql('cdr', "GRANT $privilege TO importer");
}
is($node->safe_psql('cdr', qq{$counts "My cdr".import_cdr_file('$file')},
  connstr => $node->connstr('cdr') . ' user=importer'), '3|0|0|0', 'with all of them');
is($node->safe_psql('cdr', 'SELECT DISTINCT imported_by FROM "My cdr".cdr_import'), 'importer',
  'the import is noted as the role\'s');
$node->safe_psql('cdr', 'REVOKE pg_read_server_files FROM importer');
my $refused = failure($node, 'cdr', qq{SELECT "My cdr".import_cdr_file('$file')}, user => 'importer');
like($refused->{hint}, qr/\\set csv `cat FILE`, then import_cdr\(:'csv'\)\.$/, 'the hint names the other way');

# Whatever other schemas hold, and whatever the session has set.
my $hostile = <<'SQL';
CREATE SCHEMA hostile;
CREATE TABLE hostile.conferencecall2 (LIKE "My cdr".conferencecall2);
CREATE TABLE hostile.cdr_import (LIKE "My cdr".cdr_import);
CREATE TABLE hostile.incoming_records (LIKE "My cdr".conferencecall2);
CREATE FUNCTION hostile.fail(anyelement, anyelement) RETURNS boolean LANGUAGE plpgsql AS
  $$ BEGIN RAISE 'hostile operator'; END $$;
CREATE FUNCTION hostile.now() RETURNS timestamptz LANGUAGE plpgsql AS
  $$ BEGIN RAISE 'hostile function'; END $$;
CREATE FUNCTION hostile.hashtextextended(text, integer) RETURNS bigint LANGUAGE plpgsql AS
  $$ BEGIN RAISE 'hostile function'; END $$;
CREATE OPERATOR hostile.= (FUNCTION = hostile.fail, LEFTARG = anyelement, RIGHTARG = anyelement);
CREATE OPERATOR hostile.< (FUNCTION = hostile.fail, LEFTARG = anyelement, RIGHTARG = anyelement);
CREATE FUNCTION hostile.fail(bigint, bigint) RETURNS boolean LANGUAGE plpgsql AS
  $$ BEGIN RAISE 'hostile operator'; END $$;
CREATE FUNCTION hostile.fail(text, text) RETURNS boolean LANGUAGE plpgsql AS
  $$ BEGIN RAISE 'hostile operator'; END $$;
CREATE OPERATOR hostile.= (FUNCTION = hostile.fail, LEFTARG = bigint, RIGHTARG = bigint);
CREATE OPERATOR hostile.< (FUNCTION = hostile.fail, LEFTARG = bigint, RIGHTARG = bigint);
CREATE OPERATOR hostile.= (FUNCTION = hostile.fail, LEFTARG = text, RIGHTARG = text);
CREATE DOMAIN hostile.text AS pg_catalog.text CHECK (false);
SQL
$node->safe_psql('cdr', $hostile);
my $settings = <<'SQL';
SET client_min_messages = warning;
CREATE TEMP TABLE conferencecall2 (callid int);
CREATE TEMP TABLE incoming_records (callid int);
CREATE TEMP TABLE incoming_rejects (callid int);
SET search_path = hostile, pg_temp, pg_catalog;
SET DateStyle = 'SQL, DMY';
SET IntervalStyle = 'iso_8601';
SET TimeZone = 'Asia/Kathmandu';
SET standard_conforming_strings = off;
SET backslash_quote = off;
SET default_transaction_isolation = 'repeatable read';
SET extra_float_digits = -15;
SET enable_indexscan = off;
SET enable_seqscan = off;
SET work_mem = '64kB';
SQL
my $stored = q{SELECT md5(string_agg(r::text, ' ' ORDER BY callid)) FROM "My cdr".conferencecall2 r};
my $original = $node->safe_psql('cdr', $stored);
my $schema = '"My cdr"';
for my $time ('first', 'renamed') {
  my $empty = "TRUNCATE $schema.conferencecall2, $schema.cdr_import, $schema.cdr_import_reject";
  # New, unchanged, completed, refused and resolved: every statement of an import runs.
  portal_file($file, [ 1 .. 3 ], leave => '2026-02-01 00:00:00');
  my $import = "$counts $schema.import_cdr_file('$file', 'UTC');";
  is($node->safe_psql('cdr', "$empty; $settings $import $import"), "0|0|0|3\n0|0|0|3", "$time: rejects");
  portal_file($file, [ 1 .. 3 ]);
  is($node->safe_psql('cdr', "$settings $import UPDATE $schema.conferencecall2
    SET leavetime = NULL, callstate = 'RINGING'; $import $import"),
    "3|0|0|0\n0|3|0|0\n0|0|3|0", "$time: inserted, updated, unchanged");
  is($node->safe_psql('cdr', "SELECT count(*) FROM $schema.cdr_import_reject WHERE resolved_at IS NOT NULL"),
    3, "$time: resolved");
  is($node->safe_psql('cdr', $stored =~ s/"My cdr"/$schema/r), $original, "$time: the same records");
  if ($time eq 'first') {
    $node->safe_psql('cdr', q{ALTER SCHEMA "My cdr" RENAME TO "an""other"});
    $schema = '"an""other"';
  }
}
is($node->safe_psql('cdr', 'SELECT count(*) FROM hostile.conferencecall2'), 0, 'nothing went elsewhere');

# A file of the client's, as docs/importing.md shows it: in UTF-8, and in LATIN1 without and with the cure.
sub import_with_psql {
  my ($name, $encoding) = @_;
  portal_file($file, [ 1 ], name => sub { $name });
  local $ENV{PGCLIENTENCODING} = $encoding;
  $node->safe_psql('cdr', "TRUNCATE $schema.conferencecall2");
  my ($code, $out, $err) = $node->psql('cdr', "SET search_path = $schema;\n\\set csv `cat $file`\n"
      . "$counts import_cdr(:'csv', 'UTC');\nSELECT encode(convert_to(callername, 'UTF8'), 'hex') FROM conferencecall2;\n");
  return ($out, $err);
}
my ($out) = import_with_psql("Zo\xc3\xab", 'UTF8');
is($out, "1|0|0|0\n5a6fc3ab", 'psql: UTF-8');
($out, my $err) = import_with_psql("Zo\xeb", 'UTF8');
is($out, '', 'psql: LATIN1 taken for UTF-8 imports nothing');
like($err, qr/invalid byte sequence for encoding "UTF8": 0xeb|invalid multibyte character/,
  'psql: the message that docs/errors.md has');
($out) = import_with_psql("Zo\xeb", 'LATIN1');
is($out, "1|0|0|0\n5a6fc3ab", 'psql: with PGCLIENTENCODING=LATIN1');

done_testing();

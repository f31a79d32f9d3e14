# Dropping the extension would take all call detail records along. Every command that would do so is
# refused while there are any, whether the library was loaded before or not, and no other command is.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use CdrTest;
use Test::More;

my $node = new_server('guard');
$node->safe_psql('postgres', 'CREATE DATABASE cdr');
$node->safe_psql('cdr', <<'SQL');
CREATE ROLE keeper SUPERUSER LOGIN;
CREATE ROLE bystander LOGIN;
CREATE SCHEMA cdr;
CREATE SCHEMA other CREATE TABLE conferencecall2 (callid int);
INSERT INTO other.conferencecall2 VALUES (1);
CREATE EXTENSION hstore;
CREATE TABLE public.conferencecall2 (callid int);
INSERT INTO public.conferencecall2 VALUES (1);
ALTER EXTENSION hstore ADD TABLE public.conferencecall2;
CREATE TABLE bystanders_table ();
ALTER TABLE bystanders_table OWNER TO bystander;
SET ROLE keeper;
CREATE EXTENSION vidyo_cdr SCHEMA cdr;
INSERT INTO cdr.conferencecall2 (uniquecallid, conferencename, tenantname, conferencetype,
  endpointtype, jointime, callstate, direction)
VALUES ('1', '', '', 'D', 'R', '2026-01-01Z', 'RINGING', 'I');
SQL

my %session = (
  'new session' => '',
  'library loaded' => "LOAD 'vidyo_cdr';",
  'as a replica' => 'SET session_replication_role = replica;');

# The command runs; the transaction that it runs in is rolled back.
sub passes {
  my ($before, $command, $name) = @_;
  is_deeply(failure($node, 'cdr', "$before BEGIN; $command; ROLLBACK"), {}, $name);
}

my @drops = (
  'DROP EXTENSION vidyo_cdr',
  'DROP EXTENSION IF EXISTS vidyo_cdr CASCADE',
  'DROP EXTENSION hstore, vidyo_cdr',
  'DROP SCHEMA cdr CASCADE',
  'DROP SCHEMA other, cdr CASCADE',
  'DROP OWNED BY keeper',
  'DROP OWNED BY bystander, keeper CASCADE');
my %refusal = (
  sqlstate => '2BP01',
  message => 'cannot drop extension vidyo_cdr because its data would be lost',
  detail => 'These tables are not empty: cdr.conferencecall2.',
  hint => 'Back up what you need, then set vidyo_cdr.allow_drop to on and run the command again.');

my @other_commands = (
  'DROP EXTENSION hstore',
  'DROP EXTENSION IF EXISTS no_such_extension',
  'DROP SCHEMA other CASCADE',
  'DROP OWNED BY bystander',
  'DROP TABLE other.conferencecall2',
  'CREATE SCHEMA AUTHORIZATION bystander; SET ROLE bystander; DROP SCHEMA bystander CASCADE',
  'CREATE TEMP TABLE conferencecall2 AS SELECT 1; DROP TABLE pg_temp.conferencecall2');

for my $name (sort keys %session) {
  my $before = $session{$name};
  for my $drop (@drops) {
    is_deeply(failure($node, 'cdr', "$before $drop"), \%refusal, "$name: refused: $drop");
  }
  passes($before, $_, "$name: passes: $_") for @other_commands;
  passes("$before SET vidyo_cdr.allow_drop = on;", $_, "$name: allowed: $_") for @drops;
  passes($before, "TRUNCATE cdr.conferencecall2; $_", "$name: no records: $_") for @drops;

  # PostgreSQL's own refusals come first, and tell nothing about records.
  is_deeply(
    failure($node, 'cdr', "$before DROP SCHEMA cdr"),
    { sqlstate => '2BP01',
      message => 'cannot drop schema cdr because other objects depend on it',
      detail => 'extension vidyo_cdr depends on schema cdr',
      hint => 'Use DROP ... CASCADE to drop the dependent objects too.' },
    "$name: DROP SCHEMA without CASCADE");
  for my $object ('EXTENSION vidyo_cdr', 'SCHEMA cdr') {
    is_deeply(
      failure($node, 'cdr', "$before SET ROLE bystander; DROP $object CASCADE"),
      { sqlstate => '42501', message => 'must be owner of ' . lc($object),
        detail => undef, hint => undef },
      "$name: DROP $object by a user who does not own it");
  }
}

# What inherits from a table of the extension goes with it under CASCADE, and the words name what there
# is. A table of one's own that is dropped by itself is its owner's business.
$node->safe_psql('cdr', <<'SQL');
CREATE SCHEMA archive;
CREATE TABLE archive.year_2025 () INHERITS (cdr.conferencecall2);
CREATE TABLE archive.march () INHERITS (archive.year_2025);
CREATE TABLE archive.other_parent ();
ALTER TABLE archive.march INHERIT archive.other_parent;
CREATE TABLE archive.january () INHERITS (archive.year_2025);
SQL
my $record = "(callid, uniquecallid, conferencename, tenantname, conferencetype, endpointtype, jointime,
  callstate, direction) VALUES (7, '1', '', '', 'D', 'R', '2026-01-01Z', 'RINGING', 'I')";
my %rows = (
  'archive.year_2025' => "INSERT INTO archive.year_2025 $record",
  'archive.march' => "INSERT INTO archive.march $record",
  'cdr.cdr_feed' => "INSERT INTO cdr.cdr_feed (source_schema, source_name)
    VALUES ('s', 't')",
  'cdr.conferencecall2, archive.january' => "INSERT INTO archive.january $record;
    INSERT INTO cdr.conferencecall2 $record");
for my $tables (sort keys %rows) {
  my $name = "rows in $tables";
  $node->safe_psql('cdr', "TRUNCATE cdr.conferencecall2, cdr.cdr_feed CASCADE; $rows{$tables}");
  for my $before (@session{ 'library loaded', 'new session' }) {
    for my $drop ('DROP EXTENSION vidyo_cdr CASCADE', 'DROP SCHEMA cdr CASCADE',
      'DROP SCHEMA archive, cdr CASCADE', 'DROP OWNED BY keeper CASCADE') {
      is_deeply(failure($node, 'cdr', "$before $drop"),
        { %refusal, detail => "These tables are not empty: $tables." }, "$name: $before $drop");
    }
  }
}
passes("SET vidyo_cdr.allow_drop = on;", 'DROP EXTENSION vidyo_cdr CASCADE', 'allowed: children too');
for my $before (@session{ 'library loaded', 'new session' }) {
  passes($before, $_, "passes: $before $_")
    for 'DROP TABLE archive.march, archive.january', 'DROP SCHEMA archive CASCADE',
    'DROP TABLE archive.year_2025 CASCADE', 'TRUNCATE cdr.conferencecall2',
    'LOCK TABLE cdr.conferencecall2; DROP TABLE archive.january';
}
$node->safe_psql('cdr', 'TRUNCATE cdr.conferencecall2, cdr.cdr_feed CASCADE');
$node->safe_psql('cdr', "DROP SCHEMA archive CASCADE; INSERT INTO cdr.conferencecall2 $record");

is($node->safe_psql('cdr', <<'SQL'), "1|1|1|1", 'all is still there');
SELECT (SELECT count(*) FROM cdr.conferencecall2), (SELECT count(*) FROM other.conferencecall2),
  (SELECT count(*) FROM public.conferencecall2), (SELECT count(*) FROM pg_extension WHERE extname = 'hstore')
SQL

done_testing();

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
  message => 'cannot drop extension vidyo_cdr because it holds call detail records',
  detail => 'All records of table cdr.conferencecall2 would be lost.',
  hint => 'Save the records, then SET vidyo_cdr.allow_drop = on and repeat the command.');

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

is($node->safe_psql('cdr', <<'SQL'), "1|1|1|1", 'all is still there');
SELECT (SELECT count(*) FROM cdr.conferencecall2), (SELECT count(*) FROM other.conferencecall2),
  (SELECT count(*) FROM public.conferencecall2), (SELECT count(*) FROM pg_extension WHERE extname = 'hstore')
SQL

done_testing();

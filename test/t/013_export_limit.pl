# The limit of 65,000 records is the product's: administrators may lower it, with effect at once;
# nobody can raise it, and no other user can change it, not even before the library is loaded.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use CdrTest;
use Test::More;

my $node = new_server('limit');
create_database($node, 'cdr');
insert_records($node, 'cdr', 65_001);
$node->safe_psql('cdr', <<'SQL');
CREATE ROLE reader LOGIN;
SELECT cdr_grant_all_tenants('reader');
ALTER DATABASE cdr OWNER TO reader;
GRANT CREATE ON SCHEMA public TO reader;
SQL

my $all = 'SELECT count(*) FROM export_cdr()';
my $one_less = "SELECT count(*) FROM export_cdr('2026-01-01 00:00:20Z')";
my $load = "SELECT count(*) FROM export_cdr(tenant => 'nobody')";

# Runs SQL in a new session; returns what it prints and the messages' first lines, in order.
sub session {
  my ($sql, $user) = @_;
  my ($code, $out, $err) = $node->psql(
    'cdr', "\\set VERBOSITY verbose\n$sql",
    on_error_stop => 0,
    connstr => $node->connstr('cdr') . ($user ? " user=$user" : ''));
  my @messages = $err =~ /(?:ERROR|WARNING|FATAL):  (\w{5}: .*)/g;
  return join('; ', grep { length } split(/\n/, $out), @messages);
}
my $over = '54000: export contains more than 65,000 records';

is(session("$one_less; $all"), "65000; $over", '65,000 records pass and 65,001 do not');
is(session("$one_less; $all", 'reader'), "65000; $over", 'for everybody');

# In every form of export.
for my $form ('COPY (SELECT * FROM export_cdr(%s)) TO STDOUT CSV',
  'SELECT export_cdr_csv(%s, header => false)') {
  my $exported = session("$load; " . sprintf($form, q('2026-01-01 00:00:20Z')), 'reader');
  is(() = $exported =~ /; \d+,10000/g, 65_000, "65,000 records pass: $form");
  is(session("$load; " . sprintf($form, 'NULL'), 'reader'), "0; $over", "65,001 do not: $form");
}

# Superusers, within one session.
is(session("$load; SET vidyo_cdr.export_limit = 64999; $one_less"),
  '0; 54000: export contains more than 64,999 records', 'lowered at once');
is(session("SET vidyo_cdr.export_limit = 10; $one_less; RESET vidyo_cdr.export_limit; $one_less"),
  '65000; 54000: export contains more than 10 records', 'lowered, then reset');
for my $limit (65_001, 0, -1) {
  is(session("$load; SET vidyo_cdr.export_limit = $limit; $one_less; $all"),
    "0; 65000; 22023: $limit is outside the valid range for parameter \"vidyo_cdr.export_limit\" "
      . "(1 .. 65000); $over",
    "$limit is not allowed");
}
is(session("SET vidyo_cdr.export_limit = 65001; $all; $one_less; SHOW vidyo_cdr.export_limit"),
  '65000; 65000; 22023: 65001 is outside the valid range for parameter "vidyo_cdr.export_limit" '
    . "(1 .. 65000); $over",
  'a larger value set before the library is loaded has no effect');

# Others, before and after the library is loaded, and by the ways that last.
my $denied = '42501: permission denied to set parameter "vidyo_cdr.export_limit"';
for my $limit (10, 70_000) {
  is(session("$load; SET vidyo_cdr.export_limit = $limit; $one_less; $all", 'reader'),
    "0; 65000; $denied; $over", "$limit: refused to others");
  my $unloaded = session("SET vidyo_cdr.export_limit = $limit; $one_less; $all", 'reader');
  is($unloaded, "65000; $denied; $over", "$limit: no effect when set before the library is loaded");
  {
    local $ENV{PGOPTIONS} = "-c vidyo_cdr.export_limit=$limit";
    is(session("$one_less; $all", 'reader'), "$denied; $denied", "$limit: refused in PGOPTIONS");
  }
  for my $target ('ROLE reader', 'DATABASE cdr') {
    is(session("ALTER $target SET vidyo_cdr.export_limit = $limit", 'reader'), $denied,
      "$limit: not by ALTER $target");
    is(session("$one_less; $all", 'reader'), "65000; $over", "$limit: nor has it an effect");
  }
  is(session("CREATE FUNCTION f() RETURNS int LANGUAGE sql SET vidyo_cdr.export_limit = $limit "
        . "AS 'SELECT 1'", 'reader'), $denied, "$limit: not by a function's setting");
}

# What an administrator sets for others holds for them.
$node->safe_psql('cdr', 'ALTER ROLE reader SET vidyo_cdr.export_limit = 1000');
is(session($one_less, 'reader'), '54000: export contains more than 1,000 records',
  'an administrator can lower it for a role');
$node->safe_psql('cdr', 'ALTER ROLE reader RESET ALL');
$node->safe_psql('cdr', "$load; GRANT SET ON PARAMETER vidyo_cdr.export_limit TO reader");
is(session("$load; SET vidyo_cdr.export_limit = 2000; $one_less", 'reader'),
  '0; 54000: export contains more than 2,000 records', 'and let a role lower it');

done_testing();

# Records that the user who drops cannot see are lost as surely as others: the drop must end in an
# error, and the session's own row_security must be as it was.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use CdrTest;
use Test::More;

my $node = new_server('unseen');
$node->safe_psql('postgres', 'CREATE DATABASE cdr');
$node->safe_psql('cdr', <<'SQL');
CREATE ROLE keeper SUPERUSER LOGIN;
CREATE ROLE housekeeper LOGIN;
CREATE SCHEMA cdr AUTHORIZATION housekeeper;
GRANT USAGE ON SCHEMA cdr TO keeper;
SET ROLE keeper;
CREATE EXTENSION vidyo_cdr SCHEMA cdr;
RESET ROLE;
ALTER ROLE keeper NOSUPERUSER;
ALTER DATABASE cdr SET search_path = cdr;
SQL
insert_records($node, 'cdr', 10);

sub refused {
  my ($role, $command, $sqlstate, $message, $name) = @_;
  for my $before ('', "LOAD 'vidyo_cdr';") {
    my $error = failure($node, 'cdr', "$before SET ROLE $role; $command");
    my $session = $before ? 'library loaded' : 'new session';
    is($error->{sqlstate}, $sqlstate, "$name, $session: SQLSTATE");
    like($error->{message}, $message, "$name, $session: message");
  }
  is($node->safe_psql('cdr', 'SELECT count(*) FROM conferencecall2'), 10, "$name: not dropped");
}
my $holds_records = qr/^cannot drop extension vidyo_cdr because its data would be lost$/;

refused('keeper', 'DROP EXTENSION vidyo_cdr', '2BP01', $holds_records, 'owner, no superuser');
refused('housekeeper', 'DROP SCHEMA cdr CASCADE', '42501',
  qr/^cannot drop extension vidyo_cdr because its data might be lost$/, 'owner of the schema only');

$node->safe_psql('cdr', <<'SQL');
CREATE POLICY nothing ON conferencecall2 USING (false);
ALTER TABLE conferencecall2 ENABLE ROW LEVEL SECURITY;
SQL
refused('keeper', 'DROP EXTENSION vidyo_cdr', '2BP01', $holds_records, 'policy, owner is exempt');

$node->safe_psql('cdr', 'ALTER TABLE conferencecall2 FORCE ROW LEVEL SECURITY');
is($node->safe_psql('cdr', 'SET ROLE keeper; SELECT count(*) FROM conferencecall2'), 0,
  'the policy hides all records from the owner');
my $affected =
  qr/^query would be affected by row-level security policy for table "conferencecall2"$/;
refused('keeper', 'DROP EXTENSION vidyo_cdr', '42501', $affected, 'policy forced on the owner');
refused('keeper', 'SET row_security = on; DROP OWNED BY keeper', '42501', $affected,
  'DROP OWNED under a forced policy');
refused('keeper', 'DROP EXTENSION vidyo_cdr CASCADE', '42501', $affected,
  'CASCADE under a forced policy');

my ($code, $out, $err) = $node->psql('cdr', <<'SQL', on_error_stop => 0);
SET ROLE keeper;
DROP EXTENSION vidyo_cdr;
SHOW row_security;
SQL
is($out, 'on', 'row_security is on after the refusal');
like($err, qr/affected by row-level security/, 'which was one');
is($node->safe_psql('cdr', <<'SQL'), "on", 'and after a drop of the empty table');
TRUNCATE conferencecall2;
BEGIN;
DROP EXTENSION vidyo_cdr;
SHOW row_security;
ROLLBACK;
SQL

is($node->safe_psql('cdr', <<'SQL'), 0, 'allow_drop lets the owner drop what a policy hides');
SET ROLE keeper;
SET vidyo_cdr.allow_drop = on;
DROP EXTENSION vidyo_cdr;
SELECT count(*) FROM pg_extension WHERE extname = 'vidyo_cdr';
SQL

done_testing();

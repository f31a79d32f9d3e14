# pg_restore --clean drops what it is about to restore. Over a database with records that must be
# refused, leaving all as it was, and pass when vidyo_cdr.allow_drop says so.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use CdrTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = new_server('clean');
create_database($node, 'cdr');
insert_records($node, 'cdr', 50);
my $dump = $node->backup_dir . '/cdr';
$node->command_ok([ 'pg_dump', '-Fc', '-f', $dump, 'cdr' ], 'a dump of 50 records');
insert_records($node, 'cdr', 50);

# The records and the position of their sequence.
sub contents {
  return $node->safe_psql('cdr', <<'SQL');
SELECT count(*), md5(string_agg(r::text, '' ORDER BY callid)) FROM conferencecall2 r;
SELECT last_value FROM conferencecall2_callid_seq;
SQL
}
my $filled = contents();

my $refusal = join "\n",
  'ERROR:  cannot drop extension vidyo_cdr because its data would be lost',
  'DETAIL:  .*', 'HINT:  .*vidyo_cdr\.allow_drop.*', 'Command was: DROP EXTENSION';

for my $options ([], ['--if-exists']) {
  my @restore = ('pg_restore', '--clean', @$options, '--single-transaction', '-d', 'cdr', $dump);
  $node->command_fails_like(\@restore, qr/$refusal/, "refused: pg_restore --clean @$options");
  is(contents(), $filled, 'the records and the sequence are as they were');
}

# Without --single-transaction or --exit-on-error pg_restore goes on behind the refusal: the records
# stay, but it sets the sequence back to the dump's position.
$node->command_fails_like([ 'pg_restore', '--clean', '-d', 'cdr', $dump ],
  qr/$refusal/, 'refused: pg_restore --clean that goes on after errors');
like(contents(), qr/^100\|/, 'no record is lost');

{
  local $ENV{PGOPTIONS} = '-c vidyo_cdr.allow_drop=on';
  $node->command_ok([ 'pg_restore', '--clean', '--single-transaction', '-d', 'cdr', $dump ],
    'pg_restore --clean with allow_drop');
}
like(contents(), qr/^50\|\w+\n50$/, 'the database is as it was dumped');
is(failure($node, 'cdr', 'DROP EXTENSION vidyo_cdr')->{sqlstate}, '2BP01', 'and guarded again');

$node->safe_psql('cdr', 'TRUNCATE conferencecall2');
$node->command_ok([ 'pg_restore', '--clean', '--single-transaction', '-d', 'cdr', $dump ],
  'pg_restore --clean over an empty table');
like(contents(), qr/^50\|\w+\n50$/, 'the database is as it was dumped');

done_testing();

# pg_upgrade takes over the files of a table but makes all definitions anew, each object of an
# extension on its own: the records, their rules and the drop guard must be there afterwards.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use CdrTest;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $old = new_server('old');
create_database($old, 'cdr');
insert_records($old, 'cdr', 2000, callid => 'i * 3');

# The exported file, the sequence, and the definitions that an export and the guard rest on.
sub contents {
  my ($node) = @_;
  return $node->safe_psql('cdr', <<'SQL');
COPY (SELECT * FROM export_cdr()) TO STDOUT (FORMAT csv, HEADER);
SELECT last_value, is_called FROM conferencecall2_callid_seq;
SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'conferencecall2' ORDER BY 1;
SELECT evtname, evtenabled, evttags FROM pg_event_trigger;
SELECT pg_describe_object(classid, objid, objsubid) COLLATE "C" FROM pg_depend
WHERE refclassid = 'pg_extension'::regclass AND deptype = 'e' ORDER BY 1;
SQL
}
my $before = contents($old);
like($before, qr/vidyo_cdr_guard_drop\|A\|/, 'the old server has the guard');
$old->stop;

my $new = PostgreSQL::Test::Cluster->new('new');
$new->init(extra => [ '--encoding=UTF8', '--locale=C' ]);
$new->append_conf('postgresql.conf', "timezone = 'UTC'");

# pg_upgrade leaves its scripts where it was called.
chdir $PostgreSQL::Test::Utils::tmp_check or die "could not change directory: $!";
my $programs = $old->config_data('--bindir');
chomp $programs;
command_ok(
  [ 'pg_upgrade', '--no-sync', '-d', $old->data_dir, '-D', $new->data_dir, '-b', $programs,
    '-B', $programs, '-s', $new->host, '-p', $old->port, '-P', $new->port ],
  'pg_upgrade');
$new->start;

ok(contents($new) eq $before, 'records, sequence, indexes and the guard are as before');
my $wrong = failure($new, 'cdr', "UPDATE conferencecall2 SET direction = 'X'");
is($wrong->{sqlstate}, '23514', 'a wrong code is refused');
is(failure($new, 'cdr', 'DROP EXTENSION vidyo_cdr')->{sqlstate}, '2BP01',
  'the extension is not dropped with its records');

my $dump = $new->backup_dir . '/dump';
$new->command_ok([ 'pg_dump', '-Fc', '-f', $dump, 'cdr' ], 'pg_dump of the upgraded database');
$new->safe_psql('postgres', 'CREATE DATABASE restored');
$new->command_ok([ 'pg_restore', '--exit-on-error', '-d', 'restored', $dump ], 'is restored');
is($new->safe_psql('restored', 'SELECT count(*) FROM export_cdr()'), 2000, 'with its records');

done_testing();

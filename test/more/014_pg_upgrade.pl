# pg_upgrade takes over the files of a table but makes all definitions anew, each object of an
# extension on its own: the records, their rules, privileges and the drop guard must be there
# afterwards. OLD_BINDIR is the folder of an older PostgreSQL's programs to come from; without it the
# old server is of the same version.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../t/lib";

use CdrTest;
use File::Basename;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

# The tables whose rows have to be the same afterwards.
my @tables = qw(
  conferencecall2
  cdr_role_access
  cdr_import
  cdr_import_reject
  cdr_feed
  cdr_feed_gap
);

my $old_bindir = $ENV{OLD_BINDIR};
my $old = new_server('old', '', $old_bindir ? (install_path => dirname($old_bindir)) : ());
$old_bindir //= $old->config_data('--bindir');
chomp $old_bindir;
my $records = 100_000;
create_database($old, 'cdr');
insert_records($old, 'cdr', $records, callid => 'i * 3');
$old->safe_psql('cdr', 'CREATE ROLE reporting; GRANT SELECT ON conferencecall2 TO reporting');
$old->safe_psql('cdr',
  q{CREATE ROLE dropped; CREATE ROLE reader; DROP ROLE dropped; SELECT cdr_grant_tenant('reader', 'tenant1')});
# A feed that has a position and a gap, and refused records of a feed and of a text.
$old->safe_psql('cdr', q{
  CREATE TABLE portal_calls AS SELECT * FROM conferencecall2 WHERE callid BETWEEN 1 AND 300 AND callid <> 150;
  UPDATE portal_calls SET callername = 'somebody else' WHERE callid = 30});
$old->safe_psql('cdr', q{CALL sync_cdr('portal_calls', 'UTC')});
$old->safe_psql('cdr', q{SELECT import_cdr(
  'CallID,UniqueCallID,ConferenceName,TenantName,ConferenceType,EndpointType,CallerName,JoinTime,CallState,Direction'
  || chr(10) || '1,1,room,tenant1,C,D,Ann,yesterday,COMPLETED,I')});

# The rows of the tables, the exported files, the sequence, and the definitions that an export and
# the guard rest on. The types of arrays and rows are members of an extension only for a while.
sub contents {
  my ($node) = @_;
  my $rows = join ' UNION ALL ', map {
    "SELECT '$_', count(*), md5(string_agg(t::text, E'\\n' ORDER BY t::text COLLATE \"C\")) FROM $_ t"
  } @tables;
  return $node->safe_psql('cdr', <<"SQL");
$rows;
COPY (SELECT * FROM export_cdr(tenant => 'tenant0')) TO STDOUT (FORMAT csv, HEADER);
COPY (SELECT * FROM export_cdr(tenant => 'tenant1')) TO STDOUT (FORMAT csv, HEADER);
COPY (SELECT * FROM export_cdr(tenant => 'tenant2')) TO STDOUT (FORMAT csv, HEADER);
SELECT last_value, is_called FROM conferencecall2_callid_seq;
SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'conferencecall2' ORDER BY 1;
SELECT relname, relrowsecurity, relforcerowsecurity,
  has_table_privilege('reporting', oid, 'SELECT'), has_table_privilege('reporting', oid, 'INSERT')
FROM pg_class WHERE relname IN ('conferencecall2', 'cdr_report', 'cdr_codes') ORDER BY 1;
SELECT evtname, evtenabled, evttags FROM pg_event_trigger ORDER BY 1;
SELECT polname, polcmd, pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid)
FROM pg_policy ORDER BY 1;
SELECT tgname, tgenabled FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1;
SET ROLE reader;
SELECT tenantname, count(*) FROM conferencecall2 GROUP BY 1;
RESET ROLE;
SELECT pg_describe_object(classid, objid, objsubid) COLLATE "C" FROM pg_depend
WHERE refclassid = 'pg_extension'::regclass AND deptype = 'e' AND NOT (
  classid = 'pg_type'::regclass AND EXISTS (SELECT FROM pg_type WHERE oid = objid AND typtype <> 'd'))
ORDER BY 1;
SQL
}
my $before = contents($old);
like($before, qr/^conferencecall2\|$records\|\w{32}\n(?:\w+\|.*\n)*CallID,/, 'the old server has the records');
like($before, qr/^$_\|[1-9]/m, "and $_ has rows") for @tables;
like($before, qr/vidyo_cdr_guard_drop\|A\|/, 'and the guard');
like($before, qr/^tenant1\|33334$/m, 'and a role that sees one tenant');
$old->stop;

# PostgreSQL 18 began to switch checksums on; pg_upgrade wants both servers to be alike.
my $new = PostgreSQL::Test::Cluster->new('new');
my @checksums = $old->pg_version < 18 && $new->pg_version >= 18 ? ('--no-data-checksums') : ();
$new->init(extra => [ '--encoding=UTF8', '--locale=C', @checksums ]);
$new->append_conf('postgresql.conf', "timezone = 'UTC'");

# pg_upgrade leaves its scripts where it was called.
chdir $PostgreSQL::Test::Utils::tmp_check or die "could not change directory: $!";
my $new_bindir = $new->config_data('--bindir');
chomp $new_bindir;
command_ok(
  [ 'pg_upgrade', '--no-sync', '-d', $old->data_dir, '-D', $new->data_dir, '-b', $old_bindir,
    '-B', $new_bindir, '-s', $new->host, '-p', $old->port, '-P', $new->port ],
  'pg_upgrade from PostgreSQL ' . $old->pg_version . ' to ' . $new->pg_version);
$new->start;

ok(contents($new) eq $before, 'rows, files, sequence, indexes, privileges, guard and who sees what are as before');
my $wrong = failure($new, 'cdr', "UPDATE conferencecall2 SET direction = 'X'");
is($wrong->{sqlstate}, '23514', 'a wrong code is refused');
is(failure($new, 'cdr', 'DROP EXTENSION vidyo_cdr')->{sqlstate}, '2BP01',
  'the extension is not dropped with its records');
$new->safe_psql('cdr', 'INSERT INTO portal_calls (callid, uniquecallid, conferencename, tenantname,'
  . ' conferencetype, endpointtype, callername, jointime, callstate, direction) '
  . q{VALUES (301, '301', 'room', 'tenant1', 'C', 'D', 'Ann', '2026-03-02Z', 'COMPLETED', 'I')});
my ($code, $out, $notices) = $new->psql('cdr', q{CALL sync_cdr('portal_calls', 'UTC')});
like($notices, qr/NOTICE:  CallIDs 301 to 301: 1 inserted/, 'the feed goes on from its position');

my $dump = $new->backup_dir . '/dump';
$new->command_ok([ 'pg_dump', '-Fc', '-f', $dump, 'cdr' ], 'pg_dump of the upgraded database');
$new->safe_psql('postgres', 'CREATE DATABASE restored');
$new->command_ok([ 'pg_restore', '--exit-on-error', '-d', 'restored', $dump ], 'is restored');
is($new->safe_psql('restored', 'SELECT count(*) FROM conferencecall2'), $records + 1,
  'with its records');

done_testing();

# Who sees which tenant survives a dump and its restore into another cluster, follows roles and not
# names, and where a role is missing there nobody gains anything, and a warning says what to do.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use CdrTest;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my @roles = qw(acme two everything feed member renamed gone odd"name nobody);

my $node = new_server('tenants');
$node->safe_psql('postgres', join '', map { (my $name = $_) =~ s/"/""/g; qq(CREATE ROLE "$name";) } @roles);
$node->safe_psql('postgres', 'CREATE DATABASE cdr; GRANT acme, two TO member');
$node->safe_psql('cdr', 'CREATE SCHEMA records; CREATE EXTENSION vidyo_cdr SCHEMA records');
$node->safe_psql('cdr', <<'SQL');
SET search_path = records;
INSERT INTO conferencecall2 (uniquecallid, conferencename, tenantname, conferencetype, endpointtype,
  jointime, callstate, direction)
SELECT i, '', 'tenant' || i % 5, 'C', 'D', '2026-01-01Z', 'RINGING', 'I' FROM generate_series(1, 100) i;
SELECT cdr_grant_tenant('acme', 'tenant0'), cdr_grant_tenant('two', 'tenant1'),
  cdr_grant_tenant('two', 'tenant2'), cdr_grant_all_tenants('everything'), cdr_grant_import('feed'),
  cdr_grant_tenant('renamed', 'tenant3'), cdr_grant_tenant('gone', 'tenant4'),
  cdr_grant_tenant('"odd""name"', 'tenant4');
ALTER ROLE renamed RENAME TO "New Name";
SQL
@roles = map { $_ eq 'renamed' ? 'New Name' : $_ } @roles;

# What each role sees and may do with the records.
sub access_of_all {
  my ($server, $database, @of) = @_;
  my $sql = 'SET search_path = records;';
  for my $role (@of) {
    (my $name = $role) =~ s/"/""/g;
    $sql .= <<"SQL";
SELECT '$role', coalesce(has_schema_privilege('$role', 'records', 'USAGE')::text, ''), string_agg(p, ' ')
FROM unnest('{SELECT,INSERT,UPDATE,DELETE}'::text[]) p WHERE has_table_privilege('$role', 'conferencecall2', p);
GRANT USAGE ON SCHEMA records TO PUBLIC; BEGIN; GRANT SELECT ON conferencecall2 TO PUBLIC;
SET LOCAL ROLE "$name"; SELECT tenantname, count(*) FROM conferencecall2 GROUP BY 1 ORDER BY 1;
SELECT count(*) FROM export_cdr(); ROLLBACK; REVOKE USAGE ON SCHEMA records FROM PUBLIC;
SQL
  }
  return $server->safe_psql($database, $sql);
}

# An entry whose role is dropped although it has one: by hand, so that DROP OWNED removes nothing.
$node->safe_psql('cdr', <<'SQL');
SET search_path = records;
DROP OWNED BY gone;
INSERT INTO cdr_role_access VALUES ('gone', 'all tenants');
DROP ROLE gone;
SQL
@roles = grep { $_ ne 'gone' } @roles;
my $before = access_of_all($node, 'cdr', @roles);
like($before, qr/^acme\|true\|SELECT\ntenant0\|20\n20\ntwo\|true\|SELECT\ntenant1\|20\ntenant2\|20\n40$/m,
  'the source has tenants');
like($before, qr/^nobody\|false\|\n0$/m, 'and a role without any');

my $dump = $node->backup_dir . '/cdr.dump';
my $globals = $node->backup_dir . '/globals.sql';
$node->command_ok([ 'pg_dump', '-Fc', '-f', $dump, 'cdr' ], 'pg_dump');
$node->command_ok([ 'pg_dumpall', '--roles-only', '-f', $globals ], 'pg_dumpall --roles-only');

# A second cluster, with a role of the dropped one's name, and others made first so that OIDs differ.
my $second = new_server('second');
$second->safe_psql('postgres', 'CREATE ROLE gone; CREATE ROLE other; DROP ROLE other; CREATE DATABASE cdr');
$second->command_ok([ 'psql', '-Xq', '-d', 'postgres', '-f', $globals ], 'the roles are restored');
$second->command_ok([ 'pg_restore', '--exit-on-error', '-d', 'cdr', $dump ], 'the dump is restored');
is(access_of_all($second, 'cdr', @roles), $before, 'each role sees what it saw');
is(access_of_all($second, 'cdr', 'gone'), "gone|false|\n0", 'a role of a dropped one\'s name sees nothing');
is($second->safe_psql('cdr', 'SELECT relrowsecurity FROM pg_class WHERE relname = \'conferencecall2\''), 't',
  'row security is on');

# In the first cluster again, where a role of the name is created now.
$node->safe_psql('postgres', 'CREATE ROLE gone; CREATE DATABASE again');
$node->command_ok([ 'pg_restore', '--exit-on-error', '-j', '2', '-d', 'again', $dump ], 'restored beside it');
is(access_of_all($node, 'again', @roles), $before, 'each role sees what it saw');
is(access_of_all($node, 'again', 'gone'), "gone|false|\n0", 'the new role sees nothing');

# A third cluster lacks two roles: nobody sees anything, until they are created and all is granted.
my $third = new_server('third');
my @there = grep { !/^(?:two|feed)$/ } @roles;
$third->safe_psql('postgres', join '', map { (my $name = $_) =~ s/"/""/g; qq(CREATE ROLE "$name";) } @there);
$third->safe_psql('postgres', 'CREATE DATABASE cdr');
my ($out, $err);
IPC::Run::run([ 'pg_restore', '-d', $third->connstr('cdr'), $dump ], '>', \$out, '2>', \$err);
like($err, qr/COPY failed for table "cdr_role_access": ERROR:  role "two" does not exist
HINT:  Create the role, then restore again/, 'the restore tells of the missing role and what to do');
is($third->safe_psql('cdr', 'SELECT count(*) FROM records.conferencecall2'), 100, 'the records are there');
is(access_of_all($third, 'cdr', @there), join("\n", map { "$_|false|\n0" } @there), 'nobody sees anything');
$third->safe_psql('cdr', 'CREATE ROLE two; CREATE ROLE feed; GRANT acme, two TO member');
is(access_of_all($third, 'cdr', qw(two feed member)), join("\n", map { "$_|false|\n0" } qw(two feed member)),
  'nor when the roles are created');
$third->command_ok([ 'pg_restore', '--data-only', '--table=cdr_role_access', '-d', 'cdr', $dump ],
  'the entries are restored alone');
$third->safe_psql('cdr', <<'SQL');
SET search_path = records;
SELECT CASE access
         WHEN 'tenant' THEN cdr_grant_tenant(role::oid, tenant)
         WHEN 'import' THEN cdr_grant_import(role::oid)
         ELSE cdr_grant_all_tenants(role::oid)
       END
FROM cdr_role_access;
SQL
is(access_of_all($third, 'cdr', @roles), $before, 'and granted: each role sees what it saw');

# Dumping as somebody who does not see everything is an error, not a part of the records.
$node->safe_psql('cdr', 'ALTER ROLE acme LOGIN; GRANT SELECT ON ALL TABLES IN SCHEMA records TO acme;
  GRANT SELECT ON ALL SEQUENCES IN SCHEMA records TO acme');
$node->command_fails_like([ 'pg_dump', '-U', 'acme', '-f', "$dump.acme", 'cdr' ],
  qr/query would be affected by row-level security policy for table "conferencecall2"/,
  'pg_dump as a tenant\'s admin');

done_testing();

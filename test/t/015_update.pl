# Databases of each released version that have records, imports, refused records, a feed and tenants:
# they work with this version's library as they are, lose nothing by ALTER EXTENSION UPDATE, and then
# have the same objects as a new one.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use CdrTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = new_server('update');
$node->safe_psql('postgres', 'CREATE ROLE feeder LOGIN; CREATE ROLE reader LOGIN; CREATE ROLE nobody LOGIN');

# Imports a text with a good record and a bad one, and returns the import's number.
sub import_as_feeder {
  my ($database, $call_id) = @_;
  my $csv = 'CallID,UniqueCallID,ConferenceName,TenantName,ConferenceType,EndpointType,CallerName,'
    . "JoinTime,CallState,Direction\\n$call_id,1,room,tenant1,C,D,Ann,2026-03-02 09:00:00Z,COMPLETED,I\\n$call_id,bad";
  return $node->safe_psql($database, "SELECT import_id FROM import_cdr(E'$csv')",
    connstr => $node->connstr($database) . ' user=feeder');
}

# Makes a database with something in each of the extension's tables.
sub create_filled {
  my ($database, $version) = @_;
  $node->safe_psql('postgres', "CREATE DATABASE $database");
  $node->safe_psql($database, "CREATE EXTENSION vidyo_cdr VERSION '$version'");
  insert_records($node, $database, 3000);
  $node->safe_psql($database, q{SELECT cdr_grant_import('feeder'); SELECT cdr_grant_tenant('reader', 'tenant1');
    CREATE TABLE portal_calls AS SELECT * FROM conferencecall2 WHERE callid % 100 <> 7 LIMIT 500;
    UPDATE portal_calls SET callername = 'somebody else' WHERE callid = 5});
  $node->safe_psql($database, q{CALL sync_cdr('portal_calls', 'UTC')});
  import_as_feeder($database, 10_000);
}

my @tables = qw(conferencecall2 cdr_import cdr_import_reject cdr_feed cdr_feed_gap cdr_role_access);

# The rows of each table, without what later versions add to them.
sub rows {
  my ($database) = @_;
  return join "\n", map { $node->safe_psql($database,
    "SELECT '$_', to_jsonb(t) - '{finished_at,purged}'::text[] FROM $_ t ORDER BY to_jsonb(t)::text COLLATE \"C\"") } @tables;
}

# Everything that pg_upgrade would carry over of the database's objects, one by one, without what
# differs from database to database: the numbers of objects and files, pg_dump's random key, and where
# earlier rows have the value of a column that was added. In lines.
sub definitions {
  my ($database) = @_;
  my ($out, $err) = run_command(
    [ 'pg_dump', '--schema-only', '--binary-upgrade', '-d', $node->connstr($database) ]);
  die "pg_dump failed: $err" if $err;
  $out =~ s/^-- set missing value\.\n.*\n\n+//mg;
  my @lines = grep { !/^\\(un)?restrict / } split /\n/, $out;
  for (@lines) {
    s/\b[0-9A-F]+\b/N/g if /binary_upgrade|relfrozenxid|^WHERE oid = /;
  }
  return \@lines;
}

my $has_finished_at = q{SELECT count(*) FROM pg_attribute
  WHERE attrelid = 'cdr_import'::regclass AND attname = 'finished_at'};
my $import = q{SELECT inserted FROM import_cdr(
  'CallID,UniqueCallID,ConferenceName,TenantName,ConferenceType,EndpointType,CallerName,'
  'JoinTime,CallState,Direction' || chr(10) || '%d,1,room,tenant1,C,D,Ann,2026-03-02 09:00:00Z,COMPLETED,I')};
my $update = 'ALTER EXTENSION vidyo_cdr UPDATE';
my $current = $node->safe_psql('postgres',
  q{SELECT default_version FROM pg_available_extensions WHERE name = 'vidyo_cdr'});

$node->safe_psql('postgres', 'CREATE DATABASE fresh');
$node->safe_psql('fresh', 'CREATE EXTENSION vidyo_cdr');
my $fresh = definitions('fresh');
like("@$fresh", $_, "definitions are compared: $_")
  for qr/finished_at timestamp with time zone/, qr/COMMENT ON COLUMN \S+finished_at/, qr/CREATE POLICY/,
  qr/CREATE DOMAIN/, qr/CREATE FUNCTION/, qr/GRANT|REVOKE/, qr/CREATE TRIGGER/,
  qr/CREATE EVENT TRIGGER/, qr/CREATE INDEX/, qr/binary_upgrade_create_empty_extension/;

# Views of a tenant's admin and of a role with all tenants; the latter asks what its reader sees, in a way
# that the objects before 1.2 answer for its owner (docs/security.md).
my $views = q{CREATE VIEW of_reader AS SELECT tenantname FROM conferencecall2; ALTER VIEW of_reader OWNER TO reader;
  CREATE FUNCTION sees(text) RETURNS boolean LANGUAGE sql STABLE AS 'SELECT public.cdr_sees_tenant($1)';
  CREATE VIEW of_feeder AS SELECT tenantname FROM conferencecall2 WHERE sees(tenantname);
  ALTER VIEW of_feeder OWNER TO feeder; GRANT SELECT ON of_reader, of_feeder TO nobody};
my $see_views = q{PREPARE see AS SELECT (SELECT string_agg(DISTINCT tenantname, ' ') FROM of_reader) AS reader,
  (SELECT count(*) > 0 FROM of_feeder) AS feeder};

# Updates a database of a released version, with a session in the middle of its work.
sub check_update {
  my ($version) = @_;
  my $old = 'old_' . $version =~ tr/./_/r;
  create_filled($old, $version);
  my @not_empty = grep { $node->safe_psql($old, "SELECT count(*) FROM $_") > 0 } @tables;
  is("@not_empty", "@tables", "version $version has something in each table");
  my $before = rows($old);
  my $ends_before = $node->safe_psql($old, $has_finished_at)
    ? $node->safe_psql($old, 'SELECT count(finished_at) FROM cdr_import') : 0;

  $node->safe_psql($old, $views);
  my $nobody = background_session($node, $old, extra_params => [ '-U', 'nobody' ]);
  is($nobody->query("$see_views; EXECUTE see"), 'tenant1|t', "$version: views before the update");

  # A session that has worked with the old objects goes on with the new ones.
  my $script = join "\n", sprintf($import, 20_000) . ';',
    "\\! psql -Xq -d '" . $node->connstr($old) . "' -c '$update'",
    sprintf($import, 20_001) . ';', "SELECT extversion FROM pg_extension WHERE extname = 'vidyo_cdr'";
  is($node->safe_psql($old, $script), "1\n1\n$current", "$version: updated in the middle of a session");
  is($nobody->query('EXECUTE see'), 'tenant1|f', "$version: a plan of a view is made anew");
  $nobody->quit;
  $node->safe_psql($old, q{DELETE FROM conferencecall2 WHERE callid IN (20000, 20001)});
  my $ends = $version eq '1.0' ? 1 : 2;
  is($node->safe_psql($old, q{WITH gone AS (DELETE FROM cdr_import WHERE import_id > 2 RETURNING *)
    SELECT count(*), count(finished_at) FROM gone}), "2|$ends", "$version: imports have an end once there is a column for it");

  is(rows($old), $before, "$version: all rows are as they were");
  is($node->safe_psql($old, 'SELECT count(finished_at) FROM cdr_import'), $ends_before,
    "$version: no end is made up for earlier imports");
  my $mine = $node->safe_psql($old, 'SELECT DISTINCT "TenantName" FROM export_cdr()',
    connstr => $node->connstr($old) . ' user=reader');
  is($mine, 'tenant1', "$version: a reader sees the same tenant");
  my $import_id = import_as_feeder($old, 30_000);
  is($node->safe_psql($old, "SELECT finished_at >= imported_at FROM cdr_import WHERE import_id = $import_id"),
    't', "$version: a role that was granted imports goes on importing");
}

# An updated database has the objects of a new one, down to comments and privileges.
sub check_definitions {
  my ($version) = @_;
  my $updated = 'updated_' . $version =~ tr/./_/r;
  $node->safe_psql('postgres', "CREATE DATABASE $updated");
  $node->safe_psql($updated, "CREATE EXTENSION vidyo_cdr VERSION '$version'");
  ok("@{definitions($updated)}" ne "@$fresh", "version $version has other objects");
  $node->safe_psql($updated, $update);
  is_deeply(definitions($updated), $fresh, "$version: updated, it has those of a new database");
  my $dumped = q{SELECT extversion, extconfig::regclass[], extcondition FROM pg_extension WHERE extname = 'vidyo_cdr'};
  is($node->safe_psql($updated, $dumped), $node->safe_psql('fresh', $dumped), "$version: and the same tables are dumped");
}

# A dump of a released version comes back as the version that is installed.
sub check_restore {
  my ($version) = @_;
  my ($dumped, $restored) = map { $_ . '_' . $version =~ tr/./_/r } qw(dumped restored);
  create_filled($dumped, $version);
  my $rows = rows($dumped);
  my $dump = $node->backup_dir . "/$dumped";
  $node->command_ok([ 'pg_dump', '-Fc', '-f', $dump, $dumped ], "a dump of version $version");
  $node->safe_psql('postgres', "CREATE DATABASE $restored");
  $node->command_ok([ 'pg_restore', '--exit-on-error', '-d', $restored, $dump ], 'is restored');
  is($node->safe_psql($restored, q{SELECT extversion FROM pg_extension WHERE extname = 'vidyo_cdr'}),
    $current, 'as the version that is installed');
  is(rows($restored), $rows, 'with all rows');
}

for my $version ('1.0', '1.1') {
  check_update($version);
  check_definitions($version);
  check_restore($version);
}

done_testing();

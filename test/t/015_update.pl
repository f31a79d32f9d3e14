# A database of version 1.0 that has records, imports, refused records, a feed and tenants: it works
# with this version's library as it is, loses nothing by ALTER EXTENSION UPDATE, and then has the same
# objects as a new one.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use CdrTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = new_server('update');
$node->safe_psql('postgres', 'CREATE ROLE feeder LOGIN; CREATE ROLE reader LOGIN');

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
  my ($database) = @_;
  $node->safe_psql('postgres', "CREATE DATABASE $database");
  $node->safe_psql($database, q{CREATE EXTENSION vidyo_cdr VERSION '1.0'});
  insert_records($node, $database, 3000);
  $node->safe_psql($database, q{SELECT cdr_grant_import('feeder'); SELECT cdr_grant_tenant('reader', 'tenant1');
    CREATE TABLE portal_calls AS SELECT * FROM conferencecall2 WHERE callid % 100 <> 7 LIMIT 500;
    UPDATE portal_calls SET callername = 'somebody else' WHERE callid = 5});
  $node->safe_psql($database, q{CALL sync_cdr('portal_calls', 'UTC')});
  import_as_feeder($database, 10_000);
}

my @tables = qw(conferencecall2 cdr_import cdr_import_reject cdr_feed cdr_feed_gap cdr_role_access);

# The rows of each table, without what version 1.1 adds to them.
sub rows {
  my ($database) = @_;
  return join "\n", map { $node->safe_psql($database,
    "SELECT '$_', to_jsonb(t) - 'finished_at' FROM $_ t ORDER BY to_jsonb(t)::text COLLATE \"C\"") } @tables;
}

# Everything that pg_upgrade would carry over of the database's objects, one by one, without what
# differs from database to database: the numbers of objects and files, and pg_dump's random key. In
# lines.
sub definitions {
  my ($database) = @_;
  my ($out, $err) = run_command(
    [ 'pg_dump', '--schema-only', '--binary-upgrade', '-d', $node->connstr($database) ]);
  die "pg_dump failed: $err" if $err;
  my @lines = grep { !/^\\(un)?restrict / } split /\n/, $out;
  for (@lines) {
    s/\b[0-9A-F]+\b/N/g if /binary_upgrade|relfrozenxid|^WHERE oid = /;
  }
  return \@lines;
}

create_filled('old');
my @not_empty = grep { $node->safe_psql('old', "SELECT count(*) FROM $_") > 0 } @tables;
is("@not_empty", "@tables", 'version 1.0 has something in each table');
my $has_column = q{SELECT count(*) FROM pg_attribute
  WHERE attrelid = 'cdr_import'::regclass AND attname = 'finished_at'};
is($node->safe_psql('old', $has_column), 0, 'and not the new column');
my $before = rows('old');

# A session that has worked with the old objects goes on with the new ones.
my $import = q{SELECT inserted FROM import_cdr(
  'CallID,UniqueCallID,ConferenceName,TenantName,ConferenceType,EndpointType,CallerName,'
  'JoinTime,CallState,Direction' || chr(10) || '%d,1,room,tenant1,C,D,Ann,2026-03-02 09:00:00Z,COMPLETED,I')};
my $update = 'ALTER EXTENSION vidyo_cdr UPDATE';
my $script = join "\n", sprintf($import, 20_000) . ';',
  "\\! psql -Xq -d '" . $node->connstr('old') . "' -c '$update'",
  sprintf($import, 20_001) . ';', "SELECT extversion FROM pg_extension WHERE extname = 'vidyo_cdr'";
is($node->safe_psql('old', $script), "1\n1\n1.1", 'updated in the middle of a session');
$node->safe_psql('old', q{DELETE FROM conferencecall2 WHERE callid IN (20000, 20001)});
is($node->safe_psql('old', q{WITH gone AS (DELETE FROM cdr_import WHERE import_id > 2 RETURNING *)
  SELECT count(*), count(finished_at) FROM gone}), '2|1', 'the second import has an end, the first has none');

is(rows('old'), $before, 'all rows are as they were');
is($node->safe_psql('old', 'SELECT count(*) FROM cdr_import WHERE finished_at IS NOT NULL'), 0,
  'when the earlier imports ended is not known');
my $mine = $node->safe_psql('old', 'SELECT DISTINCT "TenantName" FROM export_cdr()',
  connstr => $node->connstr('old') . ' user=reader');
is($mine, 'tenant1', 'a reader sees the same tenant');
my $import_id = import_as_feeder('old', 30_000);
is($node->safe_psql('old', "SELECT finished_at >= imported_at FROM cdr_import WHERE import_id = $import_id"),
  't', 'a role that was granted imports may set the new column');

# The same objects as those of a new database, down to comments and privileges.
$node->safe_psql('postgres', "CREATE DATABASE $_") for qw(updated fresh);
$node->safe_psql('updated', q{CREATE EXTENSION vidyo_cdr VERSION '1.0'});
$node->safe_psql('fresh', 'CREATE EXTENSION vidyo_cdr');
my $fresh = definitions('fresh');
ok("@{definitions('updated')}" ne "@$fresh", 'version 1.0 has other objects');
$node->safe_psql('updated', $update);
is_deeply(definitions('updated'), $fresh, 'updated, it has those of a new database');
like("@$fresh", $_, "they are compared: $_")
  for qr/finished_at timestamp with time zone/, qr/COMMENT ON COLUMN \S+finished_at/, qr/CREATE POLICY/,
  qr/CREATE DOMAIN/, qr/CREATE FUNCTION/, qr/GRANT|REVOKE/, qr/CREATE TRIGGER/,
  qr/CREATE EVENT TRIGGER/, qr/CREATE INDEX/, qr/binary_upgrade_create_empty_extension/;
my $dumped = q{SELECT extversion, extconfig::regclass[], extcondition FROM pg_extension WHERE extname = 'vidyo_cdr'};
is($node->safe_psql('updated', $dumped), $node->safe_psql('fresh', $dumped), 'and the same tables are dumped');

# A dump of version 1.0 comes back as the version that is installed.
create_filled('dumped');
my $rows = rows('dumped');
my $dump = $node->backup_dir . '/dump';
$node->command_ok([ 'pg_dump', '-Fc', '-f', $dump, 'dumped' ], 'a dump of version 1.0');
$node->safe_psql('postgres', 'CREATE DATABASE restored');
$node->command_ok([ 'pg_restore', '--exit-on-error', '-d', 'restored', $dump ], 'is restored');
is($node->safe_psql('restored', $has_column), 1, 'as version 1.1');
is(rows('restored'), $rows, 'with all rows');

done_testing();

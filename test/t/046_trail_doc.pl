# The recipe in docs/security.md that turns the trail into a view, run as it is written there.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use CdrTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $doc = slurp_file("$FindBin::Bin/../../docs/security.md");
my ($section) = $doc =~ /^## The trail\n(.*?)^## /ms;
my @blocks = $section =~ /^```sql\n(.*?)^```$/msg;
is(scalar @blocks, 4, 'the trail, the settings, the view, a query');
my ($trail, $settings, $view, $query) = @blocks;

my $node = new_server('trail_doc', "listen_addresses = '127.0.0.1'\nlog_filename = 'first.log'\n");
create_database($node, 'cdr');
insert_records($node, 'cdr', 100, tenantname => "'tenant' || i % 2");
$node->safe_psql('cdr', q{CREATE ROLE "Zoë" LOGIN; SELECT cdr_grant_tenant('"Zoë"', 'tenant1')});
$node->safe_psql('cdr', $trail);
$node->safe_psql('cdr', $settings);
$node->restart;
$node->safe_psql('cdr', $view);
is($node->safe_psql('cdr', 'SELECT count(*) FROM audit.cdr_export'), 0, 'no export yet');

# Runs SQL as the tenant's admin over TCP.
sub as_zoe {
  my ($sql) = @_;
  return $node->psql('cdr', $sql, connstr => "host=127.0.0.1 user=Zoë dbname=cdr port=" . $node->port);
}

# The log is written by another process, a little later.
sub wait_for_exports {
  my ($count) = @_;
  $node->poll_query_until('cdr', "SELECT count(*) >= $count FROM audit.cdr_export");
  is($node->safe_psql('cdr', 'SELECT count(*) FROM audit.cdr_export'), $count, "$count exports are shown");
}

as_zoe(qq{SELECT count(*) FROM export_cdr('2026-01-01Z', tenant => E'a\n"b"\\\\ü')});
as_zoe(q{SELECT * FROM export_cdr('2026-01-02Z', '2026-01-01Z')});
wait_for_exports(2);

# The log goes on in other files.
$node->append_conf('postgresql.conf', "log_filename = 'second.log'\n");
$node->reload;
ok($node->poll_query_until('cdr', "SELECT pg_read_file('current_logfiles') ~ 'second.json'"), 'the log rotates');
as_zoe(q{SELECT count(*) FROM export_cdr_csv(profile => 'portal')});
wait_for_exports(3);

is($node->safe_psql('cdr', <<'SQL'), <<'ROWS' =~ s/\n\z//r, 'the columns');
SELECT outcome, sqlstate, function, database, login, role, client_address, start_time,
  end_time, tenant = E'a\n"b"\\ü', profile, records, bytes > 0
FROM audit.cdr_export ORDER BY logged_at
SQL
done||export_cdr|cdr|Zoë|Zoë|127.0.0.1|2026-01-01 00:00:00+00||t||0|
refused|22023|export_cdr|cdr|Zoë|Zoë|127.0.0.1|2026-01-02 00:00:00+00|2026-01-01 00:00:00+00|||0|
done||export_cdr_csv|cdr|Zoë|Zoë|127.0.0.1||||portal|50|t
ROWS
is($node->safe_psql('cdr', q{SELECT bool_and(logged_at BETWEEN now() - interval '1 hour' AND now()
  AND client_port > 0 AND pid > 0 AND milliseconds >= 0) FROM audit.cdr_export}), 't', 'times and numbers');
is($node->safe_psql('cdr', $query), "Zoë|done|2|50\nZoë|refused|1|0", 'the query');
is($node->safe_psql('cdr', 'SELECT count(*) FROM (SELECT 1 FROM audit.cdr_export LIMIT 1) AS one'), 1,
  'a query that stops early');

# Faked lines, and names that are not text in the database's encoding.
as_zoe(q{DO $$ BEGIN RAISE LOG '{"event": "export", "outcome": "done"}'; END $$});
as_zoe(q{DO $$ BEGIN RAISE LOG '%', '"message":"{"event": "export", "outcome": "done"}'; END $$});
$node->psql('cdr', 'SELECT 1', connstr => "host=127.0.0.1 user=\xff{\"event\" dbname=cdr port=" . $node->port);
as_zoe('SELECT count(*) FROM export_cdr()');
wait_for_exports(4);
is($node->safe_psql('cdr', q{SELECT count(*) FROM audit.log_line WHERE line ? 'context'}), 1, 'one line is a fake');

# Others read it, when they may.
$node->safe_psql('cdr', 'CREATE ROLE auditor LOGIN; GRANT USAGE ON SCHEMA audit TO auditor; GRANT SELECT ON audit.cdr_export TO auditor');
is($node->safe_psql('cdr', 'SELECT count(*) FROM audit.cdr_export', connstr => $node->connstr('cdr') . ' user=auditor'), 4, 'an auditor reads the view');
is(failure($node, 'cdr', 'SELECT count(*) FROM audit.log_line', user => 'auditor')->{sqlstate}, '42501', 'and not the log');
is(failure($node, 'cdr', 'SELECT count(*) FROM audit.cdr_export', user => 'Zoë')->{sqlstate}, '42501', 'others see nothing');

done_testing();

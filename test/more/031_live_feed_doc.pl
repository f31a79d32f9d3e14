# The set-up in docs/live-feed.md, run as it is written there, from the server to the pg_cron line.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../t/lib";

use CdrTest;
use Portal;
use PostgreSQL::Test::Utils;
use Test::More;

my $doc = slurp_file("$FindBin::Bin/../../docs/live-feed.md");
my $script = join "\n", $doc =~ /^```sql\n(.*?)^```$/msg;

my $node = new_server('doc', <<'CONF');
shared_preload_libraries = 'pg_cron'
cron.database_name = 'cdr'
log_statement = 'all'
CONF
$node->append_conf('postgresql.conf', "cron.host = '" . $node->host . "'");
$node->restart;
create_database($node, 'cdr');
my $portal = Portal->new;
$portal->insert_calls(1, 1000);

# The first block is the one to change.
my %value = (portal_host => '127.0.0.1', portal_port => $portal->port, portal_password => 'secret');
for my $name (sort keys %value) {
  is($script =~ s/^\\set $name '.*'$/\\set $name '$value{$name}'/mg, 1, "$name can be set");
}
my ($code, $out, $err) = $node->psql('cdr', $script);
is($code, 0, 'the set-up runs as written') or diag($err);
like($out, qr/^1\|room1\@tenant\.example\.com\|2026-04-01 00:00:10$/m, 'the trial query shows a record');

my @columns = split /\n/, $node->safe_psql('cdr', <<'SQL');
SELECT attname FROM pg_attribute
WHERE attrelid = 'portal.conferencecall2'::regclass AND attnum > 0 ORDER BY attnum
SQL
is_deeply(\@columns, [ map { lc } $portal->columns ], 'the foreign table has all columns');
is($node->safe_psql('cdr', 'SELECT count(*) FROM conferencecall2'), 1000, 'the first sync brings all calls');
is($node->safe_psql('cdr', "SELECT jointime FROM conferencecall2 WHERE callid = 1"),
  '2026-04-01 04:00:10+00', 'in the time zone that was given');

# pg_cron starts it within a minute.
$portal->insert_calls(1001, 1010);
ok($node->poll_query_until('cdr', 'SELECT count(*) = 1010 FROM conferencecall2'), 'the job brings new calls');
ok($node->poll_query_until('cdr', "SELECT count(*) > 0 FROM cron.job_run_details WHERE status = 'succeeded'"),
  'and succeeds');

done_testing();

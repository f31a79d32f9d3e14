# The entries of access by logical replication: publishing them hinders no grant, and a session of the
# subscriber obeys what has arrived with its next statement.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use CdrTest;
use Test::More;

my $publisher = new_server('publisher', "autovacuum = off\n", allows_streaming => 'logical');
my $subscriber = new_server('subscriber', "autovacuum = off\nwal_retrieve_retry_interval = 100ms\n");
my @roles = qw(reader other);
for my $node ($publisher, $subscriber) {
  $node->safe_psql('postgres', join '', map { "CREATE ROLE $_ LOGIN;" } @roles);
  create_database($node, 'cdr');
}
insert_records($publisher, 'cdr', 30);
$publisher->safe_psql('cdr', q{SELECT cdr_grant_tenant('reader', 'tenant1');
  CREATE PUBLICATION records FOR TABLE conferencecall2, cdr_role_access});

# The subscriber has the entries by replication, and the privileges by its own owner.
my $from = $publisher->connstr . ' dbname=cdr';
$subscriber->safe_psql('cdr', "CREATE SUBSCRIPTION records CONNECTION '$from' PUBLICATION records");
$subscriber->safe_psql('cdr', "GRANT SELECT ON conferencecall2 TO $_") for @roles;
$subscriber->wait_for_subscription_sync($publisher, 'records', 'cdr');

# A session that keeps what its role was granted, as a connection pool's do.
my $session = background_session($subscriber, 'cdr', extra_params => [ '-U', 'reader' ]);
my $seen = q{SELECT coalesce(string_agg(DISTINCT "TenantName", ' ' ORDER BY "TenantName"), 'nothing') FROM export_cdr()};
is($session->query($seen), 'tenant1', 'the session sees what came with the first copy');

# What the session sees once a change has arrived.
sub seen_after {
  my ($change) = @_;
  $publisher->safe_psql('cdr', $change);
  $publisher->wait_for_catchup('records');
  return $session->query($seen);
}

is(seen_after(q{SELECT cdr_grant_tenant('reader', 'tenant2')}), 'tenant1 tenant2', 'a grant arrives');
is(seen_after(q{SELECT cdr_revoke('reader', 'tenant1')}), 'tenant2', 'a revoke of one tenant');
is(seen_after(q{UPDATE cdr_role_access SET tenant = 'tenant0' WHERE role = 'reader'::regrole}), 'tenant0',
  'an entry that is changed');
is(seen_after(q{UPDATE cdr_role_access SET role = 'other'::regrole::oid WHERE role = 'reader'::regrole}), 'nothing',
  'an entry that becomes that of another role');
is(seen_after(q{SELECT cdr_grant_all_tenants('reader')}), 'tenant0 tenant1 tenant2', 'a grant of all tenants');
is(seen_after(q{UPDATE cdr_role_access SET access = 'import' WHERE role = 'reader'::regrole}),
  'tenant0 tenant1 tenant2', 'an entry without a tenant is found');
is(seen_after(q{SELECT cdr_revoke('reader')}), 'nothing', 'a revoke of everything');
is(seen_after(q{BEGIN; SELECT cdr_grant_tenant('reader', 'tenant1'); SELECT cdr_grant_tenant('other', 'tenant1'); COMMIT}),
  'tenant1', 'two grants in one transaction');
is(seen_after(q{TRUNCATE cdr_role_access}), 'nothing', 'a TRUNCATE');

# An entry waits for its role.
$publisher->safe_psql('cdr', 'CREATE ROLE late; GRANT late TO reader');
$publisher->safe_psql('cdr', q{SELECT cdr_grant_tenant('late', 'tenant2')});
$subscriber->wait_for_log(qr/role "late" does not exist/);
$subscriber->safe_psql('cdr', 'CREATE ROLE late; GRANT late TO reader');
$publisher->wait_for_catchup('records');
is($session->query($seen), 'tenant2', 'a grant to a role that comes after it');
$session->quit;
is($subscriber->safe_psql('cdr', 'TABLE cdr_role_access'), 'late|tenant|tenant2', 'the subscriber has that entry alone');

done_testing();

# Grants and their end, made after the records were distributed, hold at once in sessions that are open already,
# though Citus keeps its connections to the workers: by the functions, by hand, and through a group.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use CitusTest;
use CdrTest;
use Test::More;

my @nodes = new_cluster('grants');
my ($coordinator) = @nodes;
create_cluster_database('cdr', \@nodes);
insert_records($coordinator, 'cdr', 300);
my @roles = qw(reader other analysts member);
$coordinator->safe_psql('cdr', q{
  CREATE ROLE reader LOGIN; CREATE ROLE other LOGIN; CREATE ROLE analysts; CREATE ROLE member LOGIN IN ROLE analysts;
  GRANT SELECT ON conferencecall2 TO other, analysts;
  SELECT cdr_distribute()});

my $count = 'SELECT count(*), string_agg(DISTINCT "TenantName", \' \') FROM export_cdr()';
my $owner = background_session($coordinator, 'cdr');
my %session = map { $_ => background_session($coordinator, 'cdr', as_role($_), on_error_stop => 0,
  extra_params => [ '-U', $_, '-v', 'VERBOSITY=sqlstate' ]) } qw(reader other member);

# What a role sees in its session: the number of records and their tenants, or the SQLSTATE.
sub sees {
  my ($role, $query) = @_;
  my $session = $session{$role};
  my $out = $session->query($query // $count);
  my ($error) = $session->{stderr} =~ /ERROR:  (\w{5})/;
  $session->{stderr} = '';
  return $error // $out;
}

# The entries of access on each node, which must be the same.
sub entries {
  my %entries = map { $_ => 1 } map { $_->safe_psql('cdr', q{SELECT string_agg(concat_ws(' ', role, access, tenant), ', '
    ORDER BY role::text, access, tenant) FROM cdr_role_access}) } @nodes;
  return join ' but ', keys %entries;
}

# Every session has its connections to the workers before the first grant.
sees($_) for (keys %session) x 2;
is(sees('reader'), '42501', 'nobody has granted anything yet');
is(sees('other'), '0|', 'nor to who may read the table');

$owner->query_safe(q{SELECT cdr_grant_tenant('reader', 'tenant1')});
is(sees('reader'), '100|tenant1', 'a grant');
is(sees('reader', 'SELECT count(*) FROM conferencecall2'), '100', '... and the table itself');
is(entries(), 'reader tenant tenant1', '... on all nodes');
$owner->query_safe(q{SELECT cdr_grant_tenant('reader', 'tenant2')});
is(sees('reader'), '200|tenant1 tenant2', 'another one');
$owner->query_safe(q{SELECT cdr_revoke('reader', 'tenant1')});
is(sees('reader'), '100|tenant2', 'one less');
$owner->query_safe(q{SELECT cdr_grant_all_tenants('reader')});
is(sees('reader'), '300|tenant0 tenant1 tenant2', 'all tenants');
$owner->query_safe(q{SELECT cdr_revoke('reader')});
is(sees('reader'), '42501', 'everything taken away');
is(entries(), '', '... on all nodes');

# By hand.
$owner->query_safe(q{INSERT INTO cdr_role_access (role, access, tenant) VALUES ('other', 'tenant', 'tenant1')});
is(sees('other'), '100|tenant1', 'INSERT');
is(sees('other', 'SELECT count(*) FROM conferencecall2'), '100', '... and the table itself');
$owner->query_safe(q{UPDATE cdr_role_access SET tenant = 'tenant2' WHERE tenant = 'tenant1'});
is(sees('other'), '100|tenant2', 'UPDATE');
is(sees('other', 'SELECT DISTINCT tenantname FROM conferencecall2'), 'tenant2', '... and the table itself');
$owner->query_safe('DELETE FROM cdr_role_access');
is(sees('other'), '0|', 'DELETE');
is(sees('other', 'SELECT count(*) FROM conferencecall2'), '0', '... and the table itself');
$owner->query_safe(q{INSERT INTO cdr_role_access (role, access) VALUES ('other', 'all tenants')});
is(sees('other'), '300|tenant0 tenant1 tenant2', 'INSERT of all tenants');
$owner->query_safe('TRUNCATE cdr_role_access');
is(sees('other'), '0|', 'TRUNCATE');
is(sees('other', 'SELECT count(*) FROM conferencecall2'), '0', '... and the table itself');

# Transactions.
$owner->query_safe(q{BEGIN; SELECT cdr_grant_tenant('other', 'tenant1'); SAVEPOINT s;
  SELECT cdr_grant_tenant('other', 'tenant2')});
is(sees('other'), '0|', 'a grant that is not committed');
$owner->query_safe('ROLLBACK TO s; COMMIT');
is(sees('other'), '100|tenant1', 'a grant before a savepoint is there, the one behind it is not');
is(entries(), 'other tenant tenant1', '... on all nodes');
$owner->query_safe(q{SELECT cdr_revoke('other'); GRANT SELECT ON conferencecall2 TO other});
$owner->query_safe(q{BEGIN; SELECT cdr_grant_tenant('other', 'tenant1'); ROLLBACK});
is(sees('other'), '0|', 'ROLLBACK leaves nothing');
is(entries(), '', '... on all nodes');
sees('other', 'BEGIN');
is(sees('other'), '0|', 'in a transaction of the reader');
$owner->query_safe(q{SELECT cdr_grant_tenant('other', 'tenant1')});
is(sees('other'), '100|tenant1', '... the next statement sees a grant');
$owner->query_safe(q{SELECT cdr_revoke('other')});
is(sees('other'), '42501', '... and its end');
sees('other', 'ROLLBACK');
like(outcome($coordinator, 'cdr', qq{BEGIN; SELECT cdr_grant_tenant('other', 'tenant1'); SET ROLE other; $count}),
  qr/ \| cannot perform query on placements that were modified in this transaction by a different user$/,
  'Citus refuses to use a grant in its own transaction');
is(entries(), '', '... and nothing is left on any node');

# A group.
is(sees('member'), '0|', 'a member of a group without access');
$owner->query_safe(q{SELECT cdr_grant_tenant('analysts', 'tenant2')});
is(sees('member'), '100|tenant2', 'a grant to the group');
$owner->query_safe('REVOKE analysts FROM member; GRANT SELECT ON conferencecall2 TO member');
is(sees('member'), '0|', 'the member has left');
$owner->query_safe('GRANT analysts TO member');
is(sees('member'), '100|tenant2', 'and comes back');

# Roles that go.
$owner->query_safe('DROP OWNED BY analysts');
is(entries(), '', 'DROP OWNED takes the entries on all nodes');
is(sees('member'), '0|', '... and what they gave');
$owner->query_safe(q{CREATE ROLE leaving LOGIN; SELECT cdr_grant_tenant('leaving', 'tenant1');
  DROP OWNED BY leaving; DROP ROLE leaving; CREATE ROLE leaving LOGIN; GRANT SELECT ON conferencecall2 TO leaving});
is(outcome($coordinator, 'cdr', $count, 'leaving'), '0|', 'a new role of that name has none of it');
$owner->query_safe(q{SELECT cdr_grant_tenant('leaving', 'tenant2')});
is(outcome($coordinator, 'cdr', $count, 'leaving'), '100|tenant2', '... until it is granted access');
$owner->query_safe('ALTER ROLE leaving RENAME TO renamed');
is(outcome($coordinator, 'cdr', $count, 'renamed'), '100|tenant2', 'a role with another name');
is(entries(), 'renamed tenant tenant2', '... on all nodes');

$_->quit for $owner, values %session;
done_testing();

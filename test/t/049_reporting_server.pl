# The reporting server of docs/scaling.md, made as it is written there: records, changes and purges arrive by logical
# replication, its tenants' grants are its own, and replication lasts through an update of the extension.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use CdrTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $doc = slurp_file("$FindBin::Bin/../../docs/scaling.md");
my ($publication, $subscription, $archive) = $doc =~ /^```sql\n(.*?)^```$/msg;
my $portal = new_server('portal', "autovacuum = off\n", allows_streaming => 'logical');
my $reports = new_server('reports', "autovacuum = off\nwal_retrieve_retry_interval = 100ms\n");
my $from = $portal->connstr . ' dbname=portal';
$subscription =~ s/host=portal-db dbname=portal user=replicator/$from/ or die 'no connection in the page';

# The records of a server, as its tenant's admin or as the owner.
sub records_of {
  my ($node, $database, @as) = @_;
  return $node->safe_psql($database,
    q{SELECT count(*), count("LeaveTime"), string_agg(DISTINCT "TenantName", ' ') FROM export_cdr()}, @as);
}

# Waits until a reporting server has what the portal's server has.
sub catch_up {
  $portal->wait_for_catchup($_) for @_;
}

# The portal's server has records, and the objects of 1.1, before the reporting server comes.
$portal->safe_psql('postgres', 'CREATE DATABASE portal');
$portal->safe_psql('portal', q{CREATE EXTENSION vidyo_cdr VERSION '1.1'});
insert_records($portal, 'portal', 30, tenantname => "(ARRAY['acme', 'beta'])[1 + i % 2]");
$portal->safe_psql('portal', $publication);
$reports->safe_psql('postgres', 'CREATE DATABASE reports');
$reports->safe_psql('reports', $subscription);
$reports->wait_for_subscription_sync($portal, 'calls', 'reports');

my @admin = (extra_params => [ '-U', 'acme_reports' ]);
is(records_of($reports, 'reports'), '30|0|acme beta', 'the first copy');
is(records_of($reports, 'reports', @admin), '15|0|acme', "a tenant's admin sees that tenant");
is($portal->safe_psql('portal', 'SELECT count(*) FROM cdr_role_access'), 0, 'the grant is of one server');

# The reporting server is updated first: it has the new objects already.
$portal->safe_psql('portal', 'ALTER EXTENSION vidyo_cdr UPDATE');
$portal->safe_psql('portal', q{UPDATE conferencecall2 SET callstate = 'COMPLETED', leavetime = jointime + interval '1 min'
  WHERE callid <= 20});
insert_records($portal, 'portal', 10, tenantname => "'acme'", jointime => "'2026-02-01Z'::timestamptz + i * interval '1 s'");
catch_up('calls');
is(records_of($reports, 'reports'), '40|20|acme beta', 'changes and new records, after an update');
is(records_of($reports, 'reports', @admin), '25|10|acme', "and for a tenant's admin");
is($reports->safe_psql('reports', q{SELECT sum(joins) FROM cdr_usage('2026-01-01', '2026-02-02')}), 40, 'figures');

# An archive beside it, which leaves deletes out.
$archive =~ s/PUBLICATION calls/PUBLICATION kept/ or die 'no publication in the page';
$portal->safe_psql('portal', $archive);
$reports->safe_psql('postgres', 'CREATE DATABASE archive');
$reports->safe_psql('archive', "CREATE EXTENSION vidyo_cdr; CREATE SUBSCRIPTION kept CONNECTION '$from' PUBLICATION kept");
$reports->wait_for_subscription_sync($portal, 'kept', 'archive');

$portal->safe_psql('portal', q{CALL purge_cdr('2026-01-31Z')});
catch_up('calls', 'kept');
is(records_of($portal, 'portal'), '10|0|acme', 'a purge');
is(records_of($reports, 'reports'), '10|0|acme', 'arrives at the reporting server');
is(records_of($reports, 'archive'), '40|20|acme beta', 'but not at the archive');

# Whose CallID is taken, stops the subscription, and goes on when it is free again.
$reports->safe_psql('reports', q{INSERT INTO conferencecall2 (callid, uniquecallid, conferencename, tenantname, conferencetype,
  endpointtype, callername, jointime, callstate, direction) SELECT 1000, uniquecallid, conferencename, tenantname,
  conferencetype, endpointtype, callername, jointime, callstate, direction FROM conferencecall2 LIMIT 1});
$portal->safe_psql('portal', q{INSERT INTO conferencecall2 (callid, uniquecallid, conferencename, tenantname, conferencetype,
  endpointtype, callername, jointime, callstate, direction) SELECT 1000, uniquecallid, conferencename, 'beta',
  conferencetype, endpointtype, callername, jointime, callstate, direction FROM conferencecall2 LIMIT 1});
$reports->wait_for_log(qr/duplicate key value violates unique constraint "conferencecall2_pkey"/);
$reports->safe_psql('reports', 'DELETE FROM conferencecall2 WHERE callid = 1000');
catch_up('calls');
is(records_of($reports, 'reports'), '11|0|acme beta', 'a record that was in the way');

done_testing();

# Records that are distributed are read as the same records were before, by each role, in new sessions and in those
# that were open all along; and a grant or its end holds at once in all of them, though Citus keeps its connections
# to the workers.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use CitusTest;
use CdrTest;
use Test::More;

my @nodes = new_cluster('reading');
my ($coordinator) = @nodes;
create_cluster_database('cdr', \@nodes);
$coordinator->command_ok([ 'psql', '-Xq', '-v', 'ON_ERROR_STOP=1', '-v', 'records=4000', '-v', 'year=2024',
    '-d', $coordinator->connstr('cdr'), '-f', "$FindBin::Bin/../data/records.sql" ], 'records');
$coordinator->safe_psql('cdr', q{
  UPDATE conferencecall2 SET callerid = chr(8364) || callid, callername = '=cmd|' || callid WHERE callid % 500 = 0;
  INSERT INTO conferencecall2 (uniquecallid, conferencename, tenantname, conferencetype, endpointtype, callername,
    jointime, callstate, direction) SELECT 'live' || i, 'room' || i % 3, 'acme.example.com', 'C', 'D', 'A' || i,
    now() - interval '1 hour' + i * interval '1 s', 'IN PROGRESS', 'I' FROM generate_series(1, 20) i;
  CREATE ROLE everything LOGIN;
  CREATE ROLE acme LOGIN;
  CREATE ROLE harbor LOGIN;
  CREATE ROLE two LOGIN;
  CREATE ROLE analysts;
  CREATE ROLE member LOGIN IN ROLE analysts;
  CREATE ROLE importer LOGIN;
  CREATE ROLE absent LOGIN;
  CREATE ROLE nobody LOGIN;
  GRANT SELECT ON conferencecall2 TO nobody;
  SELECT cdr_grant_all_tenants('everything');
  SELECT cdr_grant_tenant('acme', 'acme.example.com');
  SELECT cdr_grant_tenant('harbor', 'harbor-bank.example.com');
  SELECT cdr_grant_tenant('two', 'acme.example.com'), cdr_grant_tenant('two', 'valley-law.example.com');
  SELECT cdr_grant_tenant('analysts', 'pine-insurance.example.com');
  SELECT cdr_grant_import('importer')});
my @roles = ($coordinator->safe_psql('cdr', 'SELECT current_user'), qw(everything acme harbor two member importer absent nobody));

my @queries = (
  'SELECT * FROM export_cdr()',
  q{SELECT * FROM export_cdr('2024-03-01Z', '2024-04-01Z')},
  q{SELECT * FROM export_cdr(tenant => 'acme.example.com')},
  q{SELECT * FROM export_cdr('2024-03-01Z', tenant => 'harbor-bank.example.com')},
  q{SELECT "CallerName", "JoinTime" FROM export_cdr('2024-03-01Z') WHERE "EndpointType" = 'R'},
  'SELECT export_cdr_csv()',
  q{SELECT export_cdr_csv('2024-02-01Z', '2024-05-01Z', profile => 'portal', delimiter => ';')},
  q{SELECT export_cdr_csv(tenant => 'valley-law.example.com', profile => 'excel', header => false)},
  'COPY (SELECT * FROM export_cdr()) TO STDOUT WITH (FORMAT csv, HEADER)',
  q{COPY (SELECT * FROM export_cdr('2024-03-01Z', '2024-04-01Z', 'acme.example.com')) TO STDOUT},
  q{COPY (SELECT "CallID", upper("CallerName") FROM export_cdr('2024-03-01Z', '2024-04-01Z')) TO STDOUT},
  q{\copy (SELECT * FROM export_cdr('2024-06-01Z')) TO STDOUT WITH (FORMAT csv, HEADER)},
  'SELECT * FROM export_cdr_ranges()',
  'SELECT * FROM export_cdr_ranges(max_records => 300)',
  q{SELECT * FROM export_cdr_ranges('2024-02-01Z', '2024-11-01Z', 'acme.example.com', 50)},
  q{SELECT * FROM cdr_usage('2024-01-01Z', '2025-01-01Z', '1 month', 'America/New_York')},
  (map { "SELECT * FROM cdr_usage('2024-01-01Z', '2025-01-01Z', '1 month', group_by => '$_')" }
    qw(TenantName EndpointType ConferenceName)),
  q{SELECT * FROM cdr_usage('2024-05-01Z', '2024-06-01Z', '1 hour', tenant => 'acme.example.com')},
  q{SELECT * FROM cdr_meetings(end_time => '2025-01-01Z')},
  q{SELECT * FROM cdr_meetings('2024-02-01Z', '2024-05-01Z', 'acme.example.com', '{D,R}')},
  'SELECT "CallID", "CallState", "JoinTime" FROM cdr_report ORDER BY "CallID"',
  'SELECT callid, callstate FROM cdr_live ORDER BY callid',
  'TABLE conferencecall2 ORDER BY callid',
  'SELECT tenantname, count(*) FROM conferencecall2 GROUP BY tenantname ORDER BY tenantname',
  'SELECT c.tenantname, count(*) FROM conferencecall2 c JOIN cdr_codes d ON d.code = c.endpointtype GROUP BY 1 ORDER BY 1',
  'SELECT count(*), max(callid), min(jointime) FROM conferencecall2',
  'SELECT * FROM conferencecall2 WHERE callid = 17',
  'TABLE cdr_access ORDER BY cdr_access',
  q{SELECT cdr_sees_tenant('acme.example.com'), cdr_may_import(), cdr_may_purge()},
  'SET vidyo_cdr.export_limit = 100; SELECT * FROM export_cdr(); RESET vidyo_cdr.export_limit',
  'PREPARE export(timestamptz) AS SELECT count(*), min("CallID") FROM export_cdr($1);'
    . join('', map { " EXECUTE export('2024-0$_-01Z');" } 1 .. 7) . ' DEALLOCATE export',
  'BEGIN READ ONLY; SELECT count(*) FROM export_cdr(); COMMIT',
  'BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM export_cdr(); SELECT count(*) FROM cdr_meetings(); COMMIT',
  'BEGIN; DECLARE c CURSOR FOR SELECT "CallID" FROM export_cdr(); FETCH 3 FROM c; MOVE 100 IN c; FETCH 2 FROM c; COMMIT');

# What each query prints for a role, errors included, one after the other in one session; without the hint to a
# view that Citus does not run.
sub all_outputs {
  my ($role) = @_;
  my $script = join "\n", '\set SHOW_CONTEXT never', "SET timezone = 'UTC';", map { "\\echo ####\n\\warn ####\n$_;" } @queries;
  my ($code, $out, $err) = $coordinator->psql('cdr', $script, on_error_stop => 0,
    connstr => $coordinator->connstr('cdr') . " user=$role");
  my (undef, @outputs) = split /^####\n/m, "$out\n";
  my (undef, @errors) = split /^####\n/m, "$err\n";
  return [ map { $outputs[$_] . $errors[$_] =~ s/^HINT:  The view cdr_tenants .*\n//mr } 0 .. $#queries ];
}

my %before = map { $_ => all_outputs($_) } @roles;
my $count = 'SELECT count(*), count(DISTINCT "TenantName") FROM export_cdr()';
my %session = map { $_ => background_session($coordinator, 'cdr', as_role($_), on_error_stop => 0) } @roles;
my %counted = map { $_ => scalar $session{$_}->query($count) } @roles;
is($coordinator->safe_psql('cdr', 'SELECT * FROM cdr_distribute()'), '2|8|4020', 'distributed');
for my $role (@roles) {
  is(scalar $session{$role}->query($count), $counted{$role}, "$role: in a session from before");
  is_deeply(all_outputs($role), $before{$role}, "$role: all queries give what they gave before");
}
is($coordinator->safe_psql('cdr', 'SELECT cdr_undistribute()'), '4020', 'taken back');
for my $role (@roles) {
  is(scalar $session{$role}->query($count), $counted{$role}, "$role: in a session from before");
  is_deeply(all_outputs($role), $before{$role}, "$role: all queries give what they gave at first");
}
$_->quit for values %session;

done_testing();

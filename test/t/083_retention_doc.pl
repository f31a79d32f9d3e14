# The lines of docs/retention.md that pg_cron and systemd run every night, run as they run them.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use CdrTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $doc = slurp_file("$FindBin::Bin/../../docs/retention.md");
my $node = new_server('retention');
create_database($node, 'portal');
my $stored = q{SELECT count(*), count(*) FILTER (WHERE tenantname = 'acme.example.com') FROM conferencecall2};

# A record a day for the last 800 days, of two tenants in turn, and a reject a day.
sub fill {
  $node->safe_psql('portal', 'TRUNCATE conferencecall2, cdr_import, cdr_import_reject, cdr_purge RESTART IDENTITY');
  insert_records($node, 'portal', 800, jointime => "now() - i * interval '1 day' + interval '1 h'", callstate => "'COMPLETED'",
    tenantname => "CASE WHEN i % 2 = 0 THEN 'acme.example.com' ELSE 'riverside.example.com' END");
  $node->safe_psql('portal', q{INSERT INTO cdr_import (kind, header, delimiter, time_zone, profile)
    VALUES ('text', '', ',', 'UTC', 'raw'); INSERT INTO cdr_import_reject (import_id, raw_text, reason, contradicts, rejected_at)
    SELECT 1, '', '', false, now() - i * interval '1 day' + interval '1 h' FROM generate_series(1, 800) i});
}

# A year has 365 or 366 days, the day before yesterday's yesterday included.
my $year = $node->safe_psql('portal', q{SELECT extract(day FROM now() - (now() - interval '1 year'))::int});

# pg_cron sends each command as psql -c does. The owner, or a role that was granted it, schedules them.
my @commands = $doc =~ /cron\.schedule\('[^']+', '[^']+',\s+(?:\$\$|')(.*?)(?:\$\$|')\);/gs;
is(scalar @commands, 3, 'the page has three jobs');
$node->safe_psql('portal', q{CREATE ROLE retention LOGIN; SELECT cdr_grant_purge('retention')});
for my $user ('', 'retention') {
  fill();
  my $connstr = $node->connstr('portal') . ($user ? " user=$user" : '');
  for my $command (@commands) {
    my ($out, $err) = ('', '');
    my $code = IPC::Run::run([ 'psql', '-Xq', '-v', 'ON_ERROR_STOP=1', '-d', $connstr, '-c', $command ], '>', \$out, '2>', \$err);
    ok($code && $err !~ /ERROR/, "as @{[ $user || 'the owner' ]}: $command") or diag $err;
  }
  my $acme = 45;  # of 90 days
  my $riverside = int(($year + 1) / 2);
  is($node->safe_psql('portal', $stored), $acme + $riverside . "|$acme", 'what is left');
  is($node->safe_psql('portal', 'SELECT count(*) FROM cdr_import_reject'), $year, 'and of the rejects');
}

# The service, whose line systemd splits at quotes as a shell does.
fill();
my ($line) = $doc =~ /^ExecStart=(psql .* -c .*)$/m;
local @ENV{qw(PGHOST PGPORT PGDATABASE)} = ($node->host, $node->port, 'portal');
is(system('sh', '-ec', "exec $line >/dev/null"), 0, "the service runs: $line");
is($node->safe_psql('portal', 'SELECT count(*) FROM conferencecall2'), $year, 'what is older than a year is gone');
is($node->safe_psql('portal', q{SELECT count(*) FROM pg_stat_user_tables
  WHERE relname = 'conferencecall2' AND last_vacuum IS NOT NULL}), 1, 'and the table vacuumed');

# The file for tenants with times of their own.
fill();
my ($tables) = $doc =~ /^```sql\n(CREATE TABLE retention .*?)^```$/ms;
my ($file) = $doc =~ /^```sql\n(SELECT format\(.*?)^```$/ms;
like($doc, qr/ExecStart=psql -X -v ON_ERROR_STOP=1 -f /, 'the page has a line for a file');
append_to_file($node->basedir . '/retention.sql', $file);
$node->safe_psql('portal', $tables);
is(system('psql', '-Xqo', '/dev/null', '-v', 'ON_ERROR_STOP=1', '-f', $node->basedir . '/retention.sql'), 0, 'the file runs');
is($node->safe_psql('portal', q{SELECT count(*) FILTER (WHERE tenantname = 'acme.example.com'),
  min(jointime) FILTER (WHERE tenantname <> 'acme.example.com') >= now() - interval '2 years' FROM conferencecall2}),
  '45|t', 'each tenant has kept its own time');

done_testing();

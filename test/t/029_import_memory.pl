# An import takes memory for a batch, not for a file, and time in proportion to its records; of a file
# that is larger than memory may be it reads the end as well as the beginning.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use CdrTest;
use POSIX qw(mkfifo);
use PostgreSQL::Test::Utils;
use Test::More;

plan skip_all => 'needs /proc/PID/status' if !-r '/proc/self/status';

# High costs: nothing may be compiled for each batch.
my $node = new_server('import_memory',
  "jit_above_cost = 0\nstatement_timeout = '30min'\n");
create_database($node, 'cdr');
my $folder = PostgreSQL::Test::Utils::tempdir;
my $file = "$folder/cdr.csv";
# The memory of a session in kB, and the time that processors have worked for it in hundredths of a
# second, which does not depend on what else the machine does.
$node->safe_psql('cdr', <<'SQL');
CREATE FUNCTION memory(kind text) RETURNS bigint LANGUAGE sql AS $$
  SELECT substring(pg_read_file('/proc/' || pg_backend_pid() || '/status')
    FROM kind || ':\s+(\d+)')::bigint $$;
CREATE FUNCTION worked() RETURNS bigint LANGUAGE sql AS $$
  SELECT stat[12]::bigint + stat[13]::bigint
  FROM string_to_array(substring(pg_read_file('/proc/' || pg_backend_pid() || '/stat') FROM '\) (.*)'), ' ') stat $$;
SQL

# Imports into empty tables; checks the counts, the growth of memory (what it reached, shared buffers
# that it touched taken off) and the work, of which half a minute is several times what is needed.
sub measured {
  my ($import, $title, $counts) = @_;
  my $out = $node->safe_psql('cdr', <<"SQL");
TRUNCATE conferencecall2, cdr_import, cdr_import_reject;
SELECT import_cdr('CallID,UniqueCallID,ConferenceName,TenantName,ConferenceType,EndpointType,JoinTime,CallState,Direction');
SELECT 'before', memory('VmHWM'), memory('RssShmem'), memory('RssAnon'), worked();
SELECT 'counts', inserted, updated, unchanged, rejected FROM $import;
SELECT 'after', memory('VmHWM'), memory('RssShmem'), memory('RssAnon'), worked();
SQL
  my @before = $out =~ /^before\|(\d+)\|(\d+)\|(\d+)\|(\d+)$/m;
  my @after = $out =~ /^after\|(\d+)\|(\d+)\|(\d+)\|(\d+)$/m;
  like($out, qr/^counts\|\Q$counts\E$/m, "$title: counts");
  my $most = ($after[0] - $after[1]) - ($before[0] - $before[1]);
  my $worked = ($after[3] - $before[3]) / 100;
  note "$title: $most kB at most, ", $after[2] - $before[2], " kB in the end, $worked s";
  cmp_ok($most, '<', 24 * 1024, "$title: less than 24 MB of memory");
  cmp_ok($worked, '<', 30, "$title: less than half a minute of work");
}

my ($records, $refused, $batches, $megabytes) = (amount(60_000, 300_000), amount(30_000, 60_000),
  amount(1000, 3000), amount(200, 2200));
my $call = "import_cdr_file('$file', 'UTC')";
portal_file($file, [ 1 .. $records ]);
measured($call, 'new records', "$records|0|0|0");
portal_file($file, [ 1 .. $refused ], name => sub { 'Too,many,' . 'x' x 500 });
measured($call, 'lines that are no records', "0|0|0|$refused");
portal_file($file, [ 1 .. $refused ], leave => '2026-02-01 00:00:00', name => sub { 'x' x 500 });
measured($call, 'records with a fault', "0|0|0|$refused");
portal_file($file, [ map { (1, 2) } 1 .. $batches ], name => sub { 'x' x 500 });
measured($call, 'a batch for each two records', '2|0|' . (2 * $batches - 2) . '|0');

# Records that contradict, and the same ones again.
portal_file($file, [ 1 .. $refused ]);
$node->safe_psql('cdr', "TRUNCATE conferencecall2; SELECT $call");
portal_file($file, [ 1 .. $refused ], name => sub { 'Another' });
for my $time ('first', 'second') {
  is($node->safe_psql('cdr', "SELECT unchanged, rejected FROM $call"), "0|$refused",
    "contradictions, $time time");
}
is($node->safe_psql('cdr', 'SELECT count(*) FROM cdr_import_reject WHERE contradicts'), $refused,
  'each is kept once');

# A stream, in the long form of more than 2 GB: two records, and empty lines between them.
my $pipe = "$folder/pipe";
mkfifo($pipe, 0600) or die "could not make $pipe: $!";
my $pid = fork // die "fork: $!";
if ($pid == 0) {
  open my $out, '>:raw', $pipe or POSIX::_exit(1);
  my ($first, $second) = (slurp_file(portal_file("$folder/one.csv", [ 1 ])), undef);
  (undef, $second) = split /\n/, slurp_file(portal_file("$folder/two.csv", [ 2 ]));
  my $blank = "\n" x 1_000_000;
  syswrite $out, $first;
  for (1 .. $megabytes) {
    for (my $at = 0; $at < length $blank;) {
      $at += syswrite($out, $blank, length($blank) - $at, $at) // POSIX::_exit(1);
    }
  }
  syswrite $out, "$second\n$second,more\n";
  POSIX::_exit(0);
}
measured("import_cdr_file('$pipe', 'UTC')", "$megabytes MB", '2|0|0|1');
waitpid $pid, 0;
is($node->safe_psql('cdr', 'SELECT line FROM cdr_import_reject'), $megabytes * 1_000_000 + 4,
  'its lines are counted, in the long form beyond 32 bits');

done_testing();

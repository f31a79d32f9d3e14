# With the extension's CSV writer, COPY writes where nothing else may be written, and one that is
# cancelled leaves nothing behind, wherever in an export that happens.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use CdrTest;
use CopyBothWays;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = new_server('primary',
  "session_preload_libraries = 'vidyo_cdr'\nautovacuum = off\nwork_mem = '64kB'\nlog_temp_files = 0\n",
  allows_streaming => 1);
create_database($node, 'cdr');
insert_records($node, 'cdr', 2000);
watch_writer($node, 'cdr');
$node->safe_psql('cdr',
  'GRANT EXECUTE ON FUNCTION pg_read_binary_file(text), pg_ls_tmpdir() TO exporter');

# Where nothing can be written: read-only transactions, and a standby.
$node->backup('base');
my $standby = PostgreSQL::Test::Cluster->new('standby');
$standby->init_from_backup($node, 'base', has_streaming => 1);
$standby->start;
$node->wait_for_catchup($standby);
is($standby->safe_psql('cdr', 'SELECT pg_is_in_recovery()'), 't', 'the standby is one');

my $query = '(SELECT * FROM export_cdr())';
my $expected = $node->safe_psql('cdr', "COPY $query TO STDOUT (FORMAT csv, HEADER)") . "\n";
is(() = $expected =~ /^\d+,100/mg, 2000, 'the file has all records');
my $file = PostgreSQL::Test::Utils::tempdir() . '/export.csv';
for my $place ([ 'read-only transaction', $node, 'BEGIN READ ONLY;' ], [ 'standby', $standby, '' ],
  [ 'transaction of the standby', $standby, 'BEGIN;' ]) {
  my ($name, $server, $before) = @$place;
  my @pairs = both_ways($server, 'cdr', [
    { before => $before, sql => "COPY $query TO STDOUT (FORMAT csv, HEADER)" },
    { before => $before, sql => "COPY $query TO '$file' (FORMAT csv, HEADER);\n"
        . "SELECT encode(pg_read_binary_file('$file'), 'hex')" } ]);
  same_both_ways($pairs[0], 'fast', "$name, client");
  same_both_ways($pairs[1], 'fast', "$name, file");
  ok($pairs[0]{on}{received} eq "\n$expected", "$name, client: all records");
  ok($pairs[1]{on}{received} eq "\n" . unpack('H*', $expected) . "\n", "$name, file: all records");
  for my $change ("cdr_grant_tenant('exporter', 't')", "cdr_grant_all_tenants('exporter')", "cdr_grant_import('exporter')",
    "cdr_revoke('exporter')") {
    my $error = failure($server, 'cdr', "$before SELECT $change");
    my ($function) = $change =~ /(\w+)/;
    is_deeply([ @$error{qw(sqlstate message)} ],
      [ '25006', "cannot execute $function() in a read-only transaction" ], "$name: $function is refused");
  }
}
$standby->stop;

# Records for cancels: 450 of 45 MB, more than is held in memory, and 20,000 short ones, in the order
# of their CallID. From one CallID on, which each transaction chooses, the policy ends the reading.
# It never waits: nothing but the export itself can notice that it is to end.
$node->safe_psql('cdr', <<'SQL');
TRUNCATE conferencecall2 RESTART IDENTITY;
CREATE POLICY ending ON conferencecall2 AS RESTRICTIVE TO exporter USING
  (callid < current_setting('probe.end_of_reading')::int OR pg_cancel_backend(pg_backend_pid()));
SQL
insert_records($node, 'cdr', 450, callername => "repeat('x', 100000)", jointime => "'2025-01-01Z'");
insert_records($node, 'cdr', 20_000);

# A COPY that is cancelled, in a transaction: at its end the settings are gone, and so no timeout
# can hit another statement.
sub cancelled {
  my ($setting, $from) = @_;
  return "BEGIN; SET LOCAL $setting;\nCOPY (SELECT * FROM $from) TO STDOUT (FORMAT csv);\nROLLBACK;\n";
}

# Four cancels: two at some moment, since an export takes far longer than 24 ms, one while records
# are read, and one while they are sent; in each round of these at another place.
my $rounds = amount(15, 50);
sub cancels {
  my ($i) = @_;
  my $short = q{export_cdr('2026-01-01Z')};
  my $sent = 450 + int(20_000 / $rounds) * $i;
  return cancelled('statement_timeout = ' . (1 + $i % 24), 'export_cdr()')
    . cancelled('probe.end_of_reading = ' . (1 + int(20_450 / $rounds) * $i), 'export_cdr()')
    . cancelled('statement_timeout = ' . (1 + $i % 24), $short)
    . cancelled('probe.none = 1', qq{$short WHERE "CallID" <= $sent OR pg_cancel_backend(pg_backend_pid())});
}

# All cancels in one session and an export, looking for what is left.
my $traces = q{SELECT 'traces', count(*) FILTER (WHERE name LIKE 'vidyo_cdr%' AND name <> 'vidyo_cdr access'),
  (SELECT count(*) FROM pg_ls_tmpdir()), sum(total_bytes) FROM pg_backend_memory_contexts};
my $log_begin = -s $node->logfile;
my %options = (on_error_stop => 0, extra_params => [ '-U', 'exporter' ]);
my ($code, $out, $err) = $node->psql('cdr', <<"SQL", %options);
\\set VERBOSITY sqlstate
SET probe.writer = 'nobody';
SET probe.end_of_reading = 1000000;
\\o /dev/null
@{[ map { cancels($_) } 0 .. 4 ]}
\\o
$traces;
\\o /dev/null
@{[ map { cancels($_) } 5 .. $rounds - 1 ]}
\\o
$traces;
\\set QUIET off
\\copy $query TO '/dev/null' (FORMAT csv)
$traces;
SHOW probe.writer;
SQL
is_deeply([ $err =~ /\b([A-Z]+:  .*)$/mg ], [ ('ERROR:  57014') x (4 * $rounds) ], 'all exports were cancelled');
my @traces = map { [ split /\|/ ] } $out =~ /^traces\|(.*)$/mg;
is_deeply([ map { "@$_[0, 1]" } @traces ], [ ('0 0') x 3 ],
  'neither memory of the writer nor a temporary file is left');
cmp_ok($traces[1][2], '<=', $traces[0][2] + 32_768, 'memory does not grow');
like($out, qr/^COPY 20450$/m, 'the next export has all records');
like($out, qr/^fast$/m, 'it was written by the extension');
my $log = substr slurp_file($node->logfile), $log_begin;
my $files = () = $log =~ /temporary file: path/g;
cmp_ok($files, '>=', $rounds - 2, 'exports with a temporary file were cancelled, too');
unlike($log, qr/temporary file leak|resource was not closed/, 'nothing was left for PostgreSQL to close');

done_testing();

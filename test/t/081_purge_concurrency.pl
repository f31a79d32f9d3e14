# A purge beside four clients that export and one that imports: no error, each export has all records of
# its snapshot, and nothing that was purged comes back. And its memory does not grow with its batches.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use CdrTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = new_server('purge_concurrency', "deadlock_timeout = 100ms\nautovacuum_naptime = 1\n");
create_database($node, 'cdr');
my $folder = PostgreSQL::Test::Utils::tempdir;
my ($stored, $purged) = (amount(8000, 60_000), amount(5000, 40_000));
insert_records($node, 'cdr', $stored, jointime => "'2020-01-01Z'::timestamptz + i * interval '1 s'",
  callstate => "CASE WHEN i % 10 = 0 THEN 'IN PROGRESS' ELSE 'COMPLETED' END");
# All of them, ended, as a portal would deliver them later.
$node->safe_psql('cdr', "COPY (SELECT * FROM export_cdr()) TO '$folder/all.csv' (FORMAT csv, HEADER);
  UPDATE conferencecall2 SET leavetime = jointime + interval '1 h', callstate = 'COMPLETED';
  COPY (SELECT * FROM export_cdr()) TO '$folder/ended.csv' (FORMAT csv, HEADER);
  TRUNCATE conferencecall2; SELECT import_cdr_file('$folder/all.csv')");

# A division by zero where an export lacks a record, or has one too many.
append_to_file("$folder/export.sql", 'SELECT 1 / (a = b)::int FROM (SELECT count(*), sum(callid) FROM conferencecall2) a,
  (SELECT count(*), sum("CallID") FROM export_cdr()) b;' . "\n");
append_to_file("$folder/import.sql", "SELECT import_cdr_file('$folder/ended.csv');\n");

sub start_pgbench {
  my ($script, $clients) = @_;
  my $run = { out => '' };
  local $ENV{PGOPTIONS} = '-c client_min_messages=warning';
  $run->{harness} = IPC::Run::start([ $node->installed_command('pgbench'), '-n', '-c', $clients, '-j', $clients,
    '-T', amount(4, 30), '-f', "$folder/$script.sql", $node->connstr('cdr') ], '>', \$run->{out}, '2>&1');
  return $run;
}

# The memory of the purge's session, batch by batch.
$node->safe_psql('cdr', <<'SQL');
CREATE TABLE memory (batch serial, bytes bigint);
CREATE FUNCTION note_memory() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO memory (bytes) SELECT sum(used_bytes) FROM pg_backend_memory_contexts;
  RETURN NULL;
END $$;
CREATE TRIGGER note_memory AFTER DELETE ON conferencecall2 EXECUTE FUNCTION note_memory();
SQL

my @exports = start_pgbench('export', 4);
my @imports = start_pgbench('import', 1);
my $before = "timestamptz '2020-01-01Z' + $purged * interval '1 s'";
my $purge = "CALL purge_cdr($before, batch_size => 50)";
my ($code, $out, $err) = $node->psql('cdr', $purge);
is($code, 0, 'the purge runs to its end');
like($out, qr/^@{[ $purged - 1 ]}\|/, 'and removes every record');
for my $run (@exports, @imports) {
  $run->{harness}->finish;
  my ($done) = $run->{out} =~ /transactions actually processed: (\d+)/;
  my ($failed) = $run->{out} =~ /number of failed transactions: (\d+)/;
  cmp_ok($done // 0, '>', 0, 'there were transactions beside it') or diag $run->{out};
  is($failed // 0, 0, 'without an error');
  unlike($run->{out}, qr/ERROR|FATAL|aborted/, 'and no client gave up');
}
is($node->safe_psql('cdr', "SELECT count(*), count(leavetime), min(jointime) = $before FROM conferencecall2"),
  join('|', $stored - $purged + 1, $stored - $purged + 1, 't'), 'what was not purged is there, and has its ends');
is($node->safe_psql('cdr', 'SELECT count(*) FROM cdr_import_reject'), 0, 'nothing was rejected');
my ($batches, $growth) = split /\|/, $node->safe_psql('cdr', q{SELECT count(*),
  (SELECT bytes FROM memory ORDER BY batch DESC LIMIT 1) - (SELECT bytes FROM memory WHERE batch = 10) FROM memory});
cmp_ok($batches, '>=', $purged / 50, 'the purge had many batches');
cmp_ok($growth, '<', 50_000, 'and no more memory in the last than in the tenth');

done_testing();

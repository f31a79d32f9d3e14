# A purge that ends in the middle, for whatever reason, keeps its committed batches and the memory of
# just these; what it has done so far can be seen; and called again, it goes on.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use CdrTest;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = new_server('interrupted', "restart_after_crash = on\nautovacuum = off\nvidyo_cdr.log_exports = 'log'\n"
    . "session_preload_libraries = 'vidyo_cdr'\nmax_prepared_transactions = 2\n", allows_streaming => 1);
create_database($node, 'cdr');
sub here { return $node->safe_psql('cdr', $_[0]) }

my $calls = 600;
insert_records($node, 'cdr', $calls, jointime => "'2020-01-01Z'::timestamptz + i / 7 * interval '1 min'",
  callstate => "'COMPLETED'", leavetime => "'2021-01-01Z'");
my $file = PostgreSQL::Test::Utils::tempdir() . '/all.csv';
here("COPY (SELECT * FROM export_cdr()) TO '$file' (FORMAT csv, HEADER)");

my $purge = q{CALL purge_cdr('2020-01-01 01:00Z', batch_size => 10);};

# Waits until a purge is held, and returns its process.
sub wait_until_held {
  $node->poll_query_until('cdr', q{SELECT count(*) = 1 FROM pg_stat_activity
    WHERE query LIKE 'CALL purge_cdr%' AND wait_event = 'advisory'}) or die 'the purge is not held';
  return here(q{SELECT pid FROM pg_stat_activity WHERE query LIKE 'CALL purge_cdr%' AND wait_event = 'advisory'});
}

# Whether records and memory tell the same, and an import of everything brings back what was purged by
# nobody, and nothing else. removed: how many records are gone.
sub nothing_by_halves {
  my ($title, $removed, $not_remembered) = @_;
  is(here("SELECT $calls - count(*), (SELECT sum(records) FROM cdr_purge) FROM conferencecall2"), "$removed|$removed",
    "$title: what is gone is remembered");
  here("DELETE FROM conferencecall2 WHERE callid = $not_remembered");  # by hand
  is(here("SELECT inserted, updated, unchanged, rejected FROM import_cdr_file('$file')"),
    '1|0|' . ($calls - $removed - 1) . '|0', "$title: and no more than that");
  is(here('SELECT purged FROM cdr_import ORDER BY import_id DESC LIMIT 1'), $removed, "$title: counted");
}

# Each way to end a purge: in its session, and from another one.
my $removed = 0;
for my $way (
  [ 'cancel', qr/canceling statement due to user request/, sub { here("SELECT pg_cancel_backend($_[0])") } ],
  [ 'terminate', qr/terminating connection/, sub { here("SELECT pg_terminate_backend($_[0])") } ],
  [ 'Ctrl-C', qr/canceling statement due to user request/, sub { $_[1]->signal('INT') } ],
  [ 'kill -9', qr/server closed the connection|terminating connection/, sub { kill_server_process($node, $_[0]) } ],
  [ 'a crash', qr/server closed the connection|terminating connection/,
    sub { $node->stop('immediate'); $node->start } ],
  [ 'statement_timeout', qr/canceling statement due to statement timeout/, sub { } ]) {
  my ($name, $error, $end) = @$way;
  # Held in the fourth batch from here.
  my $lock = hold_at($node, 'cdr', 'DELETE', $removed + 35);
  my $before = $name eq 'statement_timeout' ? "SET statement_timeout = '2s';" : '';
  my ($out, $err) = ('', '');
  my $client = IPC::Run::start([ $node->installed_command('psql'), '-Xq', '-d', $node->connstr('cdr'), '-c', $before,
    '-c', $purge ], '>', \$out, '2>', \$err);
  my $pid = wait_until_held();
  is(here("SELECT records, finished_at, purged_to_callid FROM cdr_purge ORDER BY purge_id DESC LIMIT 1"),
    '30||' . ($removed + 30), "$name: another session sees how far the purge has come");
  $end->($pid, $client);
  $client->finish;
  like($err, $error, "$name: the purge ends");
  eval { $lock->quit };
  $removed += 30;
  nothing_by_halves($name, $removed, $removed + 1);
}
here('DROP TRIGGER hold ON conferencecall2');

# Who waits for a record that a prepared transaction has changed gives up at lock_timeout.
here('BEGIN; UPDATE conferencecall2 SET callername = $$Ann$$ WHERE callid = ' . ($removed + 12) . "; PREPARE TRANSACTION 'p'");
is(failure($node, 'cdr', "SET lock_timeout = '100ms'; $purge")->{sqlstate}, '55P03', 'a prepared transaction is in the way');
$removed += 10;
here(q{ROLLBACK PREPARED 'p'});
nothing_by_halves('lock_timeout', $removed, $removed + 1);

# Called again, it goes on to its end, which is remembered as such.
here($purge);
is(here('SELECT count(*) FROM conferencecall2 WHERE jointime < $$2020-01-01 01:00Z$$'), 0, 'called again, it removes the rest');
is(here('SELECT purged_to = before, purged_to_callid, finished_at IS NOT NULL FROM cdr_purge ORDER BY purge_id DESC LIMIT 1'),
  't||t', 'and notes its end');
my $rest = $calls - 60 * 7 + 1;
is(here("SELECT inserted, updated, unchanged, rejected FROM import_cdr_file('$file')"), "0|0|$rest|0", 'nothing comes back');

# Progress is told, and each purge has left a line in the trail.
insert_records($node, 'cdr', 165_000, callid => '1000 + i', jointime => "'2019-01-01Z'", callstate => "'COMPLETED'");
my $log = -s $node->logfile;
my ($code, $out, $err) = $node->psql('cdr', q{SET application_name = 'cron';
  CALL purge_cdr('2019-02-01Z', 'tenant0', batch_size => 7000); CALL purge_cdr('2019-02-01Z', batch_size => 50000)});
like($err, qr/NOTICE:  100000 records purged so far/, 'progress is told');
is(() = $err =~ /NOTICE/g, 1, 'now and then');
failure($node, 'cdr', q{CALL purge_cdr('9999-01-01Z')});
failure($node, 'cdr', q{CALL purge_cdr('2019-02-01Z', dry_run => true)});
$node->safe_psql('cdr', 'CREATE ROLE nobody LOGIN; GRANT EXECUTE ON PROCEDURE purge_cdr TO nobody');
failure($node, 'cdr', q{CALL purge_cdr('2019-02-01Z')}, user => 'nobody');
my @lines = slurp_file($node->logfile, $log) =~ /LOG:  (\{"event": "purge".*)/g;
my $number = qr/[\d.]+/;
like($lines[0], qr/^\{"event": "purge", "outcome": "done", "sqlstate": null, "function": "purge_cdr", "database": "cdr", /,
  'the trail has a line');
like($lines[0], qr/"application": "cron", .*"before": "2019-02-01 00:00:00\+00", "tenant": "tenant0", "records": 55000, "bytes": null, "milliseconds": $number\}$/,
  'which tells what was removed');
like($lines[1], qr/"tenant": null, "records": 110000,/, 'for each purge');
like($lines[2], qr/"outcome": "refused", "sqlstate": "42501".*"current_user": "nobody".*"records": 0,/, 'also for a refused one');
is(scalar @lines, 3, 'a dry run, which removes nothing, leaves none');
like(slurp_file($node->logfile), qr/"event": "purge", "outcome": "cancelled", "sqlstate": "57014".*"records": 30,/,
  'one that was cancelled says what it did');

# Batches are found by the index, also with statistics from before most of the records went.
insert_records($node, 'cdr', 60_000, callid => '500000 + i', jointime => "'2018-01-01Z'::timestamptz + i * interval '1 min'",
  callstate => "'COMPLETED'");
here('ANALYZE conferencecall2');
here(q{DELETE FROM conferencecall2 WHERE jointime < '2018-02-01Z'});
here('VACUUM conferencecall2');

# How often the table has been read as a whole: sessions tell when they end.
sub whole_reads {
  $node->poll_query_until('cdr', q{SELECT count(*) = 1 FROM pg_stat_activity WHERE backend_type = 'client backend'})
    or die 'sessions do not end';
  return here(q{SELECT seq_scan FROM pg_stat_user_tables WHERE relname = 'conferencecall2'});
}
my $before = whole_reads();
here(q{CALL purge_cdr('2018-02-02Z', batch_size => 1000); CALL purge_cdr('2018-02-03Z', 'tenant2', batch_size => 100)});
is(whole_reads(), $before, 'a purge reads no more of the table than it removes');
here(q{DELETE FROM conferencecall2 WHERE jointime < '2019-01-01Z'});

# A standby counts what a purge would remove, and removes nothing.
$node->backup('base');
my $standby = PostgreSQL::Test::Cluster->new('standby');
$standby->init_from_backup($node, 'base', has_streaming => 1);
$standby->start;
$node->wait_for_catchup($standby);
like($standby->safe_psql('cdr', q{CALL purge_cdr('2020-01-01 01:30Z', 'tenant1', dry_run => true)}), qr/^\d\d\|2020-/,
  'a dry run on a standby');
is(failure($standby, 'cdr', $purge)->{sqlstate}, '25006', 'a purge is refused there');

done_testing();

# A client that dies in the middle of \copy must not take the server with it, nor leave a session or
# temporary files behind.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use CdrTest;
use IPC::Run;
use POSIX qw(mkfifo);
use PostgreSQL::Test::Utils;
use Test::More;

my $node = new_server('killed', "work_mem = '64kB'\n");
create_database($node, 'cdr');
# More than an export keeps in memory.
insert_records($node, 'cdr', 65_000, roomowner => q{repeat('x', 600)});

# psql writes to a pipe from which little is read, so that it stops in the middle of the records, and
# the server with it.
my $pipe = $node->basedir . '/pipe';
mkfifo($pipe, 0600) or die "could not make $pipe: $!";

# In the second round the session has exported before, which loads the library.
for my $before ('', 'SELECT count(*) FROM export_cdr(NULL, NULL, $$nobody$$)') {
  my $name = $before ? 'library loaded' : 'new session';
  my $client = IPC::Run::start(
    [ $node->installed_command('psql'), '-Xq', '-d',
      $node->connstr('cdr') . ' application_name=doomed', '-c', $before, '-c',
      "\\copy (SELECT * FROM export_cdr()) TO '$pipe' (FORMAT csv, HEADER)" ],
    '>', '/dev/null');
  open(my $reader, '<', $pipe) or die "could not read $pipe: $!";
  read($reader, my $begin, 10_000) == 10_000 or die 'psql wrote nothing';
  is((split /\n/, $begin)[0], export_header(), "$name: the client receives the file");
  $node->poll_query_until('cdr', <<'SQL') or die 'the server does not wait for its client';
SELECT wait_event = 'ClientWrite' FROM pg_stat_activity WHERE application_name = 'doomed'
SQL

  cmp_ok($node->safe_psql('cdr', 'SELECT count(*) FROM pg_ls_tmpdir()'), '>', 0,
    "$name: the export has a temporary file");

  my $log_start = -s $node->logfile;
  $client->signal('KILL');
  $client->finish;
  close($reader);

  ok($node->poll_query_until('cdr', <<'SQL'), "$name: the session ends with its client");
SELECT count(*) = 0 FROM pg_stat_activity WHERE application_name = 'doomed'
SQL
  my $log = slurp_file($node->logfile, $log_start);
  like($log, qr/could not send data to client|connection to client lost/, "$name: the log tells");
  unlike($log, qr/PANIC|terminated by signal|XX000/, "$name: nothing else went wrong");
  is($node->safe_psql('cdr', 'SELECT count(*) FROM pg_ls_tmpdir()'), 0,
    "$name: no temporary files are left");
  is($node->safe_psql('cdr', 'SELECT count(*) FROM export_cdr()'), 65_000,
    "$name: the server exports as before");
}

done_testing();

# pg_stat_progress_copy shows another session as much of a COPY with the extension's CSV writer as
# of one with PostgreSQL's: where it is, to the record and the byte, and nothing afterwards.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use CdrTest;
use CopyBothWays;
use Fcntl;
use IO::Handle;
use POSIX qw(mkfifo);
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep);

my $count = 12_000;
my $node = new_server('progress', "session_preload_libraries = 'vidyo_cdr'\nautovacuum = off\n");
create_database($node, 'cdr');
insert_records($node, 'cdr', $count);
watch_writer($node, 'cdr');

# The function waits for a lock that the test can hold.
$node->safe_psql('cdr', <<'SQL');
CREATE FUNCTION wait_for_lock() RETURNS boolean LANGUAGE plpgsql AS
  'BEGIN PERFORM pg_advisory_xact_lock_shared(25); RETURN false; END';
SQL

# The file that all exports give, and its size up to and with a number of records.
my $expected = $node->safe_psql('cdr', <<'SQL') . "\n";
SET vidyo_cdr.fast_copy = off;
COPY (SELECT * FROM export_cdr()) TO STDOUT (FORMAT csv, HEADER)
SQL
my @size = (0);
push @size, $size[-1] + length for split /^/, $expected;
shift @size;
is($#size, $count, 'a line for the header and for each record');
cmp_ok($size[-1], '>', 1_400_000, 'the file is larger than a pipe and the part that is read');

# The one export that runs: records, bytes and all the rest. Empty when there is none.
sub progress {
  return split /\|/, $node->safe_psql('cdr', q{SELECT tuples_processed, bytes_processed,
    concat_ws(' ', command, type, bytes_total, tuples_excluded, relid) FROM pg_stat_progress_copy});
}

# Waits for a progress, and returns it; or the last that was seen, if it does not come.
sub wait_for_progress {
  my ($is_reached) = @_;
  my @now;
  for (1 .. 5 * $PostgreSQL::Test::Utils::timeout_default) {
    @now = progress();
    last if @now && $is_reached->(@now);
    sleep 0.05;
  }
  return @now;
}

# COPY counts a record's bytes before the record: between the two the numbers disagree for a moment.
sub in_the_middle {
  my ($records, $bytes) = @_;
  return $records > 0 && $records < $count && $bytes == $size[$records];
}

my $folder = PostgreSQL::Test::Utils::tempdir;
my $fifo = "$folder/fifo";
mkfifo($fifo, 0600) or die "$fifo: $!";
my $session = background_session($node, 'cdr', on_error_stop => 0, extra_params => [ '-U', 'exporter' ]);
my $lock = background_session($node, 'cdr');
for my $way (qw(on off)) {
  my $writer = $way eq 'on' ? 'fast' : 'PostgreSQL';
  my $begin = sub {
    $session->query_safe("SET vidyo_cdr.fast_copy = $way; SET probe.writer = 'nobody'");
    $session->query_until(qr/started/, "\\echo started\n$_[0]\n");
  };

  # A plain export, which comes as far as a pipe lets it: nothing has been read, then a part, which is
  # more than COPY writes between two looks at its progress.
  sysopen my $pipe, $fifo, O_RDONLY | O_NONBLOCK or die "$fifo: $!";
  $begin->("COPY (SELECT * FROM export_cdr()) TO '$fifo' (FORMAT csv, HEADER);");
  my ($received, $seen) = ('', 0);
  for my $part (0, 262_144) {
    while (length $received < $part) {
      sysread $pipe, $received, $part - length $received, length $received or last;
    }
    my ($records, $bytes, $rest) = wait_for_progress(sub { in_the_middle(@_) && $_[0] > $seen });
    ok($records && in_the_middle($records, $bytes) && $records > $seen,
      "$writer: progress in the middle, $part bytes read") or diag("$seen, $records records, $bytes bytes");
    is($rest, 'COPY TO FILE 0 0 0', "$writer: the rest of its progress, $part bytes read");
    $seen = $records // 0;
    $pipe->blocking(1);    # the export has opened it
  }
  while (sysread $pipe, $received, 65_536, length $received) { }
  close $pipe;
  ok($received eq $expected, "$writer: what came out of the pipe");
  is($session->query_safe('SHOW probe.writer'), $writer, "$writer: it wrote to the pipe");
  is_deeply([ progress() ], [], "$writer: no progress is left");

  # A filtered export, which waits behind its 500th record.
  my $query = 'SELECT * FROM export_cdr() WHERE "CallID" <= 500 OR wait_for_lock()';
  for my $case ([ 'FILE', "COPY ($query) TO '$folder/file' (FORMAT csv, HEADER);" ],
    [ 'PIPE', "\\copy ($query) TO '$folder/file' (FORMAT csv, HEADER)" ]) {
    my ($type, $copy) = @$case;
    $lock->query_safe('SELECT pg_advisory_lock(25)');
    $begin->($copy);
    is_deeply([ wait_for_progress(sub { $_[0] >= 500 }) ], [ 500, $size[500], "COPY TO $type 0 0 0" ],
      "$writer, $type: progress behind the 500th record");
    $lock->query_safe('SELECT pg_advisory_unlock(25)');
    is($session->query_safe('SHOW probe.writer'), $writer, "$writer, $type: it wrote");
    is_deeply([ progress() ], [], "$writer, $type: no progress is left");
    ok(slurp_file("$folder/file") eq substr($expected, 0, $size[500]), "$writer, $type: the file");
  }
}
$_->quit for $session, $lock;

done_testing();

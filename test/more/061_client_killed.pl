# export_cdr is killed at 50 moments of its run, by a signal that it does not see: no file is ever incomplete
# under its own name, the manifest can always be read, and the same command carries on to the same files.
# Here since it takes its time.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../t/lib";

use CdrTest;
use ExportCdr;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep time);

my $node = new_server('client');
create_database($node, 'cdr');
insert_records($node, 'cdr', 20_000, conferencename => "repeat('room ', 100) || i");
$node->safe_psql('postgres', 'ALTER DATABASE cdr SET vidyo_cdr.export_limit = 1000');
my $top = PostgreSQL::Test::Utils::tempdir();
my @year = ('--year=2026', '--split', '-q');
my $begin = time;
client($node, 'cdr', @year, '-o', "$top/whole");
my $seconds = time - $begin;
my %whole = map { $_->{name} => slurp_file("$top/whole/$_->{name}") } @{ manifest_of("$top/whole")->{files} };
is(scalar keys %whole, 20, 'the export has 20 files');

srand(my $seed = $ENV{SEED} // time);
diag "seed $seed";
my ($killed, $incomplete, $unknown, $remains) = (0, 0, 0, 0);
for my $i (1 .. 300) {
  last if $killed == 50;
  my $folder = "$top/killed";
  my $run = start_client($node, 'cdr', @year, '-o', $folder);
  sleep rand $seconds;
  $run->{harness}->signal('KILL');
  my $was_killed = finish_client($run)->{signal} == 9;
  $killed += $was_killed;
  $seconds *= $was_killed ? 1.1 : 0.8;  # the machine may be slower now than it was, or faster
  next if !-d $folder;
  my @names = @{ files_in($folder) };
  $remains += grep { /^\.export_cdr-/ } @names;
  my @files = grep { /^cdr-/ } @names;
  $incomplete += grep { slurp_file("$folder/$_") ne $whole{$_} } @files;
  if (grep { $_ eq 'manifest.json' } @names) {
    $unknown += grep { $_->{state} eq 'written' && !-e "$folder/$_->{name}" } @{ manifest_of($folder)->{files} };
  }
  else {
    $unknown += @files;
  }
  # Most carry on where the last one was killed, some begin with nothing, as all do after one that was
  # faster than its killer.
  if ($i % 5 == 0 || keys %whole == @files) {
    unlink map { "$folder/$_" } @names;
  }
}
is($killed, 50, 'runs were killed');
cmp_ok($remains, '>', 0, "some left temporary files: $remains");
is($incomplete, 0, 'no file was incomplete');
is($unknown, 0, 'no file was ahead of its manifest');
is(client($node, 'cdr', @year, '-o', "$top/killed")->{code}, 0, 'the last run comes to its end');
is_deeply([ grep { !/json/ } @{ files_in("$top/killed") } ], [ sort keys %whole ], 'and nothing is left over');
is(scalar(grep { slurp_file("$top/killed/$_") ne $whole{$_} } keys %whole), 0, 'the files are the same');

done_testing();

# A run of export_cdr that midnight comes over. Here since it waits for one.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../t/lib";

use CdrTest;
use ExportCdr;
use POSIX qw(strftime);
use PostgreSQL::Test::Utils;
use Test::More;

my $node = new_server('client');
create_database($node, 'cdr');
my $top = PostgreSQL::Test::Utils::tempdir();

# Over midnight: the days are those of the moment at which a run began. Local midnight is up to a minute away,
# since zones are of whole minutes, and the run waits behind a lock until it is past.
my $away = 86_400 - (time + 3) % 86_400;
$away -= $away % 60;
my $zone = sprintf '<soon>-%02d:%02d', $away / 3600, $away / 60 % 60;
my $today = strftime('%Y-%m-%d', gmtime(time + $away));
my $tomorrow = strftime('%Y-%m-%d', gmtime(time + $away + 86_400));
my @days = ('--time-zone', $zone, '--start=today', '--end=tomorrow', '-o', "$top/midnight/");
my $lock = background_session($node, 'cdr');
$lock->query_safe('BEGIN; LOCK TABLE conferencecall2');
my $run = start_client($node, 'cdr', @days);
$node->poll_query_until('cdr', q{SELECT count(*) > 0 FROM pg_locks WHERE NOT granted}) or die 'nobody waits';
sleep 1 while strftime('%Y-%m-%d', gmtime(time + $away)) eq $today;
$lock->query_safe('COMMIT');
$lock->quit;
is(finish_client($run)->{code}, 0, 'over midnight');
is_deeply(files_in("$top/midnight"), [ "cdr-$today-$tomorrow.csv", 'manifest.json' ],
  'over midnight: the day at the begin');
client_like($node, 'cdr', \@days, 1, qr/has the manifest of another export/, 'after midnight it is another export');

done_testing();

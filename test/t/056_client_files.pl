# Files of export_cdr can be trusted: whatever ends a run, a file under its own name is complete, nothing
# that was there is lost, and the same command carries on.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use CdrTest;
use ExportCdr;
use JSON::PP;
use POSIX ();
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = new_server('client');
create_database($node, 'cdr');
insert_records($node, 'cdr', 250, leavetime => "'2026-02-01Z'");
$node->safe_psql('postgres', 'ALTER DATABASE cdr SET vidyo_cdr.export_limit = 100');
my $top = PostgreSQL::Test::Utils::tempdir();
my $folder = "$top/held";
mkdir $folder;
hold_exports($node, 'cdr', 'exporter', $folder, 150);

my @names = ('cdr-2026-01-01-2026-01-01T001650Z.csv', 'cdr-2026-01-01T001650Z-2026-01-01T003330Z.csv',
  'cdr-2026-01-01T003330Z-2026-02-01.csv');
my @month = ('--month=2026-01', '--split', '-o', $folder, '-U', 'exporter');

sub write_file {
  my ($file, $text) = @_;
  unlink $file;
  append_to_file($file, $text);
}

# The states of a folder's files in its manifest.
sub states {
  return join ' ', map { $_->{state} } @{ manifest_of($folder)->{files} };
}

sub empty_folder {
  unlink map { "$folder/$_" } @{ files_in($folder) };
}

# Runs that end while the second file is written: by Ctrl-C and other signals, by a backend or a server
# that goes away.
for my $case (
  [ 'Ctrl-C', sub { $_[0]{harness}->signal('INT') }, qr/^export_cdr: error: canceled$/m ],
  [ 'SIGTERM', sub { $_[0]{harness}->signal('TERM') }, qr/^export_cdr: error: canceled$/m ],
  [ 'a terminated backend', sub { $node->safe_psql('cdr',
      q{SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event = 'PgSleep'}) },
    qr/^export_cdr: error: .*terminating connection due to administrator command/m ],
  [ 'a server that stops', sub { $node->stop('immediate') },
    qr/^export_cdr: error: (?:lost the connection to the server: |terminating connection because of|server closed)/m ]) {
  my ($name, $end, $message) = @$case;
  empty_folder();
  my $run = start_client($node, 'cdr', @month);
  wait_until_held($node, 'cdr');
  my @while = @{ files_in($folder) };
  is(scalar(grep { /^\.export_cdr-/ } @while), 1, "$name: a temporary file is being written");
  $end->($run);
  my $ended = finish_client($run);
  is($ended->{code}, 1, "$name: exit code");
  like($ended->{err}, $message, "$name: message");
  is_deeply(files_in($folder), [ $names[0], 'manifest.json' ], "$name: what is complete stays, and no more");
  is(states(), 'written pending pending', "$name: the manifest knows");
  $node->start if $name =~ /stops/;
  is($node->safe_psql('cdr', q{SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'}), 0,
    "$name: the server works no longer");
}

# A server that answers no more: the first Ctrl-C waits for it, the second one does not.
empty_folder();
my $stuck = start_client($node, 'cdr', @month);
wait_until_held($node, 'cdr');
my $backend = $node->safe_psql('cdr', q{SELECT pid FROM pg_stat_activity WHERE wait_event = 'PgSleep'});
kill 'STOP', $backend;
$stuck->{harness}->signal('INT');
sleep 1;
ok($stuck->{harness}->pumpable, 'a stuck server: the first signal waits');
$stuck->{harness}->signal('INT');
is(finish_client($stuck)->{code}, 1, 'a stuck server: the second one does not');
is_deeply(files_in($folder), [ $names[0], 'manifest.json' ], 'a stuck server: nothing half-written stays');
kill 'CONT', $backend;

# A record that comes in between: a range that is too large then is refused, before anything is written.
$node->safe_psql('cdr', 'DROP POLICY hold ON conferencecall2');
my $before = slurp_file("$folder/manifest.json");
insert_records($node, 'cdr', 1, jointime => "'2026-01-01 00:30Z'", tenantname => "'late'");
client_like($node, 'cdr', \@month, 1,
  qr/error: the range of file ".*\Q$names[1]\E" no longer fits into one export\n.*hint: Use --force/s, 'a full range');
is(slurp_file("$folder/manifest.json"), $before, 'a full range: the manifest is as it was');

# The same command carries on, and says which files are older.
$node->safe_psql('cdr', q{UPDATE conferencecall2 SET jointime = '2026-01-02Z' WHERE tenantname = 'late'});
client_like($node, 'cdr', \@month, 0,
  qr/wrote 151 records .* to 2 files .*warning: 1 of 3 files is of an earlier snapshot\n.*hint: Use --force/s, 'rerun');
is(states(), 'written written written', 'rerun: all is there');
is_deeply(files_in($folder), [ @names, 'manifest.json' ], 'rerun: and nothing else');
is(join('', map { slurp_file("$folder/$_") =~ s/^CallID.*\n//r } @names),
  $node->safe_psql('cdr', q{COPY (SELECT * FROM conferencecall2 ORDER BY jointime, callid) TO STDOUT (FORMAT csv)}) . "\n",
  'the files together are the table');
my $manifest = manifest_of($folder);
is_deeply([ map { $_->{records} } @{ $manifest->{files} } ], [ 100, 100, 51 ], 'the manifest has the records');
is_deeply([ map { $_->{bytes} } @{ $manifest->{files} } ], [ map { -s "$folder/$_" } @names ], 'and the sizes');
is_deeply([ map { $_->{sha256} } @{ $manifest->{files} } ],
  [ map { (split ' ', qx(sha256sum "$folder/$_"))[0] } @names ], 'and the sums');
is($manifest->{files}[2]{open_calls}, 1, 'and the open calls');
is_deeply([ @{ $manifest->{request} }{qw(database role time_zone start_time end_time profile)} ],
  [ 'cdr', 'exporter', 'UTC', '2026-01-01 00:00:00+00', '2026-02-01 00:00:00+00', 'raw' ], 'and what was asked for');

# --verify needs no server.
sub verify_like {
  my ($code, $pattern, $name) = @_;
  command_checks_all([ 'export_cdr', '--verify', "$folder/manifest.json" ], $code, [$pattern],
    [ $code ? qr/error: \d of 3 files (is|are) not as the manifest lists them/ : qr/^$/ ], $name);
}
verify_like(0, qr/^(cdr-.*: ok\n){3}$/, 'verify');
command_like([ 'export_cdr', '--verify', $folder ], qr/^(cdr-.*: ok\n){3}$/, 'verify a folder');
command_fails_like([ 'export_cdr', '--verify', "$top/manifest.json" ], qr/error: there is no manifest/, 'verify nothing');
my $second = slurp_file("$folder/$names[1]");
write_file("$folder/$names[1]", $second =~ s/tenant1/tenant2/r);
verify_like(1, qr/\Q$names[1]\E: different/, 'verify a changed file');
unlink "$folder/$names[0]";
verify_like(1, qr/\Q$names[0]\E: missing\n.*: different\n.*: ok/, 'verify a missing file');
my $untouched = (stat "$folder/$names[2]")[1];
client_like($node, 'cdr', \@month, 0, qr/warning: file ".*\Q$names[1]\E" differs from its sum .*wrote 200 records/s, 'repair');
is(slurp_file("$folder/$names[1]"), $second, 'repair: the file is as before');
is((stat "$folder/$names[2]")[1], $untouched, 'repair: the good file is left alone');
client_like($node, 'cdr', \@month, 0, qr/all of 3 files .* are there already/, 'nothing to do');

# What takes a file's place and is none is not waited for.
rename "$folder/$names[0]", "$top/aside" or die "could not rename: $!";
POSIX::mkfifo("$folder/$names[0]", 0600) or die "could not make a pipe: $!";
command_fails_like([ 'export_cdr', '--verify', $folder ], qr/error: .* is not a regular file/, 'verify a pipe');
client_like($node, 'cdr', \@month, 1, qr/error: .* is not a regular file/, 'a pipe');
rename "$top/aside", "$folder/$names[0]" or die "could not rename: $!";

# The same export from another server is another one.
my $own = slurp_file("$folder/manifest.json");
write_file("$folder/manifest.json", $own =~ s/("system_identifier": ")\d+/${1}1/r);
client_like($node, 'cdr', \@month, 1, qr/has the manifest of another export/, 'another server');
write_file("$folder/manifest.json", $own);

# Another export does not touch the folder, unless it is forced, and then says what it leaves.
my @day = ('--start=2026-01-02', '--through=2026-01-02', '-U', 'exporter', '-o', $folder);
client_like($node, 'cdr', \@day, 1, qr/has the manifest of another export/, 'another export');
client_like($node, 'cdr', [ @day, '--force' ], 0,
  qr/wrote 1 record .*warning: files of an earlier export are no longer in the manifest\n.*\Q$names[0]\E.*\Q$names[2]\E/s,
  'another export, forced');
is(scalar(@{ manifest_of($folder)->{files} }), 1, 'another export, forced: its manifest');
ok(-e "$folder/$names[0]", 'another export, forced: the earlier files are there');
client_like($node, 'cdr', [ @month, '--force', '--progress' ], 0,
  qr/\Q$names[0]\E": 100 records, 0\.0 MB\n.*\Q$names[1]\E": 100 records.*\Q$names[2]\E": 51 records.*wrote 251 records/s,
  'planned anew, with progress in lines');
unlike(client($node, 'cdr', @month)->{err}, qr/earlier snapshot/, 'planned anew: one snapshot');

# Manifests that are none, and those that lead elsewhere.
for my $case ([ 'no JSON', '{', qr/could not read the manifest.*\n.*detail: .*parse error/ ],
  [ 'another format', '{"format": 99}', qr/detail: it is of a format/ ],
  [ 'something missing', '{"format": 1}', qr/could not read the manifest/ ],
  [ 'a path', slurp_file("$folder/manifest.json") =~ s{"cdr-}{"cdr-/../}r, qr{"cdr-/\.\./.*" is not the name of an exported file} ]) {
  my ($name, $text, $pattern) = @$case;
  write_file("$folder/manifest.json", $text);
  client_like($node, 'cdr', \@month, 1, $pattern, "manifest, $name");
  is(slurp_file("$folder/manifest.json"), $text, "manifest, $name: left alone");
}

# A file that exists, and one that no manifest lists.
my $file = "$top/day.csv";
write_file($file, "mine\n");
client_like($node, 'cdr', [ '--month=2025-01', '-o', $file ], 1, qr/file ".*day.csv" exists\n.*hint: Use --force/, 'file exists');
is(slurp_file($file), "mine\n", 'file exists: it is as it was');
client_like($node, 'cdr', [ '--month=2026-01', '-o', $file, '--force' ], 2, qr/more than the limit/, 'forced, and over the limit');
is(slurp_file($file), "mine\n", 'forced, and over the limit: it is as it was');
client_like($node, 'cdr', [ '--month=2025-01', '-o', $file, '--force' ], 0, qr/wrote 0 records/, 'forced');
is(slurp_file($file), export_header() . "\n", 'forced: the file is replaced');
empty_folder();
write_file("$folder/$names[1]", "mine\n");
client_like($node, 'cdr', \@month, 1, qr/file ".*\Q$names[1]\E" exists\n.*No manifest lists it/, 'foreign file');
is_deeply(files_in($folder), [ $names[1] ], 'foreign file: nothing is written');
symlink '/dev/null', "$top/link";
client_like($node, 'cdr', [ '--month=2025-01', '-o', "$top/link", '--force' ], 1, qr/is not a regular file/, 'symbolic link');
client_like($node, 'cdr', [ '--month=2025-01', '-o', '/dev/null', '--force' ], 1, qr/is not a regular file/, 'device');
ok(-c '/dev/null', 'device: it is one still');

# A folder that cannot be written into, or made; a file in its place.
mkdir "$top/locked";
chmod 0555, "$top/locked";
client_like($node, 'cdr', [ '--month=2025-01', '-o', "$top/locked/x.csv" ], 1, qr/could not create a file in folder ".*locked": Permission denied/, 'unwritable folder');
client_like($node, 'cdr', [ '--month=2026-01', '--split', '-o', "$top/locked/new" ], 1, qr/could not create folder ".*new": Permission denied/, 'unwritable parent');
client_like($node, 'cdr', [ '--month=2025-01', '-o', "$top/missing/x.csv" ], 1, qr/could not open folder ".*missing": No such file/, 'no folder');
client_like($node, 'cdr', [ '--month=2026-01', '--split', '-o', $file ], 1, qr/could not open folder ".*day.csv": Not a directory/, 'a file for a folder');

# A disk that is full: the largest size that a file may have stands in for it.
empty_folder();
insert_records($node, 'cdr', 1, jointime => "'2026-01-03Z'", leavetime => "'2026-02-01Z'",
  conferencename => "repeat('large', 20000)");
my $limited = qx(bash -c 'ulimit -f 40; exec "\$@"' bash export_cdr -d "@{[ $node->connstr('cdr') ]}" --month 2026-01 --split -o $folder 2>&1);
is($? >> 8, 1, 'full disk: exit code');
like($limited, qr/error: could not write to file ".*\Q$names[2]\E": File too large/, 'full disk: message');
is_deeply(files_in($folder), [ @names[ 0, 1 ], 'manifest.json' ], 'full disk: what is complete stays, and no more');
write_file("$top/full.csv", "mine\n");
qx(bash -c 'ulimit -f 40; exec "\$@"' bash export_cdr -d "@{[ $node->connstr('cdr') ]}" --start 2026-01-02 --force -o $top/full.csv 2>&1);
is($? >> 8, 1, 'full disk, one file: exit code');
is(slurp_file("$top/full.csv"), "mine\n", 'full disk, one file: the earlier one is as it was');

# What a killed run has left is removed, what a running one writes is not.
@month = ('--month=2026-01', '--split', '-o', $folder);
write_file("$folder/.export_cdr-1-2.3-4.tmp", 'half');
open my $held, '>', "$folder/.export_cdr-5-6.7-8.tmp" or die "cannot write: $!";
flock $held, 2 or die "cannot lock: $!";
client_like($node, 'cdr', \@month, 0, qr/removed ".*\.export_cdr-1-2\.3-4\.tmp", which a run that was killed has left/, 'remains');
is_deeply(files_in($folder), [ '.export_cdr-5-6.7-8.tmp', @names, 'manifest.json' ], 'remains: what is in use stays');
close $held;

# Two runs at once; the first one has written its manifest before its first file.
hold_at($node, 'cdr', $folder, 50);
$node->safe_psql('cdr', 'CREATE POLICY hold ON conferencecall2 AS RESTRICTIVE TO exporter USING (is_held(callid))');
empty_folder();
my $first = start_client($node, 'cdr', @month, '-U', 'exporter');
wait_until_held($node, 'cdr');
is(states(), 'pending pending pending', 'two runs: the manifest comes first');
client_like($node, 'cdr', \@month, 1, qr/another export_cdr is writing to folder/, 'two runs');
is(scalar(grep { /^\.export/ } @{ files_in($folder) }), 1, 'two runs: the first one is not disturbed');
$first->{harness}->signal('INT');
is(finish_client($first)->{code}, 1, 'two runs: the first one is cancelled');

# The number of records is checked: a policy that hides one while they are written.
$node->safe_psql('cdr', <<"SQL");
CREATE OR REPLACE FUNCTION is_held(id bigint) RETURNS boolean LANGUAGE sql SECURITY DEFINER AS \$\$
SELECT id <> 150 OR NOT EXISTS (SELECT FROM pg_ls_dir('$folder', true, false) AS f WHERE f LIKE '.export%') \$\$;
SQL
empty_folder();
client_like($node, 'cdr', [ @month, '-U', 'exporter' ], 1,
  qr/error: expected 100 records, but the server has sent 99\n/, 'a record too few');
is_deeply(files_in($folder), [ $names[0], 'manifest.json' ], 'a record too few: the file is not there');
done_testing();

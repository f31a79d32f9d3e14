# An archive of CSV files with a manifest, as export_cdr --split keeps it, brings back exactly what was
# purged, once the purge has been forgotten.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use CdrTest;
use ExportCdr;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = new_server('archive');
create_database($node, 'cdr');
my $top = PostgreSQL::Test::Utils::tempdir();
$node->safe_psql('postgres', q{ALTER DATABASE cdr SET vidyo_cdr.export_limit = 40;
  ALTER DATABASE cdr SET TimeZone = 'America/New_York'});
# The autumn's repeated hour, a text with everything in it, open and ended calls, NULL and empty texts.
insert_records($node, 'cdr', 400, jointime => "'2020-10-31 20:00Z'::timestamptz + i * interval '5 min 0.000001 s'",
  callername => q{CASE i % 4 WHEN 0 THEN E'Zoë, "会議"\n=1+1' WHEN 1 THEN '' WHEN 2 THEN NULL ELSE 'Ann' END},
  leavetime => "CASE WHEN i % 3 = 0 THEN '2020-12-01Z'::timestamptz END", callstate => "CASE WHEN i % 3 = 0 THEN 'COMPLETED' ELSE 'RINGING' END");
my $digest = q{SELECT count(*), md5(string_agg(c::text, E'\n' ORDER BY callid)) FROM conferencecall2 c};
my $all = $node->safe_psql('cdr', $digest);

client_like($node, 'cdr', [ '--split', '--end=2020-11-02', '-o', "$top/archive" ], 0, qr/wrote \d+ records/, 'the archive');
my $manifest = manifest_of("$top/archive");
my @files = map { "$top/archive/$_->{name}" } @{ $manifest->{files} };
cmp_ok(scalar @files, '>', 1, 'it has several files');
is(client($node, 'cdr', '--verify', "$top/archive")->{code}, 0, 'all of them whole');

my ($removed) = split /\|/, $node->safe_psql('cdr', q{CALL purge_cdr('2020-11-02 00:00')});
cmp_ok($removed, '>', 0, 'records are purged');
my $archived = 0;
$archived += $_->{records} for @{ $manifest->{files} };
is($removed, $archived, 'just those of the archive');

# What the files bring in.
sub import_archive {
  return join ' ', map { $node->safe_psql('cdr', "SELECT inserted FROM import_cdr_file('$_')") } @files;
}
is(import_archive(), join(' ', map { 0 } @files), 'while the purge is remembered, the archive brings nothing back');
$node->safe_psql('cdr', 'SELECT cdr_forget_purge(1)');
is(import_archive(), join(' ', map { $_->{records} } @{ $manifest->{files} }), 'forgotten, it brings all of it');
is($node->safe_psql('cdr', $digest), $all, 'and the table is as it was');

# A dump carries the memory: nothing comes back in the restored database either, where it can be forgotten.
$node->safe_psql('cdr', q{CALL purge_cdr('2020-11-02 00:00', 'tenant1')});
my $dump = $node->backup_dir . '/cdr.dump';
$node->command_ok([ 'pg_dump', '-Fc', '-f', $dump, 'cdr' ], 'a dump');
$node->safe_psql('postgres', 'CREATE DATABASE restored');
$node->command_ok([ 'pg_restore', '--exit-on-error', '-d', 'restored', $dump ], 'is restored');
my $purges = 'SET TimeZone = UTC; SELECT string_agg(p::text, E\'\n\' ORDER BY purge_id) FROM cdr_purge p';
is($node->safe_psql('restored', $purges), $node->safe_psql('cdr', $purges), 'with all purges');
is($node->safe_psql('restored', "SELECT inserted, rejected FROM import_cdr_file('$files[0]')"), '0|0', 'which hold there');
$node->safe_psql('restored', q{CALL purge_cdr('2020-01-01')});
is($node->safe_psql('restored', 'SELECT max(purge_id) FROM cdr_purge'), 3, 'new ones are numbered above them');
$node->safe_psql('restored', 'SELECT cdr_forget_purge(2)');
cmp_ok($node->safe_psql('restored', "SELECT inserted FROM import_cdr_file('$files[0]')"), '>', 0, 'and they can be forgotten');

done_testing();

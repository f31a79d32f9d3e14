# When the library is gone while a database still preloads it, nobody can connect to that database.
# The cure in docs/errors.md has to work, and the records have to be readable without the library.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use CdrTest;
use File::Basename;
use File::Copy;
use PostgreSQL::Test::Utils;
use Test::More;

# The answer of an installation's pg_config.
sub config {
  my ($pg_config, $option) = @_;
  my $answer = qx("$pg_config" $option);
  chomp $answer;
  return $answer;
}

# A PostgreSQL of the test's own, with the extension in it, from which the library can be taken away.
my $installed = $ENV{PG_CONFIG} || 'pg_config';
my $private = "$PostgreSQL::Test::Utils::tmp_check/private";
my @made = split /\n/, qx("$FindBin::Bin/../../tools/private-postgres" "$private");
my $pg_config = $made[-1];
my $library = config($pg_config, '--pkglibdir') . '/vidyo_cdr.so';
copy(config($installed, '--pkglibdir') . '/vidyo_cdr.so', $library) or die "could not copy: $!";
for my $file (glob(config($installed, '--sharedir') . '/extension/vidyo_cdr*')) {
  copy($file, config($pg_config, '--sharedir') . '/extension') or die "could not copy: $!";
}

my $node = new_server('rescue', '', install_path => dirname(dirname($pg_config)));
create_database($node, 'cdr');
insert_records($node, 'cdr', 100);
$node->safe_psql('cdr', 'CREATE ROLE reader LOGIN; SELECT cdr_grant_all_tenants($$reader$$)');
$node->safe_psql('cdr', q(ALTER DATABASE cdr SET session_preload_libraries = 'vidyo_cdr'));
is($node->safe_psql('cdr', 'SELECT count(*) FROM export_cdr()'), 100, 'with the library: a session');

unlink $library or die "could not remove $library: $!";

my $reset = 'ALTER DATABASE cdr RESET session_preload_libraries';
my $missing = qr/FATAL:.*could not access file "vidyo_cdr"/;
for my $user ('reader', $node->safe_psql('postgres', 'SELECT current_user')) {
  my ($code, $out, $err) = $node->psql('cdr', 'SELECT 1', connstr => $node->connstr('cdr') . " user=$user");
  like($err, $missing, "without the library: $user cannot connect");
}
{
  local $ENV{PGOPTIONS} = '-c session_preload_libraries=';
  my ($code, $out, $err) =
    $node->psql('cdr', $reset, connstr => $node->connstr('cdr') . ' user=reader');
  isnt($code, 0, 'the rescue is for superusers');
  is($node->psql('cdr', $reset), 0, 'the rescue takes the setting back');
}
my $count = 'SELECT count(*) FROM conferencecall2';
my ($code, $out, $err) =
  $node->psql('cdr', 'SELECT 1', connstr => $node->connstr('cdr') . ' user=reader');
is($out, 1, 'everybody can connect again');
is($node->safe_psql('cdr', $count), 100, 'and the records are there');
($code, $out, $err) = $node->psql('cdr', $count, connstr => $node->connstr('cdr') . ' user=reader');
like($err, qr/ERROR:.*could not access file/, 'but the tenants of a role are told by the library alone');
like(failure($node, 'cdr', 'SELECT export_cdr()')->{message},
  qr/could not access file/, 'an export needs the library');

like(failure($node, 'cdr', 'CREATE SCHEMA other; DROP SCHEMA other')->{message},
  qr/could not access file/, 'and so does dropping a schema');

copy(config($installed, '--pkglibdir') . '/vidyo_cdr.so', $library) or die "could not copy: $!";
is($node->safe_psql('cdr', 'SELECT count(*) FROM export_cdr()'), 100,
  'with the library back: an export');

done_testing();

# A C++ exception becomes an error that PostgreSQL can handle as any other, even when it has left
# PG_TRY and context callbacks behind: the session goes on, and so do handlers around the call.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use CdrTest;
use Test::More;

my $node = new_server('exceptions');
my $module = $node->basedir . '/throwing.so';
my $source = "$FindBin::Bin/../../src";
my $pg_config = $ENV{PG_CONFIG} // 'pg_config';
chomp(my $headers = `$pg_config --includedir-server`);
system($ENV{CXX} // 'g++', '-std=c++17', '-O2', '-shared', '-fPIC', "-I$source", '-isystem', $headers,
  "$FindBin::Bin/../guard/throwing.cpp", "$source/base/guard.cpp", '-o', $module) == 0
  or die 'could not build the module';
$node->safe_psql('postgres', "CREATE FUNCTION throw_guarded(int) RETURNS void LANGUAGE c STRICT
  AS '$module', 'throw_guarded'");

# The first is no exception, but an error, which PG_CATCH sees.
my %errors = (
  0 => "NOTICE:  00000: caught by PG_CATCH\nERROR:  XX000: raised on purpose\nCONTEXT:  inside",
  1 => 'ERROR:  53200: out of memory',
  2 => 'ERROR:  XX000: thrown on purpose',
  3 => 'ERROR:  XX000: ' . 'x' x 255,
  4 => 'ERROR:  XX000: unknown C++ exception');
for my $kind (sort keys %errors) {
  my ($code, $out, $err) = $node->psql('postgres', <<"SQL", on_error_stop => 0);
\\set VERBOSITY verbose
SELECT throw_guarded($kind);
SELECT 'goes on';
DO \$\$
BEGIN
  PERFORM throw_guarded($kind);
EXCEPTION WHEN others THEN
  RAISE INFO 'handled %', SQLSTATE;
END\$\$;
SELECT 'to the end';
SQL
  is($out, "goes on\nto the end", "$kind: the session lives on");
  $err =~ s/psql:<stdin>:\d+: //g;
  $err =~ s/^LOCATION:.*\n//mg;
  my ($sqlstate) = $errors{$kind} =~ /ERROR:  (\w{5})/;
  like($err, qr/\A\Q$errors{$kind}\E\n/, "$kind: the error");
  like($err, qr/^INFO:  00000: handled $sqlstate$/m, "$kind: and a handler of it");
  is(() = $err =~ /inside/g, $kind == 0 ? 1 : 0, "$kind: no context that is gone");
}

done_testing();

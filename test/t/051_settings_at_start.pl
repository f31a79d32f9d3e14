# What an administrator has set for the trail and the limit must hold. PostgreSQL takes any value for a
# setting of a library that is not loaded yet; later it ignores the values that a user may not set,
# and by then the client's has replaced the administrator's. So the library refuses to load.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use CdrTest;
use IO::Socket::UNIX;
use Test::More;

my $node = new_server('start');
create_database($node, 'cdr');
insert_records($node, 'cdr', 20);
$node->safe_psql('cdr', <<'SQL');
CREATE ROLE reader LOGIN;
CREATE ROLE trusted LOGIN;
SELECT cdr_grant_all_tenants(r) FROM unnest('{reader,trusted}'::regrole[]) r;
GRANT SET ON PARAMETER vidyo_cdr.export_limit, vidyo_cdr.log_exports TO trusted;
SQL

my @uses = (
  'SELECT count(*) FROM export_cdr()',
  'COPY (SELECT * FROM export_cdr()) TO STDOUT (FORMAT csv)',
  'SELECT length(export_cdr_csv(header => false))',
  'SELECT count(*) FROM conferencecall2');

# Each way in runs statements in a new session with a setting of the client's, and returns the
# SQLSTATEs and messages of all errors.
my %ways = (
  PGOPTIONS => sub {
    my ($user, $setting, $value, @sql) = @_;
    local $ENV{PGOPTIONS} = "-c $setting=$value";
    return errors_in_psql("user=$user", @sql);
  },
  'options=' => sub {
    my ($user, $setting, $value, @sql) = @_;
    return errors_in_psql("user=$user options='--" . ($setting =~ tr/_/-/r) . "=$value'", @sql);
  },
  'startup parameter' => \&errors_by_protocol);

sub errors_in_psql {
  my ($connection, @sql) = @_;
  my ($code, $out, $err) = $node->psql(
    'cdr', join(";\n", @sql), on_error_stop => 0,
    extra_params => [ '-v', 'VERBOSITY=verbose' ],
    connstr => $node->connstr('cdr') . " $connection");
  # A refused connection's error comes without its SQLSTATE.
  return [ $err =~ /(?:ERROR|WARNING|FATAL):  ((?:\w{5}: )?.*)/g ];
}

# psql itself can send settings only within options.
sub errors_by_protocol {
  my ($user, $setting, $value, @sql) = @_;
  my $socket = IO::Socket::UNIX->new($node->host . '/.s.PGSQL.' . $node->port) or die $!;
  my $startup = pack('N(Z*)*', 3 << 16, user => $user, database => 'cdr', $setting => $value, '');
  print $socket pack('N', 4 + length $startup), $startup;
  my @errors;
  while (read($socket, my $head, 5) == 5) {
    my ($type, $length) = unpack('aN', $head);
    read($socket, my $body, $length - 4);
    if ($type eq 'E' || $type eq 'N') {
      my %field = map { substr($_, 0, 1) => substr($_, 1) } split /\0/, $body;
      push @errors, ($field{S} eq 'FATAL' ? '' : "$field{C}: ") . $field{M};
    }
    if ($type eq 'Z') {
      my $next = shift @sql // last;
      print $socket pack('aNZ*', 'Q', 5 + length $next, $next);
    }
  }
  return \@errors;
}

# Where an administrator's values can stand.
my %places = (
  'postgresql.conf' => [ 'ALTER SYSTEM SET', 'ALTER SYSTEM RESET' ],
  'ALTER DATABASE' => [ 'ALTER DATABASE cdr SET', 'ALTER DATABASE cdr RESET' ],
  'ALTER ROLE' => [ 'ALTER ROLE reader SET', 'ALTER ROLE reader RESET' ]);
my %administrators = ('vidyo_cdr.log_exports' => 'log', 'vidyo_cdr.export_limit' => 10);
my %clients = ('vidyo_cdr.log_exports' => 'off', 'vidyo_cdr.export_limit' => 65_000);

sub administer {
  $node->safe_psql('cdr', "LOAD 'vidyo_cdr'; $_") for @_;
  $node->reload;
}

for my $place (sort keys %places) {
  my ($set, $reset) = @{ $places{$place} };
  for my $setting (sort keys %clients) {
    administer("$set $setting = '$administrators{$setting}'");
    my $denied = qq(permission denied to set parameter "$setting");
    for my $way (sort keys %ways) {
      my $name = "$setting, $place, $way";
      is_deeply($ways{$way}->('reader', $setting, $clients{$setting}, $_, $_),
        [ ("42501: $denied") x 2 ], "$name: refused each time: $_")
        for @uses;
      $node->safe_psql('postgres', "ALTER DATABASE cdr SET session_preload_libraries = 'vidyo_cdr'");
      is_deeply($ways{$way}->('reader', $setting, $clients{$setting}, $uses[0]), [$denied],
        "$name: no connection with preloading");
      $node->safe_psql('postgres', 'ALTER DATABASE cdr RESET session_preload_libraries');
    }
    administer("$reset $setting");
  }
}

# Without a value of the administrator's the built-in default is what holds.
is_deeply($ways{PGOPTIONS}->('reader', 'vidyo_cdr.export_limit', 5, $uses[0]),
  ['42501: permission denied to set parameter "vidyo_cdr.export_limit"'], 'no value of an administrator');

# What comes after the start changes nothing about that.
my $late = failure($node, 'cdr', "SET vidyo_cdr.log_exports = 'log'; $uses[0]",
  user => "reader options='-c VIDYO_CDR.Log_Exports=off'");
is_deeply($late, {
    sqlstate => '42501', message => 'permission denied to set parameter "vidyo_cdr.log_exports"',
    detail => 'The client set it while connecting; only superusers and roles with the SET privilege on '
      . 'the parameter may do that.',
    hint => q{Remove it from PGOPTIONS, the connection string or the driver's settings, }
      . 'and connect again.' },
  'refused in full, in any case of letters, and after a SET');

# Those who may set them, and settings that everybody may set.
administer("ALTER DATABASE cdr SET vidyo_cdr.log_exports = 'log'");
my $superuser = $node->safe_psql('postgres', 'SELECT current_user');
sub shown {
  my ($user, $options, $sql) = @_;
  my ($code, $out, $err) = $node->psql('cdr', $sql, on_error_stop => 0,
    connstr => $node->connstr('cdr') . " user=$user options='$options'");
  return "$out$err";
}
for my $user ($superuser, 'trusted') {
  for my $preload ('', '-c session_preload_libraries=vidyo_cdr') {
    next if $preload && $user eq 'trusted';
    is(shown($user, "$preload -c vidyo_cdr.log_exports=off -c vidyo_cdr.export_limit=30",
        "$uses[0]; SHOW vidyo_cdr.log_exports; SHOW vidyo_cdr.export_limit"),
      "20\noff\n30", "$user may set them $preload");
  }
}
is(shown('reader', '-c vidyo_cdr.fast_copy=off -c vidyo_cdr.allow_drop=on',
    "$uses[0]; SHOW vidyo_cdr.fast_copy; SHOW vidyo_cdr.allow_drop"),
  "20\noff\non", 'everybody may set the others');

# A later SET before the library is loaded leaves the administrator's value in force.
for my $before ("SET vidyo_cdr.log_exports = 'off'",
  "BEGIN; SET LOCAL vidyo_cdr.log_exports = 'off'",
  "BEGIN; SET vidyo_cdr.log_exports = 'debug1'; SET LOCAL vidyo_cdr.log_exports = 'off'",
  "SELECT set_config('vidyo_cdr.log_exports', 'off', false) IS NULL",
  "BEGIN; SAVEPOINT s; SET vidyo_cdr.log_exports = 'off'; RELEASE s") {
  like(shown('reader', '', "\\o @{[ $node->data_dir ]}/discarded\n$before;\n$uses[0];\n\\o\n"
      . 'SHOW vidyo_cdr.log_exports'),
    qr/\Alog\n?psql:.*WARNING:  permission denied to set parameter "vidyo_cdr.log_exports"/s,
    "has no effect: $before");
}
for my $lasting ("ALTER ROLE reader SET vidyo_cdr.log_exports = 'off'",
  "CREATE FUNCTION pg_temp.f() RETURNS int LANGUAGE sql SET vidyo_cdr.log_exports = 'off' AS 'SELECT 1'") {
  is_deeply(failure($node, 'cdr', $lasting, user => 'reader')->{sqlstate}, '42501', "refused: $lasting");
}

# A setting that the server knows from its own start is PostgreSQL's to refuse.
$node->append_conf('postgresql.conf', "shared_preload_libraries = 'vidyo_cdr'");
$node->restart;
for my $way (sort keys %ways) {
  is_deeply($ways{$way}->('reader', 'vidyo_cdr.log_exports', 'off', $uses[0]),
    ['permission denied to set parameter "vidyo_cdr.log_exports"'], "shared_preload_libraries, $way");
}

done_testing();

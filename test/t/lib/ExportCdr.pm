# Runs the client export_cdr, and looks at what it leaves.
package ExportCdr;

use strict;
use warnings;

use Exporter 'import';
use File::Spec;
use IPC::Run;
use JSON::PP;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

our @EXPORT = qw(client client_like start_client finish_client files_in manifest_of hold_exports
  hold_at wait_until_held);

# The command line for a database of a server; --time-zone stays the session's.
sub command {
  my ($node, $database, @arguments) = @_;
  return ('export_cdr', '-w', '-d', $node->connstr($database), @arguments);
}

# Runs the client; returns its exit code, and what it has printed. A reference among the arguments is a
# hash of environment variables.
sub client {
  my ($node, $database, @arguments) = @_;
  my %environment = map { %$_ } grep { ref } @arguments;
  local @ENV{ keys %environment } = values %environment;
  my ($out, $err) = ('', '');
  my @command = command($node, $database, grep { !ref } @arguments);
  IPC::Run::run(\@command, '<', \undef, '>', \$out, '2>', \$err);
  return { code => $? >> 8, signal => $? & 127, out => $out, err => $err };
}

# Runs the client, and compares its exit code and what it says on standard error; returns the same.
sub client_like {
  my ($node, $database, $arguments, $code, $pattern, $name) = @_;
  my $run = client($node, $database, @$arguments);
  is($run->{code}, $code, "$name: exit code") or diag $run->{err};
  like($run->{err}, $pattern, "$name: message");
  return $run;
}

# Starts the client and returns at once.
sub start_client {
  my ($node, $database, @arguments) = @_;
  my $run = { out => '', err => '' };
  my @command = command($node, $database, @arguments);
  $run->{harness} = IPC::Run::start(\@command, '<', \undef, '>', \$run->{out}, '2>', \$run->{err},
    IPC::Run::timeout($PostgreSQL::Test::Utils::timeout_default));
  return $run;
}

# Waits until a started client has ended.
sub finish_client {
  my ($run) = @_;
  $run->{harness}->finish;
  my $status = $run->{harness}->full_result(0);
  return { code => $status >> 8, signal => $status & 127, out => $run->{out}, err => $run->{err} };
}

# The names in a folder, temporary ones too.
sub files_in {
  my ($folder) = @_;
  return [ sort grep { !/^\.\.?$/ } slurp_dir($folder) ];
}

sub manifest_of {
  my ($folder) = @_;
  return decode_json(slurp_file("$folder/manifest.json"));
}

# Makes a role whose exports into a folder are held.
sub hold_exports {
  my ($node, $database, $role, $folder, $call_id) = @_;
  hold_at($node, $database, $folder, $call_id);
  $node->safe_psql($database, <<"SQL");
CREATE ROLE $role LOGIN;
SELECT cdr_grant_all_tenants('$role');
CREATE POLICY hold ON conferencecall2 AS RESTRICTIVE TO $role USING (is_held(callid));
SQL
}

# Has exports held stop at a CallID, once a file is being written in the folder, until they are cancelled.
sub hold_at {
  my ($node, $database, $folder, $call_id) = @_;
  $node->safe_psql($database, <<"SQL");
CREATE OR REPLACE FUNCTION is_held(id bigint) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER AS \$\$
BEGIN
  IF id = $call_id AND EXISTS (SELECT FROM pg_ls_dir('$folder', true, false) AS f WHERE f LIKE '.export%') THEN
    PERFORM pg_sleep(600);
  END IF;
  RETURN true;
END \$\$;
SQL
}

sub wait_until_held {
  my ($node, $database) = @_;
  $node->poll_query_until($database,
    "SELECT count(*) = 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep'") or die 'no export is held';
}

1;

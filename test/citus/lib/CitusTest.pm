# What the tests of clusters need: a coordinator and two workers, which reach each other by their Unix sockets,
# so that nothing of them is in a network.
package CitusTest;

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../t/lib";

use CdrTest;
use Exporter 'import';
use PostgreSQL::Test::Utils;
use Test::More;

our @EXPORT = qw(new_cluster new_node create_cluster_database join_cluster as_role outcome);

# Ends a test where PG_CONFIG's PostgreSQL has no Citus.
sub require_citus {
  my ($share) = run_command([ $ENV{PG_CONFIG} || 'pg_config', '--sharedir' ]);
  plan skip_all => "PostgreSQL has no Citus: $share/extension/citus.control does not exist"
    if !-e "$share/extension/citus.control";
}

# Returns servers, the coordinator first. What is made on all of them has another OID on each.
sub new_cluster {
  my ($name) = @_;
  require_citus();
  my @nodes = map { new_node("${name}_$_") } qw(coordinator one two);
  $nodes[$_]->safe_psql('postgres', 'CREATE ROLE another; DROP ROLE another;' x (100 * $_)) for 1 .. $#nodes;
  return @nodes;
}

# Returns a server whose Citus tells nobody about it. A few shards are enough.
sub new_node {
  my ($name) = @_;
  my $node = new_server($name, "shared_preload_libraries = 'citus'\ncitus.enable_statistics_collection = off\n"
      . "citus.node_conninfo = 'sslmode=disable'\ncitus.shard_count = 8\nmax_connections = 80\n"
      . "max_prepared_transactions = 80\nautovacuum = off\n", allows_streaming => 'logical');
  $node->append_conf('postgresql.conf', "citus.local_hostname = '" . $node->host . "'\n");
  $node->reload;
  return $node;
}

# Tells a database's coordinator of the other servers.
sub join_cluster {
  my ($database, $coordinator, @workers) = @_;
  my ($host, @others) = map { "'" . $_->host . "', " . $_->port } $coordinator, @workers;
  $coordinator->safe_psql($database, join ';', "SELECT citus_set_coordinator_host($host)",
    map { "SELECT citus_add_node($_)" } @others);
}

# Makes a database of the cluster, with the extension on all its servers; what else is to be done there first can
# be given, and how the extension is to be created.
sub create_cluster_database {
  my ($database, $nodes, %options) = @_;
  my $create = $options{create} // 'CREATE EXTENSION vidyo_cdr';
  for my $node (@$nodes) {
    $node->safe_psql('postgres', "SET citus.enable_ddl_propagation = off; CREATE DATABASE $database");
    $node->safe_psql($database, 'CREATE EXTENSION citus');
  }
  join_cluster($database, @$nodes);
  $nodes->[0]->safe_psql($database, $create);
}

# What a session of a role is to be opened with.
sub as_role {
  my ($role) = @_;
  return (extra_params => [ '-U', $role ]);
}

# What becomes of SQL in a new session of a role: its output, or SQLSTATE, message and hint of its first error.
sub outcome {
  my ($node, $database, $sql, $role) = @_;
  my ($code, $out, $err) = $node->psql($database, $sql, extra_params => [ '-v', 'VERBOSITY=verbose', $role ? ('-U', $role) : () ]);
  my ($sqlstate, $message, $rest) = $err =~ /(?:ERROR|FATAL):  (\w{5}): ([^\n]*)(.*)/s or return $out;
  return join ' | ', $sqlstate, $message, $rest =~ /^HINT:  (.*)$/m;
}

1;

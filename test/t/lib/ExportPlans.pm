# The plans of the query inside export_cdr, as they were executed: auto_explain sends them to the
# client as warnings. Notices are off, and so is the look at a tenant's name when it has no records.
package ExportPlans;

use strict;
use warnings;

use Exporter 'import';
use JSON::PP;

our @EXPORT = qw(export_plans explained plan_nodes buffers);

my $explain = <<'SQL';
LOAD 'auto_explain';
SET auto_explain.log_min_duration = 0;
SET auto_explain.log_nested_statements = on;
SET auto_explain.log_analyze = on;
SET auto_explain.log_buffers = on;
SET auto_explain.log_timing = off;
SET auto_explain.log_format = 'json';
SET auto_explain.log_level = 'warning';
SET client_min_messages = warning;
SQL

# Runs SQL in a new session and returns a plan, its outermost node, for each query on the table that
# ran. Errors do not end the session, because an export over the limit has a plan, too.
sub export_plans {
  my ($node, $database, $sql) = @_;
  my ($code, $out, $err) = $node->psql($database, $explain . $sql, on_error_stop => 0);
  my @plans = map { { %{ $_->{Plan} }, JIT => $_->{JIT} } } explained($err);
  return grep {
    grep { ($_->{'Relation Name'} // '') eq 'conferencecall2' } plan_nodes($_)
  } @plans;
}

# What auto_explain has told a client, in order: its JSON, and the query's Duration in ms.
sub explained {
  my ($messages) = @_;
  my @explained;
  while ($messages =~ /(?:NOTICE|WARNING):  duration: ([\d.]+) ms  plan:\n(\{.*?^\})/msg) {
    push @explained, { %{ decode_json($2) }, Duration => $1 };
  }
  return @explained;
}

# All nodes of a plan, outermost first.
sub plan_nodes {
  my ($plan) = @_;
  return ($plan, map { plan_nodes($_) } @{ $plan->{Plans} // [] });
}

# How many times a plan looked at a page in shared buffers.
sub buffers {
  my ($plan) = @_;
  return $plan->{'Shared Hit Blocks'} + $plan->{'Shared Read Blocks'};
}

1;

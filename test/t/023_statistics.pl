# With the extension's CSV writer, COPY leaves the traces that it leaves with PostgreSQL's: the
# command's row count, pg_stat_statements and auto_explain.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use CdrTest;
use CopyBothWays;
use ExportPlans;
use PostgreSQL::Test::Utils;
use Test::More;

my $count = 2000;
my $node = new_server('statistics', "session_preload_libraries = 'vidyo_cdr'\nautovacuum = off\n");
create_database($node, 'cdr');
insert_records($node, 'cdr', $count);
insert_records($node, 'cdr', 22, tenantname => "'hidden'");
watch_writer($node, 'cdr');

# The policy reads the records of one tenant, looks for the writer and drops them.
$node->safe_psql('cdr', <<'SQL');
CREATE POLICY hiding ON conferencecall2 AS RESTRICTIVE TO exporter
  USING (tenantname <> 'hidden' OR NOT look_for_writer());
SQL

# Queries and how many records they give.
my %queries = (
  'a plain select' => [ 'SELECT * FROM export_cdr()', $count ],
  'some columns' => [ q{SELECT "CallerName", "CallID" FROM export_cdr(tenant => 'tenant1')}, 667 ],
  'no rows' => [ q{SELECT * FROM export_cdr(tenant => 'hidden')}, 0 ],
  'a filter' => [ 'SELECT * FROM export_cdr() WHERE "CallID" % 4 = 1', 500 ],
  'a filter and no rows' => [ 'SELECT * FROM export_cdr() WHERE "CallID" < 0', 0 ],
  'a limit' => [ 'SELECT * FROM export_cdr() LIMIT 7', 7 ]);

# The command's row count, as a client and a PL/pgSQL function get it.
my $file = PostgreSQL::Test::Utils::tempdir() . '/export.csv';
for my $title (sort keys %queries) {
  my ($query, $rows) = @{ $queries{$title} };
  my $copy = "COPY ($query) TO '$file' (FORMAT csv, HEADER)";
  my %ways = (
    client => "\\copy ($query) TO '/dev/null' (FORMAT csv, HEADER)",
    file => $copy,
    'PL/pgSQL' => "DO \$do\$ DECLARE n bigint; BEGIN EXECUTE \$c\$$copy\$c\$;"
      . " GET DIAGNOSTICS n = ROW_COUNT; RAISE NOTICE 'COPY %', n; END \$do\$");
  for my $way (sort keys %ways) {
    my ($pair) = both_ways($node, 'cdr', [ { before => '\set QUIET off', sql => $ways{$way} } ]);
    same_both_ways($pair, 'fast', "$way, $title: the same messages");
    like("$pair->{on}{received}\n$pair->{on}{messages}", qr/\bCOPY $rows$/m, "$way, $title: row count");
  }
}

# Runs a COPY three times in a new session. Returns who wrote, what pg_stat_statements has about the
# session, and what auto_explain tells the client about each COPY's plan.
sub statistics {
  my ($way, $copy) = @_;
  $node->safe_psql('cdr', 'SELECT pg_stat_statements_reset()');
  my ($code, $out, $err) = $node->psql('cdr', <<"SQL", extra_params => [ '-U', 'exporter' ]);
SET probe.writer = 'nobody';
SET vidyo_cdr.fast_copy = $way;
\\o /dev/null
$copy;
$copy;
$copy;
\\o
SHOW probe.writer
SQL
  my $statements = $node->safe_psql('cdr', <<'SQL');
SELECT toplevel, calls, rows, query FROM pg_stat_statements
WHERE userid = 'exporter'::regrole AND query !~ '^(SET|SHOW)'
ORDER BY query COLLATE "C", toplevel, calls, rows
SQL
  # The time of COPY's query has that of the export's query in it.
  my $has_export = $node->safe_psql('cdr', <<'SQL');
SELECT sum(total_exec_time) FILTER (WHERE query LIKE '%FROM export\_cdr(%') > sum(total_exec_time) FILTER (WHERE query LIKE '%FROM public.ConferenceCall2%')
FROM pg_stat_statements WHERE userid = 'exporter'::regrole AND NOT toplevel
SQL
  return ($out, $statements, $has_export, [ map { plan_summary($_) } explained($err) ]);
}

# What a COPY's plan says of its nodes, without the times themselves. A node's time is at least that
# of the one below it, and at most the query's.
sub plan_summary {
  my ($copy) = @_;
  my ($text, $longest) = ($copy->{'Query Text'} =~ /^COPY/ ? '' : "$copy->{'Query Text'}: ", $copy->{Duration});
  for my $node (plan_nodes($copy->{Plan})) {
    my $time = $node->{'Actual Total Time'};
    $text .= sprintf '%s, rows %d, loops %d, removed %d, %s; ', $node->{'Node Type'}, $node->{'Actual Rows'},
      $node->{'Actual Loops'}, $node->{'Rows Removed by Filter'} // 0,
      $time > 0 && $time <= $longest ? 'timed' : "time $time of $longest";
    $longest = $time;
  }
  return $text;
}

# Whether the extension's hooks are called before those of the others or after.
for my $order ([ 'first', "'pg_stat_statements, auto_explain'", "'vidyo_cdr'" ],
  [ 'last', "'vidyo_cdr, pg_stat_statements, auto_explain'", "''" ]) {
  my ($place, $shared, $per_session) = @$order;
  $node->append_conf('postgresql.conf', <<"CONF");
shared_preload_libraries = $shared
session_preload_libraries = $per_session
pg_stat_statements.track = all
auto_explain.log_min_duration = 0
auto_explain.log_analyze = on
auto_explain.log_format = json
auto_explain.log_level = notice
CONF
  $node->restart;
  $node->safe_psql('cdr', 'CREATE EXTENSION IF NOT EXISTS pg_stat_statements');
  for my $title (sort keys %queries) {
    my ($query, $rows) = @{ $queries{$title} };
    my (%statements, %plans);
    for my $way (qw(on off)) {
      my $name = "$place, $title, $way";
      my $copy = "COPY ($query) TO STDOUT (FORMAT csv)";
      (my $writer, $statements{$way}, my $has_export, $plans{$way}) = statistics($way, $copy);
      is($writer, $way eq 'on' ? 'fast' : 'PostgreSQL', "$name: the writer");
      my $total = 3 * $rows;
      is_deeply([ $statements{$way} =~ /^(t\|.*\|COPY) /mg ], ["t|3|$total|COPY"],
        "$name: the statement in pg_stat_statements");
      like($statements{$way}, qr/^f\|3\|$total\|.*\bFROM export_cdr\(/m, "$name: its query");
      is($has_export, 't', "$name: the export's time");
      is(scalar(grep { /^[\w ]+, rows $rows, loops 1, / && !/time \d/ } @{ $plans{$way} }), 3, "$name: auto_explain")
        or diag(explain($plans{$way}));
    }
    is($statements{on}, $statements{off}, "$place, $title: the same in pg_stat_statements");
    is_deeply($plans{on}, $plans{off}, "$place, $title: the same in auto_explain");
  }
}

done_testing();

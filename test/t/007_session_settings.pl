# export_cdr plans its query under settings of its own. The session must have its settings back
# afterwards, however the export ended.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use CdrTest;
use Test::More;

my $node = new_server('settings');
create_database($node, 'cdr');
insert_records($node, 'cdr', 2000);
$node->safe_psql('cdr', <<'SQL');
CREATE ROLE reader;
CREATE ROLE canceller;
CREATE ROLE stranger;
GRANT SELECT ON conferencecall2 TO reader, canceller;
CREATE POLICY fails ON conferencecall2 TO reader USING (1 / (callid - 1000) < 2);
CREATE FUNCTION cancel_session() RETURNS boolean LANGUAGE sql SECURITY DEFINER AS
  'SELECT pg_cancel_backend(pg_backend_pid())';
CREATE POLICY cancels ON conferencecall2 TO canceller USING (callid < 1000 OR cancel_session());
ALTER TABLE conferencecall2 ENABLE ROW LEVEL SECURITY;
SQL

my $export = 'SELECT count(*) FROM export_cdr()';
my $caught = "DO 'BEGIN PERFORM * FROM export_cdr(); EXCEPTION WHEN others THEN NULL; END'";

my $copy = 'COPY (SELECT * FROM export_cdr()) TO STDOUT (FORMAT csv)';

# Name, statements (a transaction is left open, because its end would undo settings), SQLSTATE of
# the error that they show on the way.
my @endings = (
  [ 'success', "BEGIN; $export", undef ],
  [ 'success for one tenant', "BEGIN; SELECT count(*) FROM export_cdr(tenant => 'tenant1')", undef ],
  [ 'success as text', 'BEGIN; SELECT count(*) FROM export_cdr_csv()', undef ],
  [ 'success as text, not read to its end', 'BEGIN; SELECT export_cdr_csv() LIMIT 1', undef ],
  [ 'success with COPY', "BEGIN; $copy", undef ],
  [ 'more than the limit with COPY', "SET vidyo_cdr.export_limit = 5; $copy", '54000' ],
  [ 'error in the middle with COPY', "SET ROLE reader; $copy; RESET ROLE", '22012' ],
  [ 'more than the limit', "SET vidyo_cdr.export_limit = 5; $export", '54000' ],
  [ 'more than the limit, caught', "BEGIN; SET vidyo_cdr.export_limit = 5; $caught", undef ],
  [ 'wrong range', "SELECT * FROM export_cdr('infinity', '-infinity')", '22023' ],
  [ 'error in the middle', "SET ROLE reader; $export; RESET ROLE", '22012' ],
  [ 'error in the middle, caught', "BEGIN; SET ROLE reader; $caught; RESET ROLE", undef ],
  [ 'error in the middle, in a savepoint',
    "BEGIN; SAVEPOINT s; SET ROLE reader; $export; ROLLBACK TO s; $export", '22012' ],
  [ 'no permission', "SET ROLE stranger; $export; RESET ROLE", '42501' ],
  [ 'no permission, caught', "BEGIN; SET ROLE stranger; $caught; RESET ROLE", undef ],
  [ 'a cursor left in the middle',
    'BEGIN; DECLARE c CURSOR FOR SELECT * FROM export_cdr(); MOVE 10 FROM c', undef ],
  [ 'cancelled', "SET ROLE canceller; $export; RESET ROLE", '57014' ]);

# What export_cdr sets, in the opposite way.
my $unusual = <<'SQL';
SET enable_indexscan = off;
SET enable_bitmapscan = on;
SET enable_seqscan = on;
SET enable_sort = on;
SET enable_incremental_sort = on;
SET plan_cache_mode = force_custom_plan;
SET jit = on;
SET jit_above_cost = 123456;
SQL

for my $settings ('', $unusual) {
  for my $ending (@endings) {
    my ($title, $statements, $sqlstate) = @$ending;
    my $name = ($settings ? 'unusual' : 'default') . " settings, $title";
    my ($code, $out, $err) = $node->psql(
      'cdr', <<"SQL", on_error_stop => 0, extra_params => [ '-v', 'VERBOSITY=verbose' ]);
LOAD 'vidyo_cdr';
LOAD 'plpgsql';
$settings
CREATE TEMP TABLE before AS SELECT name, setting, source FROM pg_settings;
\\o @{[ $node->data_dir ]}/discarded
$statements;
RESET vidyo_cdr.export_limit;
\\o
SELECT 'changed', * FROM pg_settings s FULL JOIN before b USING (name)
WHERE (s.setting, s.source) IS DISTINCT FROM (b.setting, b.source);
SELECT 'compared', count(*) > 300 FROM before JOIN pg_settings USING (name);
ROLLBACK;
SQL
    is($out, 'compared|t', "$name: all settings are as before");
    my @errors = $err =~ /ERROR:  (\w{5})/g;
    like("@errors", $sqlstate ? qr/^$sqlstate$/ : qr/^$/, "$name: it ended as it should");
  }
}

done_testing();

# A COPY over an export that is refused has written nothing: no message of COPY has gone to the
# client, a file on the server is as it was, and no program has been started. So it is in a session's
# first COPY, with every form of query that may be decided about before COPY speaks, in every format,
# by both protocols, with either writer.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use CdrTest;
use PostgreSQL::Test::Utils;
use Test::More;
use Wire;

my $node = new_server('refused', "vidyo_cdr.log_exports = 'log'\nlog_statement = none\n");
create_database($node, 'cdr');
insert_records($node, 'cdr', 500);
$node->safe_psql('cdr', <<'SQL');
ALTER DATABASE cdr SET vidyo_cdr.export_limit = 499;
CREATE ROLE exporter LOGIN IN ROLE pg_write_server_files, pg_execute_server_program;
CREATE ROLE stranger LOGIN IN ROLE pg_write_server_files, pg_execute_server_program;
SELECT cdr_grant_all_tenants('exporter');
GRANT UPDATE ON conferencecall2 TO exporter;
CREATE POLICY updates ON conferencecall2 FOR UPDATE TO exporter USING (true);
CREATE TABLE few AS SELECT generate_series(1, 3) AS id, NULL::timestamptz AS from_time;
CREATE VIEW seen AS SELECT "CallID", "CallerName" FROM export_cdr();
CREATE SEQUENCE calls;
GRANT SELECT ON few, seen TO PUBLIC;
GRANT USAGE ON SEQUENCE calls TO PUBLIC;
SQL

my $folder = PostgreSQL::Test::Utils::tempdir;
my $file = "$folder/cdr.csv";

sub write_file {
  my ($text) = @_;
  open my $handle, '>', $file or die "$file: $!";
  print $handle $text;
  close $handle;
  chmod 0666, $file;
}

# Queries whose exports are known to be within the limit, or not, when COPY's query starts.
my %decided = (
  'a plain export' => 'SELECT * FROM export_cdr()',
  'a column' => 'SELECT "CallID" FROM export_cdr()',
  'a filter' => 'SELECT * FROM export_cdr() WHERE "CallID" > 5',
  'a filter that drops all' => 'SELECT * FROM export_cdr() WHERE "CallID" < 0',
  'an expression' => 'SELECT "CallID" + 1, nextval(\'calls\') FROM export_cdr()',
  'a limit' => 'SELECT * FROM export_cdr() LIMIT 3',
  'an aggregate' => 'SELECT count(*) FROM export_cdr()',
  'groups' => 'SELECT "TenantName", count(*) FROM export_cdr() GROUP BY 1 ORDER BY 1',
  'an order' => 'SELECT * FROM export_cdr() ORDER BY "CallerName"',
  'EXISTS' => 'SELECT id FROM few WHERE EXISTS (SELECT FROM export_cdr())',
  'IN' => 'SELECT id FROM few WHERE id IN (SELECT "CallID" FROM export_cdr())',
  'a sub-select' => 'SELECT id, (SELECT max("CallID") FROM export_cdr()) FROM few',
  'a correlated sub-select' => 'SELECT id, (SELECT "CallerName" FROM export_cdr() WHERE "CallID" = id) FROM few',
  'a common table expression' => 'WITH e AS MATERIALIZED (SELECT * FROM export_cdr()) SELECT count(*) FROM e',
  'a union' => 'SELECT id FROM few UNION ALL SELECT "CallID" FROM export_cdr()',
  'a join' => 'SELECT id, "CallerName" FROM few LEFT JOIN export_cdr() ON "CallID" = id',
  'a view' => 'SELECT * FROM seen',
  'numbered rows' => 'SELECT * FROM export_cdr() WITH ORDINALITY',
  'two functions' => 'SELECT "CallID", n FROM ROWS FROM (export_cdr(), generate_series(1, 3)) AS e("CallID", a, b, c, d, e, f, g,
    h, i, j, k, l, m, o, p, q, r, s, t, u, v, w, x, y, z, aa, n)',
  'arguments from a sub-select' => 'SELECT * FROM export_cdr((SELECT min(from_time) FROM few)) ORDER BY 1 LIMIT 3',
  'arguments from a WITH query' => 'WITH w AS MATERIALIZED (SELECT * FROM few) SELECT count(*) FROM export_cdr((SELECT min(from_time) FROM w))',
  'a change' => 'UPDATE conferencecall2 SET gwid = $$x$$ FROM export_cdr() WHERE callid = "CallID" RETURNING callid');

# Formats, and the settings that go with them.
my @forms = (
  [ 'csv', '(FORMAT csv)' ], [ 'csv with header', '(FORMAT csv, HEADER)' ],
  [ 'csv with header true', '(FORMAT csv, HEADER true)' ], [ 'csv without header', '(FORMAT csv, HEADER false)' ],
  [ 'csv in the old form', 'CSV HEADER' ], [ 'text', '' ], [ 'text with header', '(HEADER)' ], [ 'binary', '(FORMAT binary)' ],
  [ 'converted csv', "(FORMAT csv, HEADER, ENCODING 'LATIN1')" ],
  [ 'fast_copy off', '(FORMAT csv, HEADER)', 'SET vidyo_cdr.fast_copy = off' ]);

# Checks the answer to a refused COPY: parsed, described and bound at most, then the error.
sub nothing_sent {
  my ($answer, $name) = @_;
  is("$answer->{sqlstate} $answer->{types}", '54000 ' . ($answer->{types} =~ /^1/ ? '12nEZ' : 'EZ'),
    "$name: the client gets the error alone");
}

# The first COPY of a session, and a later one.
sub refused_to_client {
  my ($name, $query, $options, $before) = @_;
  for my $protocol (qw(simple extended)) {
    my $session = Wire->new($node, 'cdr', 'exporter');
    $session->simple($before) if $before;
    nothing_sent($session->$protocol("COPY ($query) TO STDOUT $options"), "$name, $protocol, $_")
      for 'first', 'later';
  }
}

sub refused_on_server {
  my ($name, $query, $options, $before) = @_;
  my $program = "cat > $file";
  my %statements = (
    file => "COPY ($query) TO '$file' $options",
    program => "COPY ($query) TO PROGRAM '$program' $options");
  for my $to (sort keys %statements) {
    my $in_do = "DO \$do\$ BEGIN EXECUTE \$copy\$$statements{$to}\$copy\$; END \$do\$";
    for my $statement ($statements{$to}, $in_do) {
      write_file('of yesterday');
      my $session = Wire->new($node, 'cdr', 'exporter');
      $session->simple($before) if $before;
      is($session->simple($statement)->{sqlstate}, '54000', "$name, $to: is refused first") for 1 .. 2;
      is(slurp_file($file), 'of yesterday', "$name, $to: is as it was") or diag($statement);
    }
  }
}

for my $title (sort keys %decided) {
  refused_to_client("$title, $$_[0]", $decided{$title}, @$_[1 .. 2]) for $forms[1], $forms[-1];
  refused_on_server($title, $decided{$title}, '(FORMAT csv, HEADER)');
}
for my $form (@forms) {
  my ($title, $options, $before) = @$form;
  refused_to_client("plain, $title", $decided{'a plain export'}, $options, $before);
  refused_on_server("plain, $title", $decided{'a plain export'}, $options, $before);
}
is($node->safe_psql('cdr', 'SELECT is_called FROM calls'), 'f', 'and nothing behind an export has been run');

# Refused for other reasons.
for my $case ([ 'stranger', '42501', 'export_cdr()' ], [ 'exporter', '22023', "export_cdr('2026-02-01', '2026-01-01')" ],
  [ 'exporter', '22012', 'export_cdr(tenant => (1 / (random() * 0)::int)::text)' ]) {
  my ($role, $sqlstate, $call) = @$case;
  my $answer = Wire->new($node, 'cdr', $role)->simple("COPY (SELECT * FROM $call) TO STDOUT (FORMAT csv, HEADER)");
  is("$answer->{sqlstate} $answer->{types}", "$sqlstate EZ", "$sqlstate: the client gets the error alone");
}

# psql empties the file of \copy by itself; there is no header in it.
write_file('of yesterday');
my ($code, $out, $err) = $node->psql('cdr', "\\copy (SELECT * FROM export_cdr()) TO '$file' CSV HEADER",
  connstr => $node->connstr('cdr') . ' user=exporter');
like($err, qr/export contains more than 499 records/, '\copy is refused');
is(-s $file, 0, '\copy leaves an empty file');

# An export whose arguments come from another row, or that stands in the target list, is called when
# COPY has begun: the header has gone out, but no record.
for my $query ('SELECT id, e.* FROM few, LATERAL export_cdr(from_time) e', 'SELECT export_cdr()') {
  my $answer = Wire->new($node, 'cdr', 'exporter')->simple("COPY ($query) TO STDOUT (FORMAT csv, HEADER)");
  is("$answer->{sqlstate} $answer->{types}", '54000 HdEZ', "$query: COPY has begun");
  is($answer->{copy} =~ tr/\n//, 1, "$query: with the header alone");
}

# What is never read is not refused: the header by itself, and a condition that does not hold.
for my $query ('SELECT "CallID" FROM export_cdr() LIMIT 0', 'SELECT "CallID" FROM export_cdr() WHERE current_user = $$nobody$$') {
  my $answer = Wire->new($node, 'cdr', 'exporter')->simple("COPY ($query) TO STDOUT (FORMAT csv, HEADER)");
  is("$answer->{sqlstate} $answer->{copy}", "00000 CallID\n", "$query: the header");
}

# Within the limit each query gives what it gives outside of COPY, and its export is run once.
$node->safe_psql('cdr', "ALTER DATABASE cdr SET vidyo_cdr.export_limit = 500");
for my $title (sort keys %decided) {
  next if $title eq 'a change';
  for my $way (qw(on off)) {
    my $session = Wire->new($node, 'cdr', 'exporter');
    $session->simple("SET vidyo_cdr.fast_copy = $way");
    my $log_begin = -s $node->logfile;
    my $copied = $session->simple("COPY ($decided{$title}) TO STDOUT (NULL '')");
    my $exports = () = slurp_file($node->logfile, $log_begin) =~ /"event": "export", "outcome": "done"/g;
    my $rows = $session->simple($decided{$title})->{rows};
    is(scalar(() = $copied->{copy} =~ /\n/g), scalar @$rows, "$title, $way: all rows");
    is($exports, 1, "$title, $way: one export");
  }
}

# A program that ends early, and a file that cannot be opened, get PostgreSQL's own messages.
for my $case ([ "PROGRAM 'exit 3'", '38000', 'program "exit 3" failed' ],
  [ "'$folder/missing/x'", '58P01', qq{could not open file "$folder/missing/x" for writing: No such file or directory} ]) {
  my ($to, $sqlstate, $message) = @$case;
  for my $query ('SELECT * FROM export_cdr()', 'SELECT "CallID" FROM export_cdr() WHERE "CallID" > 5') {
    my $answer = Wire->new($node, 'cdr', 'exporter')->simple("COPY ($query) TO $to (FORMAT csv, HEADER)");
    is("$answer->{sqlstate} $answer->{message}", "$sqlstate $message", "$to, $query");
  }
}

done_testing();

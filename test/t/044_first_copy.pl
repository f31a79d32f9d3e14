# The first COPY of a session that has not loaded the library goes through the extension's CSV writer
# when it is certain which statement it is, and gives the same bytes either way.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use CdrTest;
use CopyBothWays;
use PostgreSQL::Test::Utils;
use Test::More;
use Wire;

my $node = new_server('first');
create_database($node, 'cdr');
insert_records($node, 'cdr', 300, callername => q{(ARRAY['plain', '', NULL, 'a,b', '"quoted"'])[1 + i % 5]});
watch_writer($node, 'cdr');
my $folder = PostgreSQL::Test::Utils::tempdir;
$node->safe_psql('cdr', <<"SQL");
GRANT SELECT ON conferencecall2 TO exporter;
-- Runs a COPY of its own, and tells who wrote it.
CREATE FUNCTION copy_inside(file text) RETURNS text LANGUAGE plpgsql AS \$\$
DECLARE
  outside text := current_setting('probe.writer');
  inside text;
BEGIN
  EXECUTE format('COPY (SELECT * FROM export_cdr()) TO %L (FORMAT csv, HEADER)', file);
  inside := current_setting('probe.writer');
  PERFORM set_config('probe.writer', outside, false);
  RETURN inside;
END \$\$;
SQL

my $copy = 'COPY (SELECT * FROM export_cdr()) TO STDOUT (FORMAT csv, HEADER)';
my $expected = $node->safe_psql('cdr', "SET vidyo_cdr.fast_copy = off; $copy") . "\n";

sub session {
  my $session = Wire->new($node, 'cdr', 'exporter');
  $session->simple(q{SET probe.writer = 'nobody'});
  return $session;
}
sub writer { return $_[0]->simple('SHOW probe.writer')->{rows}[0] }

# The client's COPY, alone.
for my $case (
  [ 'simple protocol', 'simple', $copy, $expected ],
  [ 'extended protocol', 'extended', $copy, $expected ],
  [ 'surrounded by comments', 'simple', "/* first */ $copy; -- last", $expected ],
  [ 'one column', 'simple', 'COPY (SELECT "CallerName" FROM export_cdr()) TO STDOUT CSV HEADER',
    $node->safe_psql('cdr', 'COPY (SELECT callername AS "CallerName" FROM conferencecall2 ORDER BY callid) TO STDOUT CSV HEADER') . "\n" ],
  [ 'a filter', 'extended', 'COPY (SELECT "CallID" FROM export_cdr() WHERE "CallID" < 3) TO STDOUT CSV', "1\n2\n" ]) {
  my ($name, $protocol, $sql, $bytes) = @$case;
  my $session = session();
  my $answer = $session->$protocol($sql);
  ok($answer->{copy} eq $bytes, "$name: the bytes") or diag($answer->{message});
  is(writer($session), 'fast', "$name: the writer");
}

# To a file, by \copy, and in a transaction.
my $session = session();
is($session->simple($copy =~ s/STDOUT/'$folder\/file'/r)->{sqlstate}, '00000', 'to a file');
ok(slurp_file("$folder/file") eq $expected, 'to a file: the bytes');
is(writer($session), 'fast', 'to a file: the writer');
$session = session();
$session->simple('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
ok($session->extended($copy)->{copy} eq $expected, 'in a read-only transaction: the bytes');
is(writer($session), 'fast', 'in a read-only transaction: the writer');

# Several statements in one string are a command each.
$session = session();
is($session->simple("SELECT 1; $copy; SELECT 2; $copy")->{copy}, $expected x 2, 'several statements: the bytes');
is(writer($session), 'fast', 'several statements: the writer');

# The setting counts before the library is loaded, too, and so do options that the writer does not know.
$session = session();
$session->simple('SET vidyo_cdr.fast_copy = off');
ok($session->simple($copy)->{copy} eq $expected, 'fast_copy off: the bytes');
is(writer($session), 'PostgreSQL', 'fast_copy off: the writer');
$session = session();
$session->simple($copy =~ s/csv, HEADER/text/r);
is(writer($session), 'PostgreSQL', 'format text: the writer');

# Where the client's command is not the COPY: PostgreSQL writes first, the extension later.
for my $case ([ 'DO', sub { "DO \$do\$ BEGIN EXECUTE \$copy\$$_[0]\$copy\$; END \$do\$" } ],
  [ 'DO without EXECUTE', sub { "DO \$do\$ BEGIN $_[0]; END \$do\$" } ]) {
  my ($name, $statement) = @$case;
  $session = session();
  for my $writer (qw(PostgreSQL fast)) {
    unlink "$folder/file";
    is($session->simple($statement->($copy =~ s/STDOUT/'$folder\/file'/r))->{sqlstate}, '00000', "$name, $writer");
    ok(slurp_file("$folder/file") eq $expected, "$name, $writer: the bytes");
    is(writer($session), $writer, "$name, $writer: the writer");
  }
}

# A COPY inside a COPY: the outer one has not loaded the library when the inner one begins.
$session = session();
is($session->simple("COPY (SELECT copy_inside('$folder/inside')) TO STDOUT CSV")->{copy}, "PostgreSQL\n",
  'inside of another COPY: the writer');
ok(slurp_file("$folder/inside") eq $expected, 'inside of another COPY: the bytes');

# ... and when it has: each writes its own.
$session = session();
my $outer = $session->simple(<<"SQL")->{copy};
COPY (SELECT "CallID", CASE "CallID" WHEN 2 THEN copy_inside('$folder/inside') END AS inside FROM export_cdr() WHERE "CallID" <= 3)
TO STDOUT (FORMAT csv, HEADER, FORCE_QUOTE ("CallID"))
SQL
is($outer, qq{CallID,inside\n"1",\n"2",fast\n"3",\n}, 'around another COPY: the bytes, and the writer of the other');
ok(slurp_file("$folder/inside") eq $expected, 'around another COPY: the bytes of the other');
is(writer($session), 'fast', 'around another COPY: the writer');

# ... and in planning, where the function is called once and its value is a constant.
$node->safe_psql('cdr', <<'SQL');
CREATE FUNCTION copy_at_planning(file text) RETURNS text IMMUTABLE LANGUAGE plpgsql AS
  'BEGIN RETURN copy_inside(file); END';
SQL
$session = session();
my $folded = $session->simple(<<"SQL")->{copy};
COPY (SELECT "CallID", copy_at_planning('$folder/inside') AS inside FROM export_cdr() WHERE "CallID" <= 2) TO STDOUT CSV HEADER
SQL
like($folded, qr/\ACallID,inside\n1,(?:fast|PostgreSQL)\n2,(?:fast|PostgreSQL)\n\z/, 'planned around another COPY: the bytes');
ok(slurp_file("$folder/inside") eq $expected, 'planned around another COPY: the bytes of the other');
is(writer($session), 'fast', 'planned around another COPY: the writer');

done_testing();

# The page of usage figures is well-formed whatever texts guests have typed, in any encoding; its numbers are
# those of cdr_usage, each of which is asked for once; and it can be ended at any moment.
use strict;
use warnings;
use utf8;

use FindBin;
use lib "$FindBin::Bin/lib";

use CdrTest;
use IPC::Run;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = new_server('page', "track_functions = all\n");
create_database($node, 'cdr');
if ($node->psql('cdr', q{SELECT xmlparse(DOCUMENT '<a/>')}) != 0) {
  plan skip_all => 'this PostgreSQL reads no XML';
}

# What a page has is XML but for its first line and its few elements without an end.
my $parse = q{CREATE FUNCTION parsed(page text) RETURNS xml LANGUAGE sql AS
  $$ SELECT xmlparse(DOCUMENT regexp_replace(replace(page, '<!DOCTYPE html>', ''), '<(meta [^>]*)>', '<\1/>', 'g')) $$};
$node->safe_psql('cdr', $parse);
my @march = (q{'2026-03-01 00:00+05:45', '2026-04-01 00:00+05:45'});
my $by_the_clock = "SET TimeZone = 'Asia/Kathmandu';";

# The rows of a page's table, each with its cells as text, numbers without separators.
sub rows_of_table {
  my ($caption, $columns) = @_;
  my $list = join ', ', map { "c$_ text PATH 'string(*[$_])'" } 1 .. $columns;
  my $out = $node->safe_psql('cdr', qq{SELECT x.* FROM pages, xmltable('//table[caption="$caption"]/tbody/tr'
    PASSING parsed(page) COLUMNS $list) AS x});
  return map { [ map { s/(?<=\d),(?=\d{3})//gr } split /\|/, $_, -1 ] } split /\n/, $out;
}

# Compares a table with what a query has for it; numbers may differ by a rounding.
sub table_is {
  my ($caption, $query, $columns) = @_;
  my @shown = rows_of_table($caption, $columns);
  my @expected = map { [ split /\|/, $_, -1 ] } split /\n/, $node->safe_psql('cdr', "$by_the_clock $query");
  is(scalar @shown, scalar @expected, "$caption: number of rows");
  my @different = grep { !rows_agree($shown[$_], $expected[$_]) } 0 .. $#expected;
  is_deeply(\@different, [], "$caption: the numbers of cdr_usage")
    or diag explain { shown => $shown[ $different[0] ], expected => $expected[ $different[0] ] };
}

sub rows_agree {
  my ($shown, $expected) = @_;
  for my $i (0 .. $#$expected) {
    my ($is, $should) = ($shown->[$i] // '', $expected->[$i]);
    next if $is eq $should;
    return 0 if $is !~ /^\d+(\.\d+)?$/ || $should !~ /^\d+(\.\d+)?$/;
    my $step = $is =~ /\.(\d+)/ ? 10**-length $1 : 1;
    return 0 if abs($is - $should) > 0.501 * $step;
  }
  return 1;
}

# Calls of a month and of the one before, from everywhere, of many rooms, callers and clients.
insert_records($node, 'cdr', 3000,
  jointime => "'2026-02-01Z'::timestamptz + i * interval '1663 s'",
  leavetime => "CASE WHEN i % 50 > 0 THEN '2026-02-01Z'::timestamptz + i * interval '1663 s' + (i * 7919 % 9000) * interval '1 s' END",
  conferencename => "'room' || (i * i) % 37", callerid => "CASE WHEN i % 9 > 0 THEN 'caller' || (i * i) % 53 ELSE 'Guest' END",
  endpointtype => "(ARRAY['D','D','R','G','L','C'])[1 + i % 6]",
  callstate => "(ARRAY['COMPLETED','COMPLETED','COMPLETED','RING NO ANSWER','RING REJECTED','ALERTING'])[1 + i * 31 % 101 % 6]",
  callcompletioncode => 'i % 4', applicationname => "'app' || i % 3", applicationversion => "nullif('1.' || i % 13, '1.5')");
$node->safe_psql('cdr', "CREATE TABLE pages AS SELECT cdr_usage_page(@march, 'Asia/Kathmandu') AS page");
is($node->safe_psql('cdr', q{SELECT pg_stat_force_next_flush(); SELECT calls FROM pg_stat_user_functions WHERE funcname = 'cdr_usage'}),
  "\n10", 'each figure is asked for once');

my $label = q{to_char(bucket_start, 'FMDay FMDD FMMonth YYYY, HH24:MI')};
table_is('Participants over time', qq{SELECT $label, peak_participants, coalesce(to_char(peak_time, 'FMDay FMDD FMMonth YYYY, HH24:MI'
  || CASE WHEN extract(second FROM peak_time) > 0 THEN ':SS' ELSE '' END), ''), average_participants
  FROM cdr_usage(@march, '2 hours')}, 4);
table_is('Average number of participants by hour of the week',
  'SELECT ' . q{to_char(make_time(hour::int, 0, 0), 'HH24:MI'), } . join(', ', map { "avg(average_participants) FILTER (WHERE day = $_)" } 1 .. 7)
  . qq{ FROM (SELECT extract(hour FROM bucket_start) AS hour, extract(isodow FROM bucket_start) AS day, average_participants
    FROM cdr_usage(@march, '1 hour')) AS h GROUP BY hour ORDER BY hour}, 8);
table_is('Participant minutes by type of endpoint', q{SELECT to_char(bucket_start, 'FMDay FMDD FMMonth YYYY'), }
  . join(', ', map { "sum(participant_minutes) FILTER (WHERE group_value = '$_')" } qw(D R G L))
  . qq{ FROM cdr_usage(@march, group_by => 'EndpointType') GROUP BY bucket_start ORDER BY bucket_start}, 5);
my %ranking = (
  'Top rooms' => [ 'ConferenceName', 'participant_minutes', 'rooms' ],
  'Top callers' => [ 'CallerID', 'participant_minutes', 'callers' ],
  'Outcomes of attempts' => [ 'CallState', 'attempts', '' ],
  'Why calls ended' => [ 'CallCompletionCode', 'joins', '' ],
  'Clients' => [ 'ApplicationName', 'joins', 'clients' ],
  'Versions of clients' => [ 'ApplicationVersion', 'joins', 'versions' ]);
my $codes = join ', ', map { my ($field, @names) = @$_; map { "('$field', '$names[2 * $_]', '$names[2 * $_ + 1]')" } 0 .. $#names / 2 }
  [ 'CallState', 'COMPLETED' => 'Connected, has ended', 'RING NO ANSWER' => 'Not answered', 'RING REJECTED' => 'Rejected' ],
  [ 'CallCompletionCode', 0 => 'No reason known', 1 => 'Hung up', 2 => q{Ended by an admin or the room''s owner}, 3 => 'Network failure' ];
for my $title (sort keys %ranking) {
  my ($field, $figure, $others) = @{ $ranking{$title} };
  table_is($title, qq{WITH figures AS (SELECT row_number() OVER (ORDER BY $figure DESC, joins DESC, group_value COLLATE "C") AS rank, u.*
      FROM cdr_usage(@march, NULL, group_by => '$field') AS u WHERE '$field' <> 'CallerID' OR group_value NOT IN ('', 'Guest'))
    SELECT coalesce(n.name, group_value, 'not recorded'),
      participant_minutes, joins, attempts, peak_participants::text FROM figures LEFT JOIN (VALUES $codes) AS n (field, code, name)
      ON field = '$field' AND code = group_value WHERE rank <= 10
    UNION ALL SELECT count(*) || ' other $others', sum(participant_minutes), sum(joins), sum(attempts), '' FROM figures WHERE rank > 10 HAVING count(*) > 0}, 5);
}
my $tiles = $node->safe_psql('cdr', q{SELECT string_agg(t, ' ') FROM pages, xmltable('//*[@class="tile"]//strong' PASSING parsed(page) COLUMNS t text PATH '.')});
is($tiles, $node->safe_psql('cdr', qq{SELECT concat_ws(' ', peak_participants, to_char(participant_minutes, 'FM999,999,999'), to_char(meetings, 'FM999,999'),
  unique_callers, attempts - joins) FROM cdr_usage(@march, NULL)}), 'the main figures');

# Whatever people have typed into any field.
my @hostile = ('</title><script>alert(1)</script>', q{"><img src=x onerror='alert(1)'>}, q{' onload='alert(1)}, ']]><!--', '&lt;b&gt; &#60; &',
  '</style><style>*{display:none}', "\x{202e}gnp.exe\x{2066}", "\x01\x07\x1b[31m\x7f\x{85}", "\t\n\r", 'x' x 10240, "\x{fffe}\x{ffff}", "שלום 😀 é",
  '<' x 10240, 'javascript:alert(1)', 'http://example.com/');
my $texts = join ', ', map { 'E\'' . join('', map { sprintf '\\U%08X', ord } split //) . '\'' } @hostile;
my %field = map { $_ => "(ARRAY[$texts])[1 + i % " . scalar(@hostile) . ']' }
  qw(conferencename tenantname callerid callername uniquecallid routerid gwprefix gwid referencenumber applicationname
    applicationversion devicemodel roomowner applicationos endpointguid extension);
$node->safe_psql('cdr', 'TRUNCATE conferencecall2');
insert_records($node, 'cdr', 150, %field, jointime => "'2026-03-02Z'::timestamptz + i * interval '60 s'",
  leavetime => "'2026-03-02Z'::timestamptz + i * interval '61 s'", callstate => "'COMPLETED'");
my @elements = qw(a bdi body caption circle dd desc details div dl dt figure g h1 h2 head header html line main meta p path pattern
  rect section span strong style summary svg table tbody td text th thead title tr tspan defs);
for my $tenant ('NULL', "E'" . join('', map { sprintf '\\U%08X', ord } split //, $hostile[0]) . "'") {
  $node->safe_psql('cdr', "TRUNCATE pages; INSERT INTO pages SELECT cdr_usage_page(@march, tenant => $tenant)");
  is($node->safe_psql('cdr', 'SELECT count(*) FROM pages WHERE parsed(page) IS DOCUMENT'), '1', 'the page is well-formed');
  is($node->safe_psql('cdr', q{SELECT string_agg(DISTINCT m[1], ' ') FROM pages, regexp_matches(page, '<([a-zA-Z!/][^\s>/]*)', 'g') AS m
    WHERE m[1] !~ '^/' AND m[1] <> ALL (string_to_array('!DOCTYPE } . "@elements" . q{', ' '))}), '', 'elements of our own only');
  is($node->safe_psql('cdr', q{SELECT string_agg(DISTINCT m, ' ') FROM pages, unnest(xpath('//*/@*[starts-with(name(), "on") or
    name() = "href" or name() = "src" or name() = "style"]', parsed(page))::text[]) AS a (m)}), '', 'nothing that loads or runs');
  cmp_ok($node->safe_psql('cdr', 'SELECT length(page) FROM pages'), '<', 400_000, 'long names do not make a long page');
  is($node->safe_psql('cdr', q{SELECT count(*) FROM pages WHERE page ~ '[^\n\t\x20-\x7e]'}), '0', 'the page is ASCII');
}
my $names = $node->safe_psql('cdr', q{SELECT string_agg(b, chr(10)) FROM pages, xmltable('//table//bdi' PASSING parsed(page) COLUMNS b text PATH '.')});
like($names, qr/^\Q$hostile[0]\E$/m, 'a name is shown as it is');
$node->safe_psql('cdr', "TRUNCATE pages; INSERT INTO pages SELECT cdr_usage_page(@march)");
my $all = $node->safe_psql('cdr', q{SELECT string_agg(b, chr(10)) FROM pages, xmltable('//table[caption="Top rooms"]//bdi' PASSING parsed(page) COLUMNS b text PATH '.')});
utf8::decode($all);
unlike($all, qr/[\x{202a}-\x{202e}\x{2066}-\x{2069}\x00-\x08\x0e-\x1f]/, 'what changes the direction of other text, and controls, are gone');

# Other encodings: e with an accent, as the database has it.
for my $case ([ 'LATIN1', q{'\xe9'}, '&#xe9;' ], [ 'SQL_ASCII', q{'\xe9'}, '&#xfffd;' ], [ 'SQL_ASCII', q{'\xc3\xa9'}, '&#xe9;' ],
  [ 'EUC_JP', q{'\xa4\xa2'}, '&#x3042;' ]) {
  my ($encoding, $bytes, $shown) = @$case;
  my $database = 'in_' . lc $encoding;
  $node->psql('postgres', "CREATE DATABASE $database ENCODING '$encoding' LOCALE 'C' TEMPLATE template0");
  $node->safe_psql($database, 'CREATE EXTENSION IF NOT EXISTS vidyo_cdr; TRUNCATE conferencecall2');
  insert_records($node, $database, 1, tenantname => 'E' . $bytes, jointime => "'2026-03-02Z'", leavetime => "'2026-03-03Z'", callstate => "'COMPLETED'");
  for my $client ('UTF8', 'LATIN1', 'SQL_ASCII') {
    next if $client eq 'LATIN1' && $encoding eq 'EUC_JP';
    like($node->safe_psql($database, "SET client_encoding = '$client'; SELECT cdr_usage_page(@march)"),
      qr{<dt>Tenants</dt><dd><bdi>\Q$shown\E</bdi>}, "$encoding: $bytes for $client");
  }
}

# Four hundred tenants; and an end at any moment, after which the session goes on.
create_database($node, 'many');
insert_records($node, 'many', 60_000, tenantname => "'tenant' || i % 400", leavetime => "'2026-01-01Z'::timestamptz + i * interval '11 s'",
  callstate => "'COMPLETED'");
like($node->safe_psql('many', "SELECT cdr_usage_page('2026-01-01', '2026-02-01')"),
  qr{<dd>400: <bdi>tenant0</bdi>, <bdi>tenant1</bdi>, <bdi>tenant10</bdi> and 397 more</dd>}, '400 tenants');
my $small = "SET work_mem = '64kB'; SET hash_mem_multiplier = 1;";
is(failure($node, 'many', "$small SELECT meetings FROM cdr_usage(bucket => NULL)")->{sqlstate}, '53200', 'figures may need much memory');
is($node->safe_psql('many', "$small SELECT cdr_usage_page('2026-01-01', '2026-02-01') ~ '400: '; SHOW work_mem"), "t\n64kB",
  'a page has more of it, and leaves the setting alone');
my $session = background_session($node, 'many', on_error_stop => 0);
for my $after (5, 40, 90) {
  my ($out) = $session->query("SET statement_timeout = $after; SELECT length(cdr_usage_page('-infinity', 'infinity'))");
  $session->{stderr} = '';
}
is($session->query("SET statement_timeout = 0; SELECT cdr_usage_page('2026-01-01', '2026-02-01') ~ '400: '"), 't', 'a session goes on after timeouts');
$session->quit;
is(failure($node, 'many', "SET statement_timeout = 5; SELECT cdr_usage_page('-infinity', 'infinity')")->{sqlstate}, '57014', 'a timeout ends it');

# All of a page is of one snapshot: calls that are committed while it is made are in none of its figures.
$node->safe_psql('many', q{CREATE ROLE seer LOGIN; SELECT cdr_grant_all_tenants('seer');
  CREATE FUNCTION gate() RETURNS boolean LANGUAGE plpgsql AS
    $$ BEGIN PERFORM pg_advisory_lock_shared(1), pg_advisory_unlock_shared(1); RETURN true; END $$;
  CREATE POLICY gate ON conferencecall2 AS RESTRICTIVE TO seer USING (gate())});
my $hour = q{'2026-01-01 00:00', '2026-01-01 01:00'};
my $guard = background_session($node, 'many');
$guard->query('SELECT pg_advisory_lock(1)');
my ($page, $errors) = ('', '');
my $reader = IPC::Run::start([ 'psql', '-XAtq', '-d', $node->connstr('many') . ' user=seer', '-c', "SELECT cdr_usage_page($hour)" ],
  '<', \undef, '>', \$page, '2>', \$errors);
$node->poll_query_until('many', q{SELECT count(*) = 1 FROM pg_stat_activity WHERE usename = 'seer' AND wait_event = 'advisory'});
my $attempts = $node->safe_psql('many', "SELECT attempts FROM cdr_usage($hour, NULL)");
insert_records($node, 'many', 300, callstate => "'RING REJECTED'");
$guard->query('SELECT pg_advisory_unlock(1)');
$reader->finish;
$guard->quit;
like($page, qr/<dd>$attempts attempts to connect/, 'the overview is of the snapshot') or diag $errors;
unlike($page, qr/Rejected/, 'and so are the outcomes');
like($node->safe_psql('many', "SELECT cdr_usage_page($hour)"), qr/Rejected/, 'the next page has the new calls');

done_testing();

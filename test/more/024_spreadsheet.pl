# A spreadsheet file opened in LibreOffice as a person would open it: every record arrives, no text
# runs as a formula or becomes something else, no digit is lost, and times are times, in English and
# in German. With another separator than the file's own, or with blanks taken off, nothing runs
# either.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../t/lib";

use CdrTest;
use PostgreSQL::Test::Utils;
use Test::More;

if (system('command -v soffice > /dev/null') != 0) {
  fail('soffice is there: on Debian it comes with package libreoffice-calc');
  done_testing();
  exit;
}

# Each dangerous text alone and behind everything that could begin a cell.
my @formulas = ('=1+1', '=HYPERLINK("http://example.com","x")', '+1+1', '-1+1', '@SUM(1)',
  "=cmd|' /C calc'!A0", "\xEF\xBC\x9D1+1", "'apostrophe", "'=1+1", '""=1+1', ' =1+1', '"=1+1', ' "  =1+1');
my @texts = @formulas;
for my $before (',', ';', "\t", "\n", "\r\n", ', ', ',"', ';"', "\n\"", '",', '";', ' ; ') {
  push @texts, map { "text$before$_" } @formulas;
}
push @texts, '+41 22 767', 'Zoë', '日本', '😀 emoji', 'plain', '"quoted"', 'a,b;c', '', undef;

# What becomes a number, a date, a time or a truth value in one of the languages, and what does not.
my @changed = (
  '3.10', '00.50', '1E5', '3e2', '1e999', '1,234', '1.234,56', '1,5', '1/2', '13/1', '1 1/2', '10:30',
  '1:2:3', '0071 ', ' 71', '00', '1234567890123456', '2026-01-02', '2026-01-02T03:04:05', '1.2.3', '1.2.',
  '26-1-2', '12%', '5 %', '(5)', '$5', '5 $', '5 €', '£5', 'CHF 5', '5-', '5+', '.5', '5.', ',5', "1'000",
  '1.234.567.890', '192.168.100.200', "\xC2\xA05", "5\xE2\x80\xAF", '1 Jan', 'Jan 5', 'Jan-26', '5. Mai',
  '5. März', 'Sept. 5', '5.Jänner', 'Monday, January 5, 2026', 'Montag, 5. Januar 2026', '10 AM',
  '10:30pm', 'TRUE', 'true', ' TRUE', 'FALSE', 'Wahr', 'FALSCH ');
my @kept = ('19.1.0.9085', '10.0.0.1', '192.168.100.2000', '1.2.3-beta', 'room 5', 'Jan', 'E', '5 rooms',
  '5/a', '(a)', 'x86', '日本 5');
my %is_changed = map { $_ => 1 } @changed;
push @texts, @changed, @kept;
my @addresses = ('192.168.100.200', '10.0.0.1', '192.168.100.99', '::1', '2001:db8::/32', '10.100.200.0/24');

# Further records fill several chunks.
my @callers = (@texts, map { "filler $_" } 1 .. 1500);
my @records = map { {
  callid => $_ == 3 ? 12345678901234567 : $_,
  uniquecallid => 1234567890123456 + $_,
  conferencename => "room $_",
  tenantname => 'acme',
  callername => $callers[$_],
  endpointpublicipaddress => $addresses[$_ % (1 + @addresses)],
  extension => $_ % 3 == 0 ? '0071' : $_ % 3 == 1 ? '' : undef,
  leave => $_ % 5 } } 0 .. $#callers;

my $node = new_server('spreadsheet', "session_preload_libraries = 'vidyo_cdr'\n");
create_database($node, 'cdr');
$node->safe_psql('cdr', "ALTER DATABASE cdr SET timezone = 'Europe/Amsterdam'");
my @columns = qw(callid uniquecallid conferencename tenantname callername endpointpublicipaddress
  extension);
my $values = join ",\n", map {
  my ($i, $record) = ($_, $records[$_]);
  my @literals = map { defined ? "'" . s/'/''/gr . "'" : 'NULL' } @{$record}{@columns};
  "('2026-03-29Z'::timestamptz + $i * interval '1 min', "
    . ($record->{leave} ? "'2026-07-01 12:00:59.25Z', " : 'NULL, ')
    . join(', ', @literals) . ", 'C', 'D', 'COMPLETED', 'I')"
} 0 .. $#records;
$node->safe_psql('cdr', 'INSERT INTO conferencecall2 (jointime, leavetime, ' . join(', ', @columns)
    . ", conferencetype, endpointtype, callstate, direction) VALUES\n$values");

# The files, and one in a form without guards, which shows that formulas do run and texts do change
# when opened so.
my $folder = PostgreSQL::Test::Utils::tempdir;
my %separator = (comma => ',', semicolon => ';', tab => "\t");
write_export($_, 'spreadsheet', $separator{$_}) for sort keys %separator;
write_export('unguarded', 'portal', ',');
for my $name (sort keys %separator) {
  my $file = slurp_file("$folder/$name.csv");
  my $header = export_header() =~ s/,/$separator{$name}/gr;
  is(substr($file, 0, 3), "\xEF\xBB\xBF", "$name: begins with a byte order mark");
  is(() = $file =~ /\xEF\xBB\xBF/g, 1, "$name: which comes once");
  ok($file =~ /\A...\Q$header\E\r\n/, "$name: the header's line ends in CR LF");
  my $lines = $file =~ s/"(?:[^"]|"")*"//gr;
  my %ends;
  $ends{$_}++ for $lines =~ /\r\n|\r|\n/g;
  is_deeply(\%ends, { "\r\n" => 1 + @records }, "$name: and so does each record's");
  my %extensions;
  $extensions{$_}++ for $file =~ /\QCOMPLETED\E.*?$separator{$name}([^$separator{$name}]*)\r\n/g;
  is_deeply([ sort keys %extensions ], [ '', '""', "'0071" ], "$name: NULL is nothing, and '' is quoted");
}

# Opens every file with each separator, and with all of them as LibreOffice proposes.
my ($english, $german, $swiss, $british) = (1033, 1031, 2055, 2057);
my %opened = (comma => '44', semicolon => '59', tab => '9', any => '44/59/9', trimmed => '44/59/9');
for my $with (sort keys %opened) {
  my $trim = $with eq 'trimmed' ? 'true' : 'false';
  open_files($with, $opened{$with}, $english, $trim, sort keys %separator, 'unguarded');
  for my $name (sort keys %separator) {
    my $sheet = slurp_file("$folder/$with/$name.fods");
    is_deeply([ $sheet =~ /table:formula="([^"]*)"/g ], [], "$name opened with $with: no cell is a formula");
    check_cells($name, cells($sheet)) if $name eq $with;
  }
  ok(slurp_file("$folder/$with/unguarded.fods") =~ /table:formula="of:=1\+1/,
    "the unguarded file opened with $with runs formulas");
}

# Other languages know other numbers and dates. Without a guard every text becomes something else in
# one of them.
my %becomes;
for my $language ($english, $german, $swiss, $british) {
  open_files($language, '44', $language, 'false', 'comma', 'unguarded');
  check_cells("comma in language $language", cells(slurp_file("$folder/$language/comma.fods")));
  my ($header, @rows) = cells(slurp_file("$folder/$language/unguarded.fods"));
  my ($column) = grep { $header->[$_][1] eq 'CallerName' } 0 .. $#$header;
  for my $i (grep { $is_changed{ $texts[$_] // '' } } 0 .. $#texts) {
    $becomes{ $texts[$i] } = 1 if $rows[$i][$column][0] ne 'string';
  }
}
is_deeply([ grep { !$becomes{$_} } @changed ], [], 'each text that is guarded as a number would become one');

done_testing();

# Writes a file as an administrator would, with the shell.
sub write_export {
  my ($name, $profile, $delimiter) = @_;
  local @ENV{qw(PGHOST PGPORT)} = ($node->host, $node->port);
  my $sql = "SELECT export_cdr_csv(profile => '$profile', delimiter => '$delimiter')";
  is(system(qq(psql -XAtqd cdr -c "$sql" > '$folder/$name.csv')), 0, "$name: psql writes the file");
}

# Opens files in LibreOffice and saves them as flat XML: text in double quotes, UTF-8, from line 1,
# special numbers detected, blanks around texts taken off or not, formulas evaluated.
sub open_files {
  my ($folder_name, $separators, $language, $trim, @names) = @_;
  my $filter = "CSV:$separators,34,76,1,,$language,false,true,false,false,$trim,0,true";
  local $ENV{HOME} = $folder;
  my $code = system("timeout -k 5 $PostgreSQL::Test::Utils::timeout_default soffice '-env:UserInstallation=file://$folder/profile' "
      . "--headless '--infilter=$filter' --convert-to fods --outdir '$folder/$folder_name' "
      . join(' ', map { "'$folder/$_.csv'" } @names) . " > '$folder/soffice.log' 2>&1");
  my @opened = grep { -s "$folder/$folder_name/$_.fods" } @names;
  is_deeply([ $code, @opened ], [ 0, @names ], "soffice (libreoffice-calc) opens with $folder_name")
    or diag(slurp_file("$folder/soffice.log"));
}

# Returns a sheet's rows of cells, each [type, value].
sub cells {
  my ($sheet) = @_;
  my %entity = (amp => '&', lt => '<', gt => '>', quot => '"', apos => "'");
  my @rows;
  while ($sheet =~ m{<table:table-row\b[^>]*>(.*?)</table:table-row>}gs) {
    my ($row, @cells) = $1;
    while ($row =~ m{<table:table-cell\b([^>]*?)(?:/>|>(.*?)</table:table-cell>)}gs) {
      my ($attributes, $content) = ($1, $2 // '');
      my ($type) = $attributes =~ /office:value-type="(\w+)"/;
      my ($value) = $attributes =~ /office:(?:date-)?value="([^"]*)"/;
      $value //= join "\n", $content =~ m{<text:p>(.*?)</text:p>}gs;
      $value =~ s{<text:tab/>}{\t}g;
      $value =~ s{<text:s(?: text:c="(\d+)")?/>}{' ' x ($1 // 1)}ge;
      $value =~ s/&(\w+);/$entity{$1}/g;
      my $times = $attributes =~ /number-columns-repeated="(\d+)"/ ? $1 : 1;
      push @cells, ([ $type // 'empty', $value ]) x $times;
    }
    push @rows, \@cells;
  }
  return @rows;
}

sub check_cells {
  my ($name, $header, @rows) = @_;
  is(join(',', map { $_->[1] } @$header), export_header(), "$name: the header");
  is(scalar @rows, scalar @records, "$name: the number of rows");
  my @compared = qw(CallID UniqueCallID ConferenceName CallerName JoinTime LeaveTime CallerID
    EndpointPublicIPAddress Extension);
  my (@got, @expected);
  for my $i (0 .. $#records) {
    my ($record, %cell) = $records[$i];
    @cell{ split /,/, export_header() } = @{ $rows[$i] // [] };
    push @got, { map { $_ => $cell{$_} // text('') } @compared };
    # The night in which summer time begins.
    my $minutes = 60 + $i + ($i >= 60 ? 60 : 0);
    my $join = sprintf '2026-03-%02d', 29 + int($minutes / 1440);
    $join .= sprintf 'T%02d:%02d:00', $minutes / 60 % 24, $minutes % 60 if $minutes % 1440;
    push @expected, {
      CallID => $record->{callid} > 1e15 ? text($record->{callid}, "'") : [ 'float', $record->{callid} ],
      UniqueCallID => text($record->{uniquecallid}, "'"),
      ConferenceName => text($record->{conferencename}),
      CallerName => text(guarded($record->{callername})),
      JoinTime => [ 'date', $join ],
      LeaveTime => $record->{leave} ? [ 'date', '2026-07-01T14:00:59' ] : text(''),
      CallerID => text(''),
      EndpointPublicIPAddress => text(guarded($record->{endpointpublicipaddress})),
      Extension => text($record->{extension}, $record->{extension} ? "'" : '') };
  }
  is_deeply(\@got, \@expected, "$name: every cell");
}

# A cell with text.
sub text {
  my ($text, $apostrophe) = @_;
  return ($text // '') ne '' ? [ 'string', ($apostrophe // '') . $text ] : [ 'empty', '' ];
}

# Text with its apostrophes, and line breaks as LibreOffice reads them.
sub guarded {
  my $text = $_[0] // '';
  my $begin = $is_changed{$text} ? "'" : '';
  $text =~ s/(^|[,;\t\n]|\r(?!\n))(?=['\t\r\n]|[ "]*(?:[=+\-@]|\xEF\xBC\x9D))/$1'/g;
  return $begin . $text =~ s/\r\n?/\n/gr;
}

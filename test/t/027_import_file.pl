# import_cdr_file reads files of any encoding and size in blocks: characters, records and line ends
# may lie anywhere in them, and what is not valid stops the import before anything is written.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";

use CdrTest;
use Encode;
use PostgreSQL::Test::Utils;
use Test::More;

my $block = 256 * 1024;
my $file = PostgreSQL::Test::Utils::tempdir . '/cdr.csv';
my $node = new_server('import_file');
create_database($node, 'cdr');
$node->safe_psql('postgres',
  "CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'");
$node->safe_psql('latin', 'CREATE EXTENSION vidyo_cdr');

sub write_bytes {
  my ($bytes) = @_;
  open my $out, '>:raw', $file or die "could not write $file: $!";
  print $out $bytes;
  close $out;
}

# Imports the file; returns the counts, or the failure as text.
sub import_file {
  my ($database, $encoding) = @_;
  my $call = "import_cdr_file('$file', 'UTC', encoding => '$encoding')";
  my $error = failure($node, $database, "SELECT $call");
  if ($error->{sqlstate}) {
    $error->{message} =~ s/\Q$file\E/FILE/;
    return join ' | ', grep { defined } @$error{qw(sqlstate message detail hint)};
  }
  # Once more: nothing changes.
  return $node->safe_psql($database, "SELECT inserted, updated, unchanged, rejected FROM $call");
}

# The names of the file's callers, from a database that is empty again afterwards.
sub names {
  my ($database) = @_;
  return $node->safe_psql($database, <<'SQL');
SELECT string_agg(encode(convert_to(callername, 'UTF8'), 'hex'), ' ' ORDER BY callid) FROM conferencecall2;
TRUNCATE conferencecall2, cdr_import, cdr_import_reject;
SQL
}

sub hex_of { return unpack 'H*', encode('UTF-8', $_[0]) }

# Each encoding with the name of Encode, and a name that shows it.
for my $case (
  [ LATIN1 => 'iso-8859-1', "Zo\x{eb}" ],
  [ LATIN9 => 'iso-8859-15', "\x{20ac} Zo\x{eb}" ],
  [ WIN1252 => 'cp1252', "\x{20ac}\x{201e}Zo\x{eb}\x{201c}" ],
  [ KOI8R => 'koi8-r', "\x{41c}\x{430}\x{440}\x{438}\x{44f}" ],
  # The second byte of these is a backslash, a quote's neighbour or a letter in ASCII.
  [ SJIS => 'cp932', "\x{8868}\x{30bd}\x{5c71}\x{7530}" ],
  [ EUC_JP => 'euc-jp', "\x{8868}\x{30bd}\x{5c71}\x{7530}" ],
  [ GB18030 => 'gb18030', "\x{4f1a}\x{8bae}" ],
  [ BIG5 => 'big5-eten', "\x{529f}\x{6703}" ],
  [ UTF8 => 'UTF-8', "Zo\x{eb} \x{4f1a}\x{8bae} \x{1f3a5}" ]) {
  my ($encoding, $perl, $name) = @$case;
  # Perl may lack one that is not in its core.
  my $bytes = $encoding eq 'GB18030' ? "\xbb\xe1\xd2\xe9" : encode($perl, $name);
  portal_file($file, [ 1, 2 ], name => sub { $bytes });
  is(import_file('cdr', $encoding), '0|0|2|0', "$encoding: imported, and again");
  is(names('cdr'), join(' ', (hex_of($name)) x 2), "$encoding: the name");
}

# A file of more than three blocks, with a character that a border cuts at each of its bytes, with
# CRLF that a border cuts, and records that go over borders.
my $video = encode('UTF-8', "\x{1f3a5}");
for my $line_end ("\n", "\r\n", "\r") {
  for my $shift (0 .. 4) {
    my $first = 'a' x $shift;
    portal_file($file, [ 1 .. 200 ], line_end => $line_end,
      name => sub { ($_[0] == 1 ? $first : '') . $video x 1000 });
    my $name = sprintf 'line end %s, shifted by %d', unpack('H*', $line_end), $shift;
    is(import_file('cdr', 'UTF8'), '0|0|200|0', "$name: imported");
    is(names('cdr'),
      join(' ', unpack('H*', $first . $video x 1000), (unpack('H*', $video) x 1000) x 199),
      "$name: whole");
  }
}
portal_file($file, [ 1 .. 6 ], name => sub { '"' . "x\n" x 150_000 . '"' });
is(import_file('cdr', 'UTF8'), '0|0|6|0', 'records that are larger than a block');
names('cdr');

# A byte that is not valid, on line 3 or at a border. Nothing is written.
my $name_file = q(Specify the file's encoding, for example encoding => 'LATIN1'.);
portal_file($file, [ 1 .. 9 ], name => sub { $_[0] == 2 ? "Zo\xeb" : 'Zoe' });
is(import_file('cdr', 'UTF8'), '22021 | line 3 of file "FILE" is not valid in encoding UTF8 | '
    . "The invalid byte is 0xeb. | $name_file", 'LATIN1 taken for UTF-8');
portal_file($file, [ 1 .. 9 ], name => sub { $_[0] == 2 ? "Zo\0" : 'Zoe' }, line_end => "\r\n");
like(import_file('cdr', 'UTF8'), qr/^22021 \| line 3 .* 0x00\. \| The file contains a NUL byte/, 'a NUL');
portal_file($file, [ 1 .. 5000 ], name => sub { $_[0] == 4999 ? "\xff" : 'Zoe' });
like(import_file('cdr', 'UTF8'), qr/^22021 \| line 5000 /, 'behind the first block');
portal_file($file, [ 1 ]);
my $head = slurp_file($file);
for my $at ($block - 5 .. $block + 2) {
  for my $rest ("\xeb", "\xe4\xbc", "\xf0\x9f\x8e") {
    write_bytes($head . "\n" x ($at - length $head) . $rest . "\nx");
    my $line = 3 + $at - length $head;
    like(import_file('cdr', 'UTF8'), qr/^22021 \| line $line /, "cut character at byte $at of a block");
    write_bytes($head . "\n" x ($at - length $head) . $rest);
    like(import_file('cdr', 'UTF8'), qr/^22021 \| line $line /, 'and at the end of the file');
  }
}

# UTF-16 is no encoding of PostgreSQL's, and is recognized with and without a mark.
for my $encoding (qw(UTF-16 UTF-16LE UTF-16BE)) {
  write_bytes(encode($encoding, decode('UTF-8', $head)));
  like(import_file('cdr', 'UTF8'),
    qr/^22021 \| line 1 .* \| The file appears to be in UTF-16\. Save it as CSV in UTF-8\./, $encoding);
}
write_bytes(encode('UTF-16', $head));
like(import_file('cdr', 'LATIN1'), qr/^22021 .* \| The file appears to be in UTF-16/, 'UTF-16 taken for LATIN1');
is($node->safe_psql('cdr', 'SELECT (SELECT count(*) FROM conferencecall2),
  (SELECT count(*) FROM cdr_import), (SELECT count(*) FROM cdr_import_reject)'), '0|0|0',
  'what failed has written nothing');

# A database in LATIN1: its files are UTF-8, with a mark that LATIN1 lacks, or its own.
portal_file($file, [ 1 ], name => sub { "Zo\xc3\xab" });
write_bytes("\xef\xbb\xbf" . slurp_file($file));
is(import_file('latin', 'UTF8'), '0|0|1|0', 'UTF-8 with a mark into LATIN1');
is(names('latin'), hex_of("Zo\x{eb}"), 'the name');
portal_file($file, [ 1 ], name => sub { "Zo\xeb" });
is(import_file('latin', 'LATIN1'), '0|0|1|0', 'LATIN1 into LATIN1');
is(names('latin'), hex_of("Zo\x{eb}"), 'the name');
portal_file($file, [ 1 .. 4000 ], name => sub { $_[0] == 3998 ? $video : 'Zoe' });
is(import_file('latin', 'UTF8'), '22P05 | line 3999 of file "FILE" contains a character that does not '
    . 'exist in database encoding LATIN1 | Only a database with encoding UTF8 can store every character.',
  'a character that LATIN1 lacks');
is($node->safe_psql('latin', 'SELECT count(*) FROM cdr_import'), 0, 'and nothing is written');
is(import_file('latin', 'SJIS') =~ /^42883/, 1, 'encodings without a conversion');

done_testing();

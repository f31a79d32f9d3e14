# The examples in the README and in docs/, run as they are written there, with the output that the pages
# show; and the links between the pages.
#
# A page's ```sql and ```sh blocks run in their order in one psql session. A block without a language
# is the output of the one before it, when nothing but blank lines stands between them; a block without such
# output has to run without an error. "<!-- not run: REASON -->" on the line before a block leaves it out.
# With DOCUMENT=1 in the environment, the outputs are written into the pages instead of being compared.
use strict;
use warnings;

use Cwd qw(abs_path getcwd);
use FindBin;
use lib "$FindBin::Bin/lib";

use CdrTest;
use PostgreSQL::Test::Utils;
use Test::More;

my $top = abs_path("$FindBin::Bin/../..");
my $sample_is_in = <<'SQL';
CREATE EXTENSION vidyo_cdr;
SET client_min_messages = 'error';
\set csv `cat sample/portal.csv`
SELECT import_cdr(:'csv', 'America/New_York');
RESET client_min_messages;
SQL
# The pages whose examples run, with what a reader has done before.
my %preparation = (
  'README.md' => '',
  'docs/backup.md' => "$sample_is_in\\! createdb restored\n",
  'docs/security.md' => "$sample_is_in DROP POLICY cdr_tenants ON ConferenceCall2;\n",
  map({ ("docs/$_.md" => $sample_is_in) } qw(exporting importing mysql reference reporting retention)));

# The pages whose examples other tests run.
my %elsewhere = (
  'docs/drivers.md' => 'test/drivers/run',
  'docs/live-feed.md' => 'test/more/031_live_feed_doc.pl');

# The blocks of a page that can be run: language, text, the output shown, the line, and the reason not to run.
sub blocks_of {
  my ($page) = @_;
  my @blocks;
  my $gap = '';
  my @parts = split /^( *)```(\w*)\n(.*?)^ *```\n/ms, slurp_file("$top/$page");
  my $line = 1;
  while (@parts) {
    my ($prose, $indent, $language, $text) = splice @parts, 0, 4;
    $line += $prose =~ tr/\n//;
    last if !defined $text;
    my ($reason) = $prose =~ /<!-- not run: (.*?) -->\n\z/;
    if ($language eq 'sql' || $language eq 'sh') {
      $text =~ s/^$indent//mg;
      push @blocks, { language => $language, text => $text, line => $line, reason => $reason };
    }
    elsif ($language eq '' && @blocks && $prose !~ /\S/) {
      $blocks[-1]{output} = $text;
    }
    $line += 2 + ($text =~ tr/\n//);
  }
  return @blocks;
}

# What is the same in every run: no place in the script, and no blanks at the ends of lines. Command tags
# that say nothing but the command are left out.
sub normalized {
  my ($output) = @_;
  $output =~ s/^(?:SET|RESET|LOAD|INSERT 0 1|(?:CREATE|ALTER|DROP|GRANT)(?: [A-Z]+)*)\n//mg;
  $output =~ s/^psql:<stdin>:\d+: //mg;
  $output =~ s/[ \t]+$//mg;
  return $output =~ s/\n+\z/\n/r =~ s/^\n+\z//r;
}

my $node = new_server('documentation');
my $folder = PostgreSQL::Test::Utils::tempdir;
mkdir "$folder/var_tmp" or die "could not make a folder: $!";
symlink "$top/sample", "$folder/sample" or die "could not link: $!";
for my $file (qw(cdr.csv portal.csv)) {
  append_to_file("$folder/var_tmp/$file", slurp_file("$top/sample/portal.csv"));
}
$ENV{PGHOST} = $node->host;
$ENV{PGPORT} = $node->port;
$ENV{PGDATABASE} = 'portal';

# The script of a page, in which a line of its own begins each block's output.
sub script_of {
  my ($page, @blocks) = @_;
  my $script = $preparation{$page} . "SET timezone = 'UTC';\n";
  for my $block (@blocks) {
    my $text = $block->{text} =~ s{/var/tmp/}{$folder/var_tmp/}gr;
    $script .= "\\! echo '== block at line $block->{line}'\n";
    if ($block->{language} eq 'sh') {
      my $file = "$folder/block.$block->{line}.sh";
      append_to_file($file, $text);
      $text = "\\! sh -e $file 2>&1 || echo 'ERROR:  the command failed'\n";
    }
    $script .= $text;
  }
  return $script;
}

# Writes the output of a block into its page.
sub document {
  my ($page, $block, $output) = @_;
  my $text = slurp_file("$top/$page");
  $text =~ s/(^\Q$block->{text}\E```\n\n```\n).*?(?=^```$)/$1$output/ms
    or die "$page has no output for the block at line $block->{line}";
  open my $file, '>:raw', "$top/$page" or die "could not write $page: $!";
  print $file $text;
  close $file or die "could not write $page: $!";
}

# Runs the examples of a page in a new database.
sub run_page {
  my ($page) = @_;
  my @blocks = blocks_of($page);
  for my $skipped (grep { defined $_->{reason} } @blocks) {
    note "$page, line $skipped->{line}, is not run: $skipped->{reason}";
  }
  my @run = grep { !defined $_->{reason} } @blocks;
  cmp_ok(scalar @run, '>', 0, "$page has examples");
  $node->safe_psql('postgres', "DROP DATABASE IF EXISTS $_") for qw(portal restored);
  $node->safe_psql('postgres', join '', map { "DROP ROLE $_;" } split /\n/, $node->safe_psql('postgres',
    q{SELECT quote_ident(rolname) FROM pg_roles WHERE rolname !~ '^pg_' AND rolname <> current_user}));
  $node->safe_psql('postgres', 'CREATE DATABASE portal');
  append_to_file("$folder/page.sql", script_of($page, @run));
  my $output = qx(cd "$folder" && psql -X <page.sql 2>&1);
  unlink "$folder/page.sql";
  my (undef, %of_line) = split /^== block at line (\d+)\n/m, $output, -1;
  for my $block (@run) {
    my $got = normalized($of_line{ $block->{line} } // "ERROR:  the block did not run\n");
    my $name = "$page, line $block->{line}";
    if (defined $block->{output} && $ENV{DOCUMENT}) {
      document($page, $block, $got);
    }
    elsif (defined $block->{output}) {
      is($got, normalized($block->{output}), "$name: the output shown");
    }
    else {
      unlike($got, qr/ERROR: |FATAL: |^\\|invalid/m, "$name: runs");
    }
  }
}

# The anchors of a page's headings, as the usual renderers make them.
sub anchors_of {
  my ($page) = @_;
  my $text = slurp_file($page) =~ s/^ *```.*?^ *```$//msgr;
  return map { lc($_) =~ s/[^\w\- ]//gr =~ tr/ /-/r } $text =~ /^#+ (.*)$/mg;
}

# Each link of a page to a place in the project leads there.
sub check_links {
  my ($page) = @_;
  my $text = slurp_file("$top/$page") =~ s/^ *```.*?^ *```$//msgr;
  my $here = "$top/" . ($page =~ m{^(.*/)} ? $1 : '');
  my @dead;
  for my $link ($text =~ /\]\(([^)\s]+)\)/g) {
    next if $link =~ /^https?:/;
    my ($path, $anchor) = $link =~ /^([^#]*)#?(.*)$/;
    my $target = $path eq '' ? "$top/$page" : "$here$path";
    push @dead, $link
      if !-e $target || $anchor ne '' && !grep { $_ eq $anchor } anchors_of($target);
  }
  is_deeply(\@dead, [], "$page: its links lead somewhere");
}

my @pages = ('README.md', map { s{^\Q$top\E/}{}r } glob "$top/docs/*.md");
for my $page (@pages) {
  check_links($page);
  if (defined $preparation{$page}) {
    run_page($page);
  }
  elsif (defined $elsewhere{$page}) {
    ok(-e "$top/$elsewhere{$page}", "$page: $elsewhere{$page} runs its examples");
  }
  else {
    is_deeply([ map { $_->{line} } grep { !defined $_->{reason} } blocks_of($page) ], [],
      "$page: no example that nothing runs");
  }
}
is_deeply([ grep { my $page = $_; !grep { $_ eq $page } @pages } keys %preparation, keys %elsewhere ], [],
  'no page has gone');
cmp_ok(scalar(my @lines = split /\n/, slurp_file("$top/README.md")), '<=', 350, 'the README stays short');

done_testing();

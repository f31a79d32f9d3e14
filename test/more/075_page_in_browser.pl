# The page of usage figures in Chromium: it tells the console nothing and asks for nothing, does not scroll
# sideways, and shows the charts that fit. Pictures of it are left in build/ for people to look at. With AXE_CORE,
# a path of axe-core's script, it has to be accessible, too: `make page-check` runs that.
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../t/lib";

use Browser;
use CdrTest;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

if (system('command -v chromium > /dev/null') != 0) {
  fail('chromium is there: on Debian it comes with package chromium');
  done_testing();
  exit;
}
my $output = $ENV{SANDBOX_OUTPUT} // "$PostgreSQL::Test::Utils::tmp_check/page";
mkdir $output;

sub write_file {
  my ($name, $bytes) = @_;
  open my $file, '>:raw', "$output/$name" or die "could not write $output/$name: $!";
  print $file $bytes;
  close $file or die "could not write $output/$name: $!";
  return "$output/$name";
}

my $node = new_server('browser');
create_database($node, 'cdr');
system_or_bail('psql', '-XqAt', '-d', $node->connstr('cdr'), '-v', 'records=40000', '-v', 'year=2026',
  '-f', "$FindBin::Bin/../data/records.sql");
my %page = (
  month => q{'2026-03-01', '2026-04-01'},
  day => q{'2026-03-03', '2026-03-04'},
  second => q{'2026-03-03 10:00:00', '2026-03-03 10:00:01'},
  years => q{'2022-01-01', '2027-01-01'},
  empty => q{'2020-01-01', '2020-02-01'});
my %path = map { $_ => write_file("usage-page-$_.html",
  $node->safe_psql('cdr', "SET TimeZone = 'America/New_York'; SELECT cdr_usage_page($page{$_})") . "\n") } keys %page;

my $browser = Browser->new;
my @complaints = $browser->load(write_file('complaining.html',
  slurp_file($path{empty}) =~ s{<main>}{<main><script>alert(1)</script><img src="x.png"><p onclick="x">}r));
cmp_ok(scalar @complaints, '>=', 2, 'the console would tell of scripts and images') or diag @complaints;
unlink "$output/complaining.html";

for my $name (sort keys %page) {
  is_deeply([ $browser->load($path{$name}) ], [], "$name: no message on the console, no request");
  for my $width (360, 768, 1600) {
    for my $scheme ('light', 'dark') {
      $browser->show_as($width, $scheme);
      is($browser->evaluate('document.documentElement.scrollWidth'), $width, "$name, $width px, $scheme: nothing beside the window")
        if $scheme eq 'light';
      is($browser->evaluate(q{[...document.querySelectorAll('section')].filter(s => s.querySelector('svg')
          && [...s.querySelectorAll('svg')].filter(v => v.getBoundingClientRect().width > 0).length != 1).length}), 0,
        "$name, $width px, $scheme: each chart once") if $scheme eq 'light';
      # What a chart writes is within it, and no smaller than can be read.
      is($browser->evaluate(q{[...document.querySelectorAll('svg text')].filter(t => {
          const box = t.getBoundingClientRect(), chart = t.ownerSVGElement.getBoundingClientRect();
          return box.width > 0 && (box.left < chart.left - 1 || box.right > chart.right + 1 || box.height < 9) }).map(t => t.textContent).join('|')}), '',
        "$name, $width px, $scheme: texts of charts are readable and whole") if $scheme eq 'light';
      write_file("usage-page-$width-$scheme.png", $browser->screenshot) if $name eq 'month';
    }
  }
  if ($ENV{AXE_CORE}) {
    $browser->evaluate(slurp_file($ENV{AXE_CORE}) . '; 0');
    for my $scheme ('light', 'dark') {
      $browser->show_as(1600, $scheme);
      is($browser->evaluate(q{(document.querySelectorAll('details').forEach(d => d.open = true),
        axe.run().then(r => JSON.stringify(r.violations.map(v => [v.id, v.nodes.map(n => n.html.slice(0, 200) + n.failureSummary).slice(0, 3)]))))}), '[]',
        "$name, $scheme: axe-core finds nothing");
    }
  }
}
isnt(slurp_file("$output/usage-page-1600-light.png"), slurp_file("$output/usage-page-1600-dark.png"), 'dark is another picture');
$browser->load($path{month});
my $pdf = $browser->pdf;
write_file('usage-page.pdf', $pdf);
like($pdf, qr/^%PDF-/, 'the page can be printed');
cmp_ok(scalar(() = $pdf =~ m{/Type\s*/Page\b}g), '<=', 5, 'on a few sheets');
$browser->quit;

done_testing();

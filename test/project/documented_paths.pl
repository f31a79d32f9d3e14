#!/usr/bin/env perl
# Holds docs/development.md to the tree: each file, unit and folder that it names is there, seen from the top
# or from src/, where a unit is named without its extension.
use strict;
use warnings;

use Test::More;

open(my $page, '<', 'docs/development.md') or die "could not open the page: $!";
my %paths = map { $_ => 1 } do { local $/; <$page> } =~ m{`(\w[\w./-]*/[\w./-]*)`}g;
for my $path (sort keys %paths) {
  my @units = glob "src/$path.?pp";
  ok(-e $path || -e "src/$path" || @units, "$path is there");
}

done_testing();

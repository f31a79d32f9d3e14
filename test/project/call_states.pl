#!/usr/bin/env perl
# Holds the SQL objects to the library's list of the states in which calls end. An index and a view
# cannot ask the library, so they have the list as literals.
use strict;
use warnings;

use Test::More;

sub slurp {
  my ($name) = @_;
  open(my $file, '<', $name) or die "could not open $name: $!";
  return do { local $/; <$file> };
}

# The texts between quotation marks, in byte order.
sub texts {
  my ($list, $quote) = @_;
  return [ sort $list =~ /$quote([A-Z ]+)$quote/g ];
}

my ($in_library) = map { slurp($_) =~ /kEndedCallStates\[\] = \{(.*?)\}/s }
  grep { -e } glob('src/core/record_code.hpp src/core/*/record_code.hpp');
my $ended = texts($in_library, '"');
is(scalar @$ended, 5, 'the library has a list of ended states');
for my $file ('extension/install/20-conferencecall2.sql', 'extension/install/40-cdr_report.sql') {
  my @lists = slurp($file) =~ /CallState(?:::text)? NOT IN \((.*?)\)/sg;
  is(scalar @lists, 1, "$file has one list");
  is_deeply(texts($lists[0], "'"), $ended, "$file: the same states");
}

done_testing();

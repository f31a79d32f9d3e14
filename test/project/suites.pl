#!/usr/bin/env perl
# Holds test/suites.sh to its counting: what a script adds up from the scripts that it runs.
use strict;
use warnings;

use Test::More;

# What is counted of a script that prints these lines and ends with this exit code.
sub counted {
  my ($exit_code, @lines) = @_;
  my $script = join('; ', map { "echo '$_'" } @lines) . "; exit $exit_code";
  local $ENV{SCRIPT} = $script;
  my $total = qx(bash -c 'set -euo pipefail; . test/suites.sh; part bash -c "\$SCRIPT" >/dev/null; total ""');
  chomp $total;
  return $total;
}

is(counted(0, '3 passed, 0 failed'), '3 passed, 0 failed', 'a total is taken over');
is(counted(0, 'a part: 2 passed, 0 failed', 'all: 5 passed, 0 failed'), '5 passed, 0 failed', 'the last one');
is(counted(0, '3 passed, 0 failed', 'The result is in build/.'), '3 passed, 0 failed', '... with more below it');
is(counted(1, '3 passed, 2 failed', 'and why'), '3 passed, 2 failed', 'failures are taken over');
is(counted(1, '3 passed, 0 failed'), '3 passed, 1 failed', 'an exit code that the total does not explain counts');
is(counted(0, 'nothing'), '0 passed, 1 failed', 'a script without a total has failed');
is(counted(0, 'a suite   4 passed, 0 failed in 3 s'), '0 passed, 1 failed', 'the line of a suite is none');

done_testing();

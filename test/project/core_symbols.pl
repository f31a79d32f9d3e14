#!/usr/bin/env perl
# src/core is noexcept, so what it throws would end the server: its objects may call nothing that throws.
use strict;
use warnings;

use Test::More;

my @objects = grep { -e } glob('src/core/*.o src/core/*/*.o');
plan skip_all => 'src/core has not been built' if !@objects && !$ENV{PG_CONFIG};
cmp_ok(scalar @objects, '>', 5, 'src/core has been built');
my @throwing = grep { /__cxa_(allocate|throw|rethrow)|std::__throw|operator (new|delete)/ }
  `nm --demangle --undefined-only @objects`;
is($?, 0, 'its objects can be read');
is_deeply(\@throwing, [], 'nothing in src/core throws or allocates');

done_testing();

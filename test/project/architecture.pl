#!/usr/bin/env perl
# Holds the rooms of src/ to their order: what a file includes is in its own room or in one below it,
# and no files include each other in a circle.
use strict;
use warnings;

use File::Find;
use Test::More;

# The rooms from the ground up, each with those that it stands on. It may include these, and what
# they stand on. docs/development.md tells what each room is for.
my @rooms = (
  [ 'core' ],
  [ 'base', 'core' ],
  [ 'access', 'base' ],
  [ 'writing', 'base' ],
  [ 'records', 'access' ],
  [ 'grants', 'records' ],
  [ 'cluster', 'grants' ],
  [ 'export', 'records', 'writing' ],
  [ 'usage', 'records' ],
  [ 'report', 'usage' ],
  [ 'copy', 'export' ],
  [ 'import', 'writing' ],
  [ 'feed', 'import' ],
  [ 'retention', 'usage', 'import' ],
  [ 'module.cpp', 'cluster', 'copy', 'feed', 'report', 'retention' ],
  [ 'client' ],
);

# The room of a file in src/.
sub room_of {
  my ($file) = @_;
  return $file =~ s{/.*}{}r;
}

# Files and what they include of the project, by their paths below src/.
sub read_includes {
  my %includes;
  find({ no_chdir => 1, wanted => sub {
    return if !/\.[ch]pp$/;
    my $file = $_ =~ s{^src/}{}r;
    open(my $source, '<', $_) or die "could not open $file: $!";
    $includes{$file} = [ grep { -e "src/$_" } map { /^#include "([^"]+)"/ ? $1 : () } <$source> ];
  } }, 'src');
  return %includes;
}

# For each room those that it may include, itself among them.
sub allowed_rooms {
  my %allowed;
  for (@rooms) {
    my ($room, @below) = @$_;
    $allowed{$room} = { $room => 1, map { %{ $allowed{$_} // die "room $_ is not below $room" } } @below };
  }
  return %allowed;
}

# A circle among the files that can be reached from one, or nothing.
sub find_circle {
  my ($includes, $seen, @path) = @_;
  my $file = $path[-1];
  for my $next (@{ $includes->{$file} }) {
    my ($first) = grep { $path[$_] eq $next } 0 .. $#path;
    return join(' -> ', @path[ $first .. $#path ], $next) if defined $first;
    next if $seen->{$next}++;
    my $circle = find_circle($includes, $seen, @path, $next);
    return $circle if $circle;
  }
  return;
}

my %allowed = allowed_rooms();
my %includes = read_includes();
cmp_ok(scalar keys %includes, '>', 50, 'the sources are found');
my @strangers = grep { !$allowed{ room_of($_) } } sort keys %includes;
is_deeply(\@strangers, [], 'every file is in a room');
my @upwards;
for my $file (sort keys %includes) {
  push @upwards, map { "$file includes $_" }
    grep { !$allowed{ room_of($file) }{ room_of($_) } } @{ $includes{$file} };
}
is_deeply(\@upwards, [], 'includes go down only');
my @circles = grep { defined } map { find_circle(\%includes, {}, $_) } sort keys %includes;
is_deeply(\@circles, [], 'no files include each other in a circle');

done_testing();

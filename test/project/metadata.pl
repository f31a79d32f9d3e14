#!/usr/bin/env perl
# Holds META.json to what PGXN's specification demands, and to the files that it and the packages name.
use strict;
use warnings;

use JSON::PP;
use Test::More;

sub slurp {
  my ($name) = @_;
  open(my $file, '<', $name) or die "could not open $name: $!";
  return do { local $/; <$file> };
}

my $meta = decode_json(slurp('META.json'));
my $version = qr/(?:0|[1-9]\d*)/;
for my $key (qw(name abstract maintainer license)) {
  ok(length($meta->{$key} // ''), "$key is given");
}
like($meta->{version}, qr/^$version\.$version\.$version$/, 'version is a semantic version');
is_deeply($meta->{'meta-spec'},
  { version => '1.0.0', url => 'https://pgxn.org/meta/spec.txt' }, 'the specification is named');
like($meta->{release_status}, qr/^(stable|testing|unstable)$/, 'release_status is known');
for my $phase (values %{ $meta->{prereqs} }) {
  for my $required (map { %$_ } values %$phase) {
    like($required, qr/^(PostgreSQL|$version\.$version\.$version)$/, "requires $required");
  }
}
my $provided = $meta->{provides}{vidyo_cdr};
is($provided->{version}, $meta->{version}, 'it provides the extension in the same version');
ok(-e $provided->{$_}, "$_ $provided->{$_} is there") for qw(file docfile);

my ($control) = slurp('extension/vidyo_cdr.control') =~ /^default_version = '(.*)'$/m;
is("$control.0", $meta->{version}, 'the control file has the same version');
my ($debian) = slurp('debian/changelog') =~ /^vidyo-cdr \((.*)-\d+\)/;
is($debian, $meta->{version}, 'and so has the Debian package');

done_testing();

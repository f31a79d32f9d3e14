#!/usr/bin/env perl
# Holds the headings of docs/errors.md to the messages of the library and the build: whoever looks for a
# message by its words finds it.
use strict;
use warnings;

use File::Find;
use Test::More;

# Messages of PostgreSQL and psql that the page explains as well.
my @others = (
  'column "callid" does not exist',
  'psql: invalid multibyte character',
  'could not serialize access due to concurrent update',
  'value for domain cdr_call_state violates check constraint "callstate_code_known"',
  'permission denied for table conferencecall2',
  'update or delete on table "conferencecall2" violates foreign key constraint',
  'permission denied to set parameter "vidyo_cdr.log_exports"',
  'query would be affected by row-level security policy for table "conferencecall2"',
  'COPY failed for table "cdr_role_access": ERROR: role ... does not exist',
  'could not access file "vidyo_cdr"');

sub slurp {
  my ($name) = @_;
  open(my $file, '<', $name) or die "could not open $name: $!";
  return do { local $/; <$file> };
}

my $source = slurp('Makefile') =~ s/\$\(PG_CONFIG\)/pg_config/gr;
find({ no_chdir => 1, wanted => sub { $source .= slurp($_) if /\.[ch]pp$/ } }, 'src');
$source =~ s/"\s*\n\s*"//g;    # a message over several lines
$source =~ s/\\"/"/g;
$source =~ s/%(?:\d+\$)?l*[dsu]/.../g;

my @headings = slurp('docs/errors.md') =~ /^#### (?:(?:ERROR|NOTICE|FATAL): )?(.+)$/mg;
cmp_ok(scalar @headings, '>', 20, 'the page has headings');
for my $heading (@headings) {
  next if grep { $_ eq $heading } @others;
  for my $message (split /, (?=the |unknown )/, $heading) {
    my $words = $message =~ s/ (?:65,000|UTF8)\b/ .../gr;
    my @missing = grep { /\w/ && index($source, $_) < 0 } split /\s*"?\.\.\."?\s*/, $words;
    is_deeply(\@missing, [], $message);
  }
}

done_testing();

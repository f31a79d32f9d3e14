# What the tests of sync_cdr need: a portal with a database that is fed from it, a sync with what it
# tells, and the comparison of both tables, value for value.
package Feed;

use strict;
use warnings;

use CdrTest;
use Digest::MD5 qw(md5_hex);
use Exporter 'import';
use Portal;
use Test::More;

our @EXPORT = qw($calls $zone new_feed sync_statement sync_ok same_as_portal);

our $calls = 'portal.conferencecall2';
our $zone = 'America/New_York';

# Returns a server whose database cdr has the portal's table as foreign table, and the portal, with
# as many calls.
sub new_feed {
  my ($name, $count, $configuration) = @_;
  my $node = new_server($name, "statement_timeout = '30min'\n" . ($configuration // ''));
  create_database($node, 'cdr');
  my $portal = Portal->new;
  $portal->insert_calls(1, $count) if $count > 0;
  $portal->attach($node, 'cdr');
  return ($node, $portal);
}

sub sync_statement {
  my ($batch_size, $source) = @_;
  return sprintf "CALL sync_cdr('%s', '%s', %d);", $source // $calls, $zone, $batch_size // 10_000;
}

# Runs a sync, which must succeed, and returns what it told.
sub sync_ok {
  my ($node, $title, $batch_size, $source) = @_;
  my ($code, $out, $err) = $node->psql('cdr', sync_statement($batch_size, $source));
  is($code, 0, $title) or diag($err);
  $err =~ s/^psql:<stdin>:\d+: //mg;
  return $err;
}

# Checks that the table has the portal's calls, and nothing else. A condition can leave some out.
sub same_as_portal {
  my ($node, $portal, $title, $condition) = @_;
  my $where = $condition ? "WHERE $condition" : '';
  my @names = $portal->columns;
  my $there = $portal->sql('SELECT ' . join(', ', @names) . " FROM ConferenceCall2 $where ORDER BY CallID");
  # The portal has '' where there is no address, and the wall clock's time.
  my @columns = map {
    /Time$/ ? "to_char($_ AT TIME ZONE '$zone', 'YYYY-MM-DD HH24:MI:SS')"
      : /Address/ ? "coalesce(host($_), '')" : $_
  } @names;
  my $here = $node->safe_psql('cdr', 'COPY (SELECT ' . join(', ', @columns)
      . " FROM conferencecall2 $where ORDER BY callid) TO STDOUT (NULL 'NULL')");
  is(md5_hex($here), md5_hex($there), $title) or tell_difference($here, $there);
}

sub tell_difference {
  my ($here, $there) = map { [ split /\n/ ] } @_;
  diag(@$here . ' calls here, ' . @$there . ' at the portal');
  for my $line (0 .. $#$there) {
    if (($here->[$line] // '') ne $there->[$line]) {
      diag('here:  ' . ($here->[$line] // 'none') . "\nthere: $there->[$line]");
      last;
    }
  }
}

1;

# Runs a COPY with the extension's CSV writer and with PostgreSQL's, in one session, and tells which
# of the two wrote: otherwise both ways could be PostgreSQL's and would agree for that reason.
package CopyBothWays;

use strict;
use warnings;

use Exporter 'import';
use Test::More;

our @EXPORT = qw(watch_writer both_ways same_both_ways);

my $mark = '<<<<~~~~>>>>';

# Makes the role exporter, for whom every 11th record that is read looks for the writer's memory
# and leaves in probe.writer whether it is there.
sub watch_writer {
  my ($node, $database) = @_;
  $node->safe_psql($database, <<'SQL');
CREATE ROLE exporter LOGIN
  IN ROLE pg_read_all_stats, pg_write_server_files, pg_read_server_files;
GRANT SELECT, UPDATE ON conferencecall2 TO exporter;
CREATE FUNCTION look_for_writer() RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('probe.writer', CASE WHEN EXISTS (
    SELECT FROM pg_backend_memory_contexts WHERE name = 'vidyo_cdr record')
    THEN 'fast' ELSE 'PostgreSQL' END, false);
  RETURN true;
END $$;
CREATE POLICY watched ON conferencecall2 TO exporter USING (callid % 11 <> 1 OR look_for_writer());
ALTER TABLE conferencecall2 ENABLE ROW LEVEL SECURITY;
SQL
}

# Runs cases, each a hash with sql and maybe settings, before and after (SQL around it), in one
# session of a role. Returns for each case a pair, with the writer on and off, of hashes with what
# the client received, its messages, the SQLSTATE and who wrote.
sub both_ways {
  my ($node, $database, $cases, %options) = @_;
  my $script = "\\set SHOW_CONTEXT always\n\\set VERBOSITY verbose\n";
  for my $case (@$cases) {
    for my $way (qw(on off)) {
      $script .= join "\n", 'RESET ALL;', $case->{before} // '', $case->{settings} // '',
        "SET probe.writer = 'nobody'; SET vidyo_cdr.fast_copy = $way;",
        "\\echo $mark", "\\warn $mark", "$case->{sql}\n;",
        "\\echo $mark", "\\warn $mark",
        'SHOW probe.writer;', 'ROLLBACK;', $case->{after} // '', '';
    }
  }
  my ($code, $out, $err) = $node->psql(
    $database, $script,
    on_error_stop => 0,
    connstr => $node->connstr($database) . ' user=' . ($options{user} // 'exporter'));
  $err =~ s/^psql:<stdin>:\d+: //mg;
  $err =~ s/^LOCATION: .*\n//mg;
  my @out = split /^\Q$mark\E/m, $out;
  my @err = split /^\Q$mark\E\n?/m, $err;
  shift @out;
  shift @err;
  my @pairs;
  for my $case (@$cases) {
    my %pair;
    for my $way (qw(on off)) {
      my ($received, $end) = splice @out, 0, 2;
      my ($messages) = splice @err, 0, 2;
      my ($writer) = ($end // '') =~ /^(\w+)$/m;
      my $sqlstate = !defined $end ? 'none: the session ended'
        : $messages =~ /^(?:ERROR|FATAL):  (\w{5}):/m ? $1 : '00000';
      $pair{$way} = {
        received => $received // 'nothing at all', messages => $messages, sqlstate => $sqlstate,
        writer => $writer // '' };
    }
    push @pairs, \%pair;
  }
  return @pairs;
}

# Where two texts begin to differ.
sub first_difference {
  my ($one, $other) = @_;
  my $same = 0;
  if (($one ^ $other) =~ /^(\0*)/) {
    $same = length $1;
  }
  my $from = $same > 40 ? $same - 40 : 0;
  return "from byte $same on:\n" . join "\n", map { substr $_, $from, 120 } $one, $other;
}

# Checks that a pair agrees in everything, and was written by the writers that it should be: `fast`,
# `PostgreSQL` (the writer leaves the statement to it) or `any`.
sub same_both_ways {
  my ($pair, $writer, $title) = @_;
  my ($on, $off) = @$pair{qw(on off)};
  my @problems;
  for my $part (qw(sqlstate messages received)) {
    if (($on->{$part} // '') ne ($off->{$part} // '')) {
      push @problems, "$part differs " . first_difference($on->{$part} // '', $off->{$part} // '');
    }
  }
  if ($on->{sqlstate} =~ /none/) {
    push @problems, 'the session ended';
  }
  if ($writer ne 'any' && "$on->{writer} $off->{writer}" ne "$writer PostgreSQL") {
    push @problems, "written by $on->{writer} and $off->{writer}";
  }
  ok(!@problems, $title) or diag(join "\n", @problems);
  return !@problems;
}

1;

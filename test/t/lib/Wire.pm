# A client that sees each message of the server by itself, so that a test can tell what had gone out
# before an error: the types of the messages, and the bytes of COPY.
package Wire;

use strict;
use warnings;

use IO::Socket::UNIX;

# Connects to a database as a user, with further startup parameters.
sub new {
  my ($class, $node, $database, $user, %parameters) = @_;
  my $path = $node->host . '/.s.PGSQL.' . $node->port;
  my $socket = IO::Socket::UNIX->new(Peer => $path) or die "cannot connect to $path: $!";
  my $self = bless { socket => $socket }, $class;
  my %startup = (user => $user, database => $database, client_encoding => 'UTF8', %parameters);
  my $body = pack('N', 196_608) . join('', map { "$_\0$startup{$_}\0" } sort keys %startup) . "\0";
  $socket->syswrite(pack('N', 4 + length $body) . $body);
  my $begun = $self->_answer;
  die "no session: $begun->{message}" if $begun->{types} =~ /E/;
  return $self;
}

# Runs SQL by the simple protocol.
sub simple {
  my ($self, $sql) = @_;
  return $self->_ask(Q => "$sql\0");
}

# Runs a statement by the extended protocol, without parameters.
sub extended {
  my ($self, $sql) = @_;
  return $self->_ask(P => "\0$sql\0" . pack('n', 0), B => "\0\0" . pack('nnn', 0, 0, 0),
    D => "P\0", E => "\0" . pack('N', 0), S => '');
}

sub _ask {
  my ($self, @messages) = @_;
  my $bytes = '';
  while (my ($type, $body) = splice @messages, 0, 2) {
    $bytes .= $type . pack('N', 4 + length $body) . $body;
  }
  $self->{socket}->syswrite($bytes);
  return $self->_answer;
}

# What comes until the server is ready: the messages' types in order, with repeated ones once; COPY's
# bytes; the rows of queries, their values joined by '|'; the first error's SQLSTATE and message.
sub _answer {
  my ($self) = @_;
  my %answer = (types => '', copy => '', rows => [], sqlstate => '00000', message => '');
  while (1) {
    my ($type, $length) = unpack 'aN', $self->_read(5);
    my $body = $self->_read($length - 4);
    $answer{types} .= $type if $answer{types} !~ /\Q$type\E$/;
    $answer{copy} .= $body if $type eq 'd';
    push @{ $answer{rows} }, join '|', unpack 'x2(N/a)*', $body if $type eq 'D';
    if ($type eq 'E' && $answer{sqlstate} eq '00000') {
      my %field = map { substr($_, 0, 1) => substr($_, 1) } split /\0/, $body;
      @answer{qw(sqlstate message)} = @field{qw(C M)};
    }
    return \%answer if $type eq 'Z';
  }
}

sub _read {
  my ($self, $size) = @_;
  my $bytes = '';
  while (length $bytes < $size) {
    $self->{socket}->sysread($bytes, $size - length $bytes, length $bytes)
      or die 'the server has closed the connection';
  }
  return $bytes;
}

1;

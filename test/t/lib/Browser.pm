# Chromium without a window, driven by the DevTools protocol over two pipes: what a page looks like, what
# it tells the console, and what it asks for.
package Browser;

use strict;
use warnings;

use Fcntl qw(F_SETFD);
use JSON::PP;
use MIME::Base64;
use POSIX ();
use PostgreSQL::Test::Utils;

# Starts the browser with a profile of its own.
sub new {
  my ($class) = @_;
  my $profile = PostgreSQL::Test::Utils::tempdir();
  pipe(my $child_in, my $to) && pipe(my $from, my $child_out) or die "no pipes: $!";
  my $pid = fork // die "could not fork: $!";
  if ($pid == 0) {
    # 3 and 4 are what the browser reads from and writes to.
    my @copies = map { POSIX::dup(fileno $_) // die "could not dup: $!" } $child_in, $child_out;
    POSIX::dup2($copies[$_], 3 + $_) // die "could not dup: $!" for 0, 1;
    open STDERR, '>', "$profile/log" or die "could not write a log: $!";
    $ENV{HOME} = $profile;
    exec 'chromium', qw(--headless --no-sandbox --disable-gpu --disable-dev-shm-usage --hide-scrollbars
      --no-first-run --disable-background-networking --disable-component-update --remote-debugging-pipe),
      "--user-data-dir=$profile", 'about:blank';
    die "could not run chromium: $!";
  }
  close $_ for $child_in, $child_out;
  $to->autoflush(1);
  my $self = bless { pid => $pid, to => $to, from => $from, id => 0, events => [] }, $class;
  my $target = $self->call('Target.createTarget', { url => 'about:blank' })->{targetId};
  $self->{session} = $self->call('Target.attachToTarget', { targetId => $target, flatten => JSON::PP::true })->{sessionId};
  $self->call("$_.enable") for qw(Page Log Network Runtime);
  return $self;
}

# The next message of the browser.
sub receive {
  my ($self) = @_;
  local $/ = "\0";
  local $SIG{ALRM} = sub { die "the browser does not answer\n" };
  alarm $PostgreSQL::Test::Utils::timeout_default;
  my $message = readline $self->{from};
  alarm 0;
  chomp $message if defined $message;
  return decode_json($message // die "the browser has ended\n");
}

# Calls a method, and returns its result.
sub call {
  my ($self, $method, $params) = @_;
  my $id = ++$self->{id};
  my %message = (id => $id, method => $method, params => $params // {});
  $message{sessionId} = $self->{session} if $self->{session};
  print { $self->{to} } encode_json(\%message), "\0";
  while (1) {
    my $answer = $self->receive;
    if (($answer->{id} // 0) == $id) {
      die "$method: " . encode_json($answer->{error}) . "\n" if $answer->{error};
      return $answer->{result};
    }
    push @{ $self->{events} }, $answer if $answer->{method};
  }
}

# Loads a file; returns what it has told the console and what it has asked for, itself aside.
sub load {
  my ($self, $path) = @_;
  $self->{events} = [];
  $self->call('Page.navigate', { url => "file://$path" });
  while (!grep { $_->{method} eq 'Page.loadEventFired' } @{ $self->{events} }) {
    push @{ $self->{events} }, $self->receive;
  }
  $self->call('Runtime.evaluate', { expression => '1' });    # what belongs to the page has come by then
  return map { describe($_) } @{ $self->{events} };
}

sub describe {
  my ($event) = @_;
  my ($method, $params) = @$event{qw(method params)};
  return "log: $params->{entry}{text}" if $method eq 'Log.entryAdded';
  return "console: $params->{type}" if $method eq 'Runtime.consoleAPICalled';
  return "exception" if $method eq 'Runtime.exceptionThrown';
  return "request: $params->{request}{url}"
    if $method eq 'Network.requestWillBeSent' && $params->{type} ne 'Document';
  return;
}

# Sets the width of the window, and light or dark.
sub show_as {
  my ($self, $width, $scheme) = @_;
  $self->call('Emulation.setDeviceMetricsOverride',
    { width => $width, height => 900, deviceScaleFactor => 1, mobile => JSON::PP::false });
  $self->call('Emulation.setEmulatedMedia', { features => [ { name => 'prefers-color-scheme', value => $scheme } ] });
}

# The value of an expression of JavaScript, which the page's own rules do not keep from running.
sub evaluate {
  my ($self, $expression) = @_;
  my $result = $self->call('Runtime.evaluate',
    { expression => $expression, returnByValue => JSON::PP::true, awaitPromise => JSON::PP::true });
  die encode_json($result->{exceptionDetails}) . "\n" if $result->{exceptionDetails};
  return $result->{result}{value};
}

# The whole page as a picture, and as it is printed.
sub screenshot {
  my ($self) = @_;
  return decode_base64($self->call('Page.captureScreenshot', { captureBeyondViewport => JSON::PP::true,
    clip => { x => 0, y => 0, scale => 1, width => $self->evaluate('innerWidth'),
      height => $self->evaluate('document.documentElement.scrollHeight') } })->{data});
}

sub pdf {
  my ($self) = @_;
  return decode_base64($self->call('Page.printToPDF', { printBackground => JSON::PP::false,
    preferCSSPageSize => JSON::PP::true, paperWidth => 8.27, paperHeight => 11.69 })->{data});
}

sub quit {
  my ($self) = @_;
  delete $self->{session};
  eval { $self->call('Browser.close') };
  close $_ for @$self{qw(to from)};
  waitpid $self->{pid}, 0;
}

1;

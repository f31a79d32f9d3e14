# What several whole-server tests need: a server of their own, call detail records, and the parts of
# an error as a client sees them.
package CdrTest;

use strict;
use warnings;

# What is waited for longer than this will not come; a busy machine may need minutes for what takes
# a second elsewhere.
BEGIN { $ENV{$_} ||= 900 for qw(PG_TEST_TIMEOUT_DEFAULT PGCTLTIMEOUT) }

use Exporter 'import';
use Fcntl qw(:flock);
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;

our @EXPORT = qw(amount new_server create_database insert_records failure background_session
  kill_server_process export_header portal_file hold_at);

# A client's own settings must not reach the tests.
delete @ENV{qw(PGOPTIONS PGTZ PGDATESTYLE)};

# Returns how much a test works with: little, unless CDR_TEST_LONG asks for its long form, as test/rest does.
sub amount {
  my ($little, $much) = @_;
  return $ENV{CDR_TEST_LONG} ? $much : $little;
}

# Returns a running server with the given lines in its configuration. install_path is the folder of
# another PostgreSQL's bin and lib; what follows goes to init. Since several run side by side, each keeps
# little WAL.
sub new_server {
  my ($name, $configuration, %init) = @_;
  my $install_path = delete $init{install_path};
  my $node = PostgreSQL::Test::Cluster->new($name,
    defined $install_path ? (install_path => $install_path) : ());
  # Another installation's initdb makes other data.
  local *PostgreSQL::Test::Utils::system_or_bail = sub { system_with_initdb_once($node->data_dir, @_) }
    if !defined $install_path;
  $node->init(extra => [ '--encoding=UTF8', '--locale=C' ], %init);
  $node->append_conf('postgresql.conf', "timezone = 'UTC'\nmax_wal_size = 128MB\nfull_page_writes = off\n"
      . ($configuration // ''));
  $node->start;
  return $node;
}

# Runs a command as system_or_bail does, except that initdb does its work once for all tests that prove
# runs: that takes a second, and a copy of the data folder a tenth of one.
my $system_or_bail = \&PostgreSQL::Test::Utils::system_or_bail;
sub system_with_initdb_once {
  my ($data, $command, @arguments) = @_;
  return $system_or_bail->($command, @arguments) if $command ne 'initdb';
  my $template = "$PostgreSQL::Test::Utils::tmp_check/initdb";
  open my $lock, '>', "$template.lock" or die "cannot write $template.lock: $!";
  flock $lock, LOCK_EX or die "cannot lock $template.lock: $!";
  if (!-e $template) {
    $system_or_bail->($command, map { $_ eq $data ? "$template.part" : $_ } @arguments);
    rename "$template.part", $template or die "cannot rename $template.part: $!";
  }
  close $lock;
  $system_or_bail->('cp', '-RPp', $template, $data);
}

# Makes a database with the extension in it.
sub create_database {
  my ($node, $database) = @_;
  $node->safe_psql('postgres', "CREATE DATABASE $database");
  $node->safe_psql($database, 'CREATE EXTENSION vidyo_cdr');
}

# Inserts records i = 1 to $count, one in ten seconds. A column's expression over i can be given.
sub insert_records {
  my ($node, $database, $count, %expression) = @_;
  my %column = (
    uniquecallid => "(1000000000000000 + i / 4)::text",
    conferencename => "'room' || i % 100 || '\@example.com'",
    tenantname => "'tenant' || i % 3",
    conferencetype => "'C'",
    endpointtype => "'D'",
    callername => "'Caller, ' || i",
    jointime => "'2026-01-01Z'::timestamptz + i * interval '10 s'",
    callstate => "'IN PROGRESS'",
    direction => "'I'",
    %expression);
  my @names = sort keys %column;
  my $names = join(', ', @names);
  my $values = join(', ', @column{@names});
  $node->safe_psql($database,
    "INSERT INTO conferencecall2 ($names) SELECT $values FROM generate_series(1, $count) i");
}

# Runs SQL in a new session up to its first error and returns that error's parts, or an empty hash.
sub failure {
  my ($node, $database, $sql, %options) = @_;
  my ($code, $out, $err) = $node->psql(
    $database, $sql,
    extra_params => [ '-v', 'VERBOSITY=verbose' ],
    connstr => $node->connstr($database) . ($options{user} ? " user=$options{user}" : ''));
  my ($sqlstate, $message, $rest) = $err =~ /(?:ERROR|FATAL):  (\w{5}): ([^\n]*)(.*)/s
    or return {};
  my %error = (sqlstate => $sqlstate, message => $message);
  ($error{detail}) = $rest =~ /^DETAIL:  (.*)$/m;
  ($error{hint}) = $rest =~ /^HINT:  (.*)$/m;
  return \%error;
}

# Returns a session in the background, as background_psql does, except that its limit of time is one
# for each query: the other one is for the session's whole life, too short for a long test.
sub background_session {
  my ($node, $database, %options) = @_;
  my $session = $node->background_psql($database, %options);
  $session->set_query_timer_restart;
  return $session;
}

# Lets who changes the table by an event (INSERT, DELETE) wait at a call of that number, until the session ends
# that this returns: so that nobody comes to the end before what is to interrupt it.
sub hold_at {
  my ($node, $database, $event, $call_id) = @_;
  my $row = $event eq 'DELETE' ? 'OLD' : 'NEW';
  $node->safe_psql($database, qq{
    CREATE OR REPLACE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql AS
      'BEGIN PERFORM pg_advisory_xact_lock_shared(28); RETURN coalesce(NEW, OLD); END';
    CREATE OR REPLACE TRIGGER hold BEFORE $event ON conferencecall2 FOR EACH ROW
      WHEN ($row.callid = $call_id) EXECUTE FUNCTION hold()});
  my $session = background_session($node, $database);
  $session->query_safe('SELECT pg_advisory_lock(28)');
  return $session;
}

# Kills a server process, and waits until the server has noticed that and is back: for a moment after
# the end of the process it still lets clients in, and then throws them out.
sub kill_server_process {
  my ($node, $pid) = @_;
  my $log_begin = -s $node->logfile;
  kill 'KILL', $pid or die "could not kill $pid: $!";
  $node->wait_for_log(qr/all server processes terminated.*database system is ready to accept connections/s,
    $log_begin);
}

# The documented header of an export's file.
sub export_header {
  return join ',', qw(CallID UniqueCallID ConferenceName TenantName ConferenceType EndpointType
    CallerID CallerName JoinTime LeaveTime CallState Direction RouterID GwPrefix GwID
    ReferenceNumber ApplicationName ApplicationVersion DeviceModel EndpointPublicIPAddress
    AccessType RoomType RoomOwner ApplicationOS CallCompletionCode EndpointGUID Extension);
}

# Writes a file of the portal's form: records with the given CallIDs, one a second. Options give the
# caller's name for each CallID, the LeaveTime and the line end. Returns the file's path.
sub portal_file {
  my ($path, $call_ids, %options) = @_;
  my $name = $options{name} // sub { 'Caller' };
  my $leave = $options{leave} // '2026-04-01 00:00:00';
  my $line_end = $options{line_end} // "\n";
  open my $file, '>:raw', $path or die "could not write $path: $!";
  print $file 'CallID,UniqueCallID,ConferenceName,TenantName,ConferenceType,EndpointType,'
    . "CallerName,JoinTime,LeaveTime,CallState,Direction$line_end";
  for my $call_id (@$call_ids) {
    my $second = $call_id % 2_500_000;
    my $join = sprintf '2026-03-%02d %02d:%02d:%02d', 1 + $second / 86400, $second / 3600 % 24,
      $second / 60 % 60, $second % 60;
    print $file "$call_id,1234567890123456,room\@acme,Acme,C,D,", $name->($call_id),
      ",$join,$leave,COMPLETED,I$line_end";
  }
  close $file or die "could not write $path: $!";
  return $path;
}

1;

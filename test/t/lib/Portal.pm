# A portal to read from: a real MariaDB server with the portal's database, which lives as long as the
# test. It can go away, come back and hang, and tells what it was asked and which rows it read.
package Portal;

use strict;
use warnings;

use FindBin;
use IO::Socket::INET;
use IPC::Run;
use POSIX ();
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep);

my $table = "$FindBin::Bin/../data/portal_table.sql";
my @started;

# Starts a server on 127.0.0.1 with database portal2, its empty table ConferenceCall2 and the user
# cdraccess, who may only read. Arguments are further options of mariadbd.
sub new {
  my ($class, @options) = @_;
  local $ENV{PATH} = "$ENV{PATH}:/usr/sbin";
  for my $program (qw(mariadbd mariadb mariadb-install-db)) {
    system("command -v $program > /dev/null") == 0
      or BAIL_OUT("$program is missing: on Debian it comes with mariadb-server-core and mariadb-client-core");
  }
  my $folder = PostgreSQL::Test::Utils::tempdir('portal');
  my $self = bless {
    folder => $folder,
    socket => PostgreSQL::Test::Utils::tempdir_short() . '/socket',
    port => lasting_port(),
    options => \@options,
  }, $class;
  # A server that starts deletes the temporary tables that it finds, so none may share their folder.
  mkdir "$folder/tmp" or die "cannot make $folder/tmp: $!";
  my $install = "mariadb-install-db --no-defaults --datadir='$folder/data' --tmpdir='$folder/tmp' "
    . '--skip-test-db --auth-root-authentication-method=normal';
  system("$install > '$folder/install.log' 2>&1") == 0
    or die 'MariaDB cannot make its data: ' . slurp_file("$folder/install.log");
  push @started, $self;
  $self->start;
  $self->sql("CREATE DATABASE portal2; USE portal2; " . slurp_file($table)
      . "CREATE USER cdraccess IDENTIFIED BY 'secret'; GRANT SELECT ON portal2.* TO cdraccess;");
  return $self;
}

sub port { return $_[0]{port} }

# Returns a free port of those that the kernel gives to no outgoing connection, so that it stays free
# while the server is away.
sub lasting_port {
  my $range = '/proc/sys/net/ipv4/ip_local_port_range';
  my ($end) = -r $range ? slurp_file($range) =~ /^(\d+)/ : 32_768;
  for (1 .. 100) {
    my $port = 10_000 + int rand($end - 10_000);
    return $port if IO::Socket::INET->new(LocalAddr => '127.0.0.1', LocalPort => $port, Listen => 1,
      ReuseAddr => 1);
  }
  die "there is no free port from 10000 to $end";
}

# Starts the server, after stop() too, and waits until it answers.
sub start {
  my ($self) = @_;
  my $folder = $self->{folder};
  my @command = ('mariadbd', '--no-defaults', "--datadir=$folder/data", "--tmpdir=$folder/tmp",
    "--socket=$self->{socket}", '--bind-address=127.0.0.1', "--port=$self->{port}", '--skip-name-resolve',
    '--character-set-server=utf8mb4', '--innodb-buffer-pool-size=512M', '--innodb-log-file-size=256M',
    "--general-log-file=$folder/general.log",
    "--pid-file=$folder/pid", "--secure-file-priv=", @{ $self->{options} });
  $self->{pid} = fork // die "cannot fork: $!";
  if ($self->{pid} == 0) {
    open STDIN, '<', '/dev/null';
    open STDOUT, '>>', "$folder/server.log";
    open STDERR, '>&', \*STDOUT;
    $ENV{PATH} .= ':/usr/sbin';
    exec @command or POSIX::_exit(1);
  }
  for (1 .. 10 * $PostgreSQL::Test::Utils::timeout_default) {
    return if $self->client('SELECT 1')->{code} == 0;
    waitpid($self->{pid}, 1) == 0 or last;
    sleep 0.1;
  }
  die 'MariaDB does not start: ' . slurp_file("$folder/server.log");
}

# Stops the server: by default as for a restart, with 'KILL' as in a crash.
sub stop {
  my ($self, $signal) = @_;
  my $pid = delete $self->{pid} // return;
  local $?;
  kill $signal // 'TERM', $pid;
  kill 'CONT', $pid;
  waitpid $pid, 0;
}

# Lets the server hang with its connections open, from the return on, and go on.
sub freeze {
  my ($self) = @_;
  local $?;
  kill 'STOP', $self->{pid} or die "cannot stop the server: $!";
  waitpid $self->{pid}, POSIX::WUNTRACED;
}
sub thaw { kill 'CONT', $_[0]{pid} or die "cannot wake the server: $!" }

END {
  $_->stop('KILL') for @started;
}

# Runs SQL as the portal's administrator; returns the exit code, and what the client printed.
sub client {
  my ($self, $sql) = @_;
  my ($out, $err) = ('', '');
  my $input = "$self->{folder}/input.sql"; # a pipe would break when the client cannot connect
  open my $file, '>', $input or die "cannot write $input: $!";
  print $file $sql;
  close $file;
  IPC::Run::run([ 'mariadb', '--no-defaults', "--socket=$self->{socket}", '--user=root', '--batch',
      '--skip-column-names', '--default-character-set=utf8mb4' ],
    '<', $input, '>', \$out, '2>', \$err);
  chomp $out;
  return { code => $?, out => $out, err => $err };
}

# Runs SQL in database portal2 and returns what it prints: a line for each row, tabs between values.
sub sql {
  my ($self, $sql) = @_;
  my $result = $self->client($sql =~ /^CREATE DATABASE/ ? $sql : "USE portal2;\n$sql");
  $result->{code} == 0 or die "$result->{err}in: " . substr($sql, 0, 1000);
  return $result->{out};
}

# Inserts the calls with CallIDs from $first to $last, one in ten seconds, all ended. A column's
# expression over the CallID, named seq, can be given. The times stay clear of the nights in which
# New York's clocks change, up to CallID 1,800,000.
sub insert_calls {
  my ($self, $first, $last, %expression) = @_;
  my $join = "'2026-04-01' + INTERVAL seq * 10 SECOND";
  my %column = (
    CallID => 'seq',
    UniqueCallID => 'CAST(1000000000000000 + seq DIV 4 AS char)',
    ConferenceName => "CONCAT('room', seq % 100, '\@tenant.example.com')",
    TenantName => "CONCAT('tenant', seq % 3)",
    ConferenceType => "'C'",
    EndpointType => "'D'",
    CallerID => "CONCAT('user', seq % 1000)",
    CallerName => "CONCAT('Caller, ', seq)",
    JoinTime => $join,
    LeaveTime => "$join + INTERVAL 5 MINUTE",
    CallState => "'COMPLETED'",
    Direction => "'I'",
    RouterID => "'JVFZ8CSVCU8FS8SCV00Z-VR1-router.tenant.example.com'",
    ReferenceNumber => "''",
    ApplicationName => "'VidyoDesktop'",
    ApplicationVersion => "'TAG_VD_3_6_9_014'",
    DeviceModel => "'iMac17,1'",
    EndpointPublicIPAddress => "'192.0.2.7'",
    AccessType => "'U'",
    RoomType => "'M'",
    RoomOwner => "'owner'",
    ApplicationOs => "'Mac OS'",
    CallCompletionCode => "'1'",
    EndpointGUID => "CONCAT('A86-', seq)",
    Extension => "''",
    %expression);
  my @names = sort keys %column;
  $self->sql('INSERT INTO ConferenceCall2 (' . join(', ', @names) . ') SELECT '
      . join(', ', @column{@names}) . " FROM seq_${first}_to_$last");
}

# The rows that the server's storage engines have handed out since it was started.
sub rows_read {
  my ($self) = @_;
  return $self->sql(<<'SQL');
SELECT SUM(VARIABLE_VALUE) FROM information_schema.GLOBAL_STATUS
WHERE VARIABLE_NAME LIKE 'HANDLER_READ_%' AND VARIABLE_NAME <> 'HANDLER_READ_RND_DELETED'
SQL
}

# Keeps the statements that come in from now on, for statements().
sub log_statements {
  my ($self) = @_;
  $self->sql('SET GLOBAL general_log = ON');
  $self->{logged} = -s "$self->{folder}/general.log";
}

# The statements that clients other than the administrator have run since the last call.
sub statements {
  my ($self) = @_;
  my $log = slurp_file("$self->{folder}/general.log", $self->{logged});
  $self->{logged} = -s "$self->{folder}/general.log";
  my (@statements, %is_ours);
  for my $entry (split /^(?=(?:\d{6} [ \d]\d:\d\d:\d\d|\t)\t *\d+ \w)/m, $log) {
    my ($client, $kind, $text) = $entry =~ /\t *(\d+) (\w+)\t(.*?)\n?\z/s or next;
    $is_ours{$client} = 1 if $kind eq 'Connect' && $text =~ /^root@/;
    push @statements, $text if $kind =~ /^(?:Query|Execute)$/ && !$is_ours{$client};
  }
  return @statements;
}

# The columns' names in the portal's spelling.
sub columns {
  return slurp_file($table) =~ /^    (\w+) (?:int|varchar|char|datetime)/mg;
}

# Makes the foreign table portal.conferencecall2 in a PostgreSQL database. Options that differ from
# the documented ones can be given: for the server, the user and the table (hashes of options), a
# column's type, and another schema, which then names the server, too.
sub attach {
  my ($self, $node, $database, %other) = @_;
  my $name = $other{schema} // 'portal';
  my %server = (host => '127.0.0.1', port => $self->{port}, character_set => 'utf8mb4',
    %{ $other{server} // {} });
  my %user = (username => 'cdraccess', password => 'secret', %{ $other{user} // {} });
  my %table = (dbname => 'portal2', table_name => 'ConferenceCall2', %{ $other{table} // {} });
  my %type = (callid => 'bigint', %{ $other{type} // {} });
  my $columns = join ', ', map { "$_ " . ($type{$_} // 'text') } map { lc } $self->columns;
  $node->safe_psql($database, <<"SQL");
CREATE EXTENSION IF NOT EXISTS mysql_fdw;
CREATE SERVER $name FOREIGN DATA WRAPPER mysql_fdw @{[ options(%server) ]};
CREATE USER MAPPING FOR PUBLIC SERVER $name @{[ options(%user) ]};
CREATE SCHEMA $name;
CREATE FOREIGN TABLE $name.conferencecall2 ($columns) SERVER $name @{[ options(%table) ]};
SQL
}

sub options {
  my (%options) = @_;
  return 'OPTIONS (' . join(', ', map { "$_ '$options{$_}'" } sort keys %options) . ')';
}

1;

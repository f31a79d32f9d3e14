// The list of steps with PostgreSQL's JDBC driver. docs/drivers.md shows what stands between the
// snippet marks. Java runs this file as it is: java -cp postgresql.jar WithJdbc.java

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.sql.*;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.postgresql.PGConnection;
import org.postgresql.PGResultSetMetaData;
import org.postgresql.util.PSQLException;

class WithJdbc {
  interface Step {
    String run() throws Exception;
  }

  static Connection connection;

  static Connection connect(String parameters) throws SQLException {
    var environment = System.getenv();
    String host = environment.get("PGHOST"), port = environment.get("PGPORT");
    String database = environment.get("PGDATABASE") + parameters;
    String user = environment.get("PGUSER"), password = environment.get("PGPASSWORD");
    // snippet: Connect. The driver sets the session's TimeZone to Java's own; choose the file's
    Connection connection = DriverManager.getConnection(
        "jdbc:postgresql://" + host + ":" + port + "/" + database, user, password);
    connection.createStatement().execute("SET TimeZone = 'America/New_York'");
    // end
    return connection;
  }

  static String query(String statement) throws SQLException {
    ResultSet result = connection.createStatement().executeQuery(statement);
    result.next();
    return result.getString(1);
  }

  static OffsetDateTime startOf(int month) {
    return OffsetDateTime.parse("2026-%02d-01T00:00Z".formatted(month));
  }

  /** Tells one set of records from another. */
  static String summary(List<Long> callIds) {
    long sum = callIds.stream().mapToLong(Long::longValue).sum();
    return callIds.size() + " records, CallIDs add up to " + sum;
  }

  /** Tells one file from another. */
  static String checksum(byte[] file) throws Exception {
    byte[] md5 = MessageDigest.getInstance("MD5").digest(file);
    return file.length + " bytes, MD5 " + HexFormat.of().formatHex(md5);
  }

  static String records() throws SQLException {
    var callIds = new ArrayList<Long>();
    // snippet: Export a month of one tenant
    try (var statement = connection.prepareStatement("SELECT * FROM export_cdr(?, ?, ?)")) {
      statement.setObject(1, OffsetDateTime.parse("2026-03-01T00:00Z"));
      statement.setObject(2, OffsetDateTime.parse("2026-04-01T00:00Z"));
      statement.setString(3, "acme.example.com");
      ResultSet records = statement.executeQuery();
      while (records.next()) {
        callIds.add(records.getLong("CallID"));
        OffsetDateTime joinTime = records.getObject("JoinTime", OffsetDateTime.class);
      }
    }
    // end
    return summary(callIds);
  }

  static String binary() throws SQLException {
    var callIds = new ArrayList<Long>();
    // snippet: Get numbers and times in binary form at once, not only from the fifth use on
    String atOnce = "?prepareThreshold=-1"; // behind the URL
    // end
    try (Connection connection = connect(atOnce);
         var statement = connection.prepareStatement("SELECT * FROM export_cdr(?, ?, ?)")) {
      statement.setObject(1, startOf(3));
      statement.setObject(2, startOf(4));
      statement.setString(3, "acme.example.com");
      ResultSet records = statement.executeQuery();
      var columns = (PGResultSetMetaData) records.getMetaData();
      for (String name : List.of("CallID", "JoinTime", "LeaveTime", "CallCompletionCode")) {
        check(columns.getFormat(records.findColumn(name)) == 1, name + " came as text");
      }
      while (records.next()) {
        callIds.add(records.getLong(1));
      }
    }
    return summary(callIds) + ", in binary";
  }

  static String types() throws SQLException {
    ResultSet record = connection.createStatement().executeQuery(
        "SELECT * FROM export_cdr(tenant => 'types.example.com')");
    record.next();
    var types = new ArrayList<String>();
    for (int column = 1; column <= record.getMetaData().getColumnCount(); column++) {
      String name = record.getMetaData().getColumnName(column);
      types.add(name + "=" + record.getObject(column).getClass().getSimpleName());
    }
    return String.join(", ", types);
  }

  static String values() throws SQLException {
    var values = new ArrayList<String>();
    ResultSet record = connection.createStatement().executeQuery(
        "SELECT * FROM export_cdr(tenant => 'types.example.com')");
    while (record.next()) {
      var times = new ArrayList<Instant>();
      for (String name : List.of("JoinTime", "LeaveTime")) {
        var time = record.getObject(name, OffsetDateTime.class);
        times.add(time == null ? null : time.toInstant());
      }
      String value = "%d %s %s %s %s %d".formatted(record.getLong("CallID"),
          record.getString("CallerName"), times.get(0), times.get(1),
          record.getString("EndpointPublicIPAddress"), record.getInt("CallCompletionCode"));
      values.add(value.replace("null", "NULL"));
    }
    return String.join("; ", values);
  }

  static String metadata() throws SQLException {
    var shown = new ArrayList<String>();
    for (String relation : List.of("ConferenceCall2", "cdr_report")) {
      for (String name : List.of("CallState", "CallCompletionCode")) {
        ResultSet column = connection.getMetaData().getColumns(
            null, null, relation.toLowerCase(), name.toLowerCase());
        column.next();
        String type = JDBCType.valueOf(column.getInt("DATA_TYPE")).getName();
        shown.add("%s.%s=%s %s".formatted(relation, name, type, column.getString("TYPE_NAME")));
      }
    }
    return String.join(", ", shown);
  }

  static void check(boolean passed, String what) {
    if (!passed) {
      throw new AssertionError(what);
    }
  }

  static void checkCursor(int record) throws SQLException {
    if (record == 1) {
      check(query("SELECT count(*) FROM pg_cursors WHERE name ~ '^C_' AND statement ~ 'export_cdr'")
                .equals("1"),
          "no cursor in the server");
    }
  }

  static void checkGenericPlan() throws SQLException {
    check(
        query(
            "SELECT generic_plans > 0 FROM pg_prepared_statements WHERE statement ~ 'count.*export_cdr'")
            .equals("t"),
        "no generic plan");
  }

  static String stream() throws SQLException {
    var callIds = new ArrayList<Long>();
    // snippet: Read many records, 1,000 at a time, from a cursor in the server (in a transaction)
    connection.setAutoCommit(false);
    try (var statement = connection.prepareStatement("SELECT * FROM export_cdr(?, ?)")) {
      statement.setFetchSize(1000);
      statement.setObject(1, OffsetDateTime.parse("2026-01-01T00:00Z"));
      statement.setObject(2, OffsetDateTime.parse("2026-04-01T00:00Z"));
      ResultSet records = statement.executeQuery();
      while (records.next()) {
        callIds.add(records.getLong("CallID"));
        checkCursor(callIds.size()); // test
      }
    }
    connection.setAutoCommit(true);
    // end
    return summary(callIds) + ", in batches";
  }

  static String copyFile() throws Exception {
    // snippet: Export into a file
    try (OutputStream file = Files.newOutputStream(Path.of("jdbc.csv"))) {
      connection.unwrap(PGConnection.class).getCopyAPI().copyOut(
          """
          COPY (SELECT * FROM export_cdr('2026-03-01 00:00Z', '2026-04-01 00:00Z'))
          TO STDOUT WITH (FORMAT csv, HEADER)""", file);
    }
    // end
    return checksum(Files.readAllBytes(Path.of("jdbc.csv")));
  }

  static String csvText() throws Exception {
    var file = new StringBuilder();
    // snippet: The file as text
    try (var statement = connection.prepareStatement("SELECT export_cdr_csv(?, ?)")) {
      statement.setObject(1, OffsetDateTime.parse("2026-03-01T00:00Z"));
      statement.setObject(2, OffsetDateTime.parse("2026-04-01T00:00Z"));
      ResultSet chunks = statement.executeQuery();
      while (chunks.next()) {
        file.append(chunks.getString(1)).append('\n');
      }
    }
    // end
    return checksum(file.toString().getBytes(StandardCharsets.UTF_8));
  }

  static String importFile() throws Exception {
    String counts;
    // snippet: Import a file
    String csv = Files.readString(Path.of("import.csv"));
    try (var statement = connection.prepareStatement(
             "SELECT inserted, updated, unchanged, rejected FROM import_cdr(?, ?, ?)")) {
      statement.setString(1, csv);
      statement.setString(2, "UTC");
      statement.setString(3, "raw");
      ResultSet result = statement.executeQuery();
      result.next();
      counts = "%d inserted, %d updated, %d unchanged, %d rejected".formatted(
          result.getLong(1), result.getLong(2), result.getLong(3), result.getLong(4));
    }
    // end
    return Files.size(Path.of("import.csv")) / 10_000_000 * 10 + " MB: " + counts;
  }

  static String[] refused() throws SQLException {
    String sqlState = null, hint = null;
    // snippet: An export of too many records is refused, and the hint says what fits
    try (Statement statement = connection.createStatement()) {
      statement.executeQuery("SELECT * FROM export_cdr()");
    } catch (PSQLException error) {
      sqlState = error.getSQLState();
      hint = error.getServerErrorMessage().getHint();
    }
    // end
    return new String[] {sqlState, hint};
  }

  /** Waits until there is an export to cancel. */
  static void awaitExport() {
    try {
      new ProcessBuilder(System.getenv("UNTIL_EXPORTING")).inheritIO().start().waitFor();
    } catch (IOException | InterruptedException error) {
      throw new IllegalStateException(error);
    }
  }

  static String cancel() throws SQLException {
    String sqlState = null;
    connection.createStatement().execute("SET ROLE slow_reader");
    // snippet: Cancel an export, from another thread; setQueryTimeout(seconds) does it by the clock
    try (var statement = connection.prepareStatement("SELECT * FROM export_cdr(?, ?)")) {
      statement.setObject(1, OffsetDateTime.parse("2026-01-01T00:00Z"));
      statement.setObject(2, OffsetDateTime.parse("2026-07-01T00:00Z"));
      new Thread(() -> {
        try {
          Thread.sleep(500);
          awaitExport(); // test
          statement.cancel();
        } catch (InterruptedException | SQLException error) {
          throw new IllegalStateException(error);
        }
      }).start();
      statement.executeQuery();
    } catch (SQLException error) {
      sqlState = error.getSQLState();
    }
    // end
    connection.createStatement().execute("RESET ROLE");
    return sqlState + ", then " + records();
  }

  static String prepared() throws SQLException {
    int count = 0;
    // snippet: A statement that is prepared once: from the fifth use on
    try (var statement = connection.prepareStatement("SELECT count(*) FROM export_cdr(?, ?)")) {
      for (int month = 1; month <= 10; month++) {
        statement.setObject(1, startOf(month));
        statement.setObject(2, startOf(month + 1));
        ResultSet result = statement.executeQuery();
        result.next();
        count += result.getInt(1);
      }
      checkGenericPlan(); // test
    }
    // end
    return count + " records, with a generic plan";
  }

  static void run(String name, Step step) {
    try {
      System.out.println("ok " + name + " - " + step.run());
    } catch (Exception | AssertionError error) {
      System.out.println("FAIL " + name + " - " + error.toString().replaceAll("\\s+", " "));
    }
  }

  public static void main(String[] arguments) throws SQLException {
    connection = connect("");
    run("records", WithJdbc::records);
    run("binary", WithJdbc::binary);
    run("types", WithJdbc::types);
    run("values", WithJdbc::values);
    run("metadata", WithJdbc::metadata);
    run("stream", WithJdbc::stream);
    run("copy file", WithJdbc::copyFile);
    run("csv text", WithJdbc::csvText);
    run("import", WithJdbc::importFile);
    run("refusal", () -> refused()[0]);
    run("hint", () -> refused()[1]);
    run("cancel", WithJdbc::cancel);
    run("prepared", WithJdbc::prepared);
  }
}

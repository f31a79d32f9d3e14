// What is asked of the server. All names are qualified, and all arguments of functions have their
// types: the session's search_path is its user's, for the sake of policies that count on it, and
// somebody else may have made functions of the same names.
#include "client/session.hpp"

namespace vidyo_cdr {

namespace {

// A bound for a file's name, by the server's clock rules: the day, if it begins there in the
// session's time zone, otherwise the moment in UTC, to be unique in the hour that autumn repeats.
std::string LabelOf(const std::string &time) {
  const std::string in_utc =
      "pg_catalog.to_char(pg_catalog.timezone('UTC', " + time + "), 'YYYY-MM-DD\"T\"HH24MISS.US')";
  return "CASE WHEN pg_catalog.isfinite(" + time +
         ") IS NOT TRUE THEN NULL"
         " WHEN " +
         time +
         "::pg_catalog.date::pg_catalog.timestamptz"
         " OPERATOR(pg_catalog.=) " +
         time + " THEN pg_catalog.to_char(" + time +
         ", 'YYYY-MM-DD')"
         " ELSE pg_catalog.concat(pg_catalog.regexp_replace(" +
         in_utc + ", '[.]?0+$', ''), 'Z') END";
}

// The day that an end is counted from, and how far it is from there.
struct EndDay {
  OptionalText day;
  OptionalText distance;
};

EndDay FindEndDay(const RangeOptions &range) {
  if (range.month) {
    return {*range.month + "-01", "1 month"};
  }
  if (range.year) {
    return {*range.year + "-01-01", "1 year"};
  }
  return {range.through, "1 day"};
}

std::vector<OptionalText> BoundsOf(const Range &range) {
  return {range.start_time, range.end_time, range.tenant};
}

}  // namespace

Session::Session(Connection &connection, const OptionalText &time_zone) : connection_(connection) {
  connection.Query("BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
  // The bounds travel as text, which reads back as the same moment in this style.
  connection.Query("SET LOCAL DateStyle = ISO");
  if (time_zone) {
    connection.Query("SELECT pg_catalog.set_config('TimeZone', $1, true)", {time_zone});
  }
  FindExtension();
  const Result row = connection.Query(
      "SELECT pg_catalog.current_setting('server_version'),"
      " pg_catalog.pg_current_snapshot()::pg_catalog.text,"
      " pg_catalog.transaction_timestamp()::pg_catalog.text");
  origin_.server_version = row.Text(0, 0);
  origin_.snapshot = row.Text(0, 1);
  origin_.time = row.Text(0, 2);
  origin_.client_version = VIDYO_CDR_VERSION;
  origin_.host = PQhost(connection.get());
  origin_.port = PQport(connection.get());
}

void Session::FindExtension() {
  const std::string database = std::string("\"") + PQdb(connection_.get()) + "\"";
  const Result row = connection_.Query(
      "SELECT n.nspname, e.extversion, pg_catalog.to_regprocedure(pg_catalog.concat("
      "pg_catalog.quote_ident(n.nspname::pg_catalog.text),"
      " '.export_cdr_ranges(pg_catalog.timestamptz, pg_catalog.timestamptz, pg_catalog.text,"
      " pg_catalog.int4)')) IS NOT NULL"
      " FROM pg_catalog.pg_extension AS e"
      " JOIN pg_catalog.pg_namespace AS n ON n.oid OPERATOR(pg_catalog.=) e.extnamespace"
      " WHERE e.extname OPERATOR(pg_catalog.=) 'vidyo_cdr'");
  if (row.Rows() == 0) {
    throw Error("database " + database + " does not have the extension vidyo_cdr", "",
                "Name the database with the call detail records, with --dbname.");
  }
  schema_ = connection_.Identifier(row.Text(0, 0));
  origin_.extension_version = row.Text(0, 1);
  if (row.Value(0, 2) != "t") {
    throw Error("the extension vidyo_cdr in database " + database + " is of version " +
                    origin_.extension_version + ", which is too old for this program",
                "It does not have the function export_cdr_ranges.",
                "Install vidyo_cdr 1.2 or later on the server, and run "
                "ALTER EXTENSION vidyo_cdr UPDATE in the database.");
  }
}

Request Session::Resolve(const Options &options) {
  const RangeOptions &range = options.range;
  const EndDay end = FindEndDay(range);
  const bool is_calendar = range.month || range.year;
  const Result row = connection_.Query(
      "SELECT pg_catalog.current_database(), current_user::pg_catalog.text,"
      " pg_catalog.current_setting('TimeZone'),"
      " $1::pg_catalog.timestamptz::pg_catalog.text,"
      " CASE WHEN $3::pg_catalog.date IS NULL THEN $2::pg_catalog.timestamptz"
      " ELSE ($3::pg_catalog.date OPERATOR(pg_catalog.+) $4::pg_catalog.interval)"
      "::pg_catalog.timestamptz END::pg_catalog.text,"
      " (SELECT system_identifier FROM pg_catalog.pg_control_system())::pg_catalog.text",
      {is_calendar ? end.day : range.start, range.end, end.day, end.distance});
  Request request;
  request.system_identifier = row.Text(0, 5);
  request.database = row.Text(0, 0);
  request.role = row.Text(0, 1);
  request.time_zone = row.Text(0, 2);
  request.start_time = row.OptText(0, 3);
  request.end_time = row.OptText(0, 4);
  request.tenants = options.tenants;
  request.each_tenant = options.each_tenant;
  request.profile = options.format.profile;
  request.delimiter = options.format.delimiter;
  request.has_header = options.format.has_header;
  request.is_gzipped = options.format.is_gzipped;
  return request;
}

std::vector<std::string> Session::Tenants() {
  const Result rows = connection_.Query("SELECT t.TenantName FROM " + schema_ +
                                        ".cdr_tenants AS t"
                                        " ORDER BY t.TenantName COLLATE pg_catalog.\"C\"");
  std::vector<std::string> tenants;
  for (int row = 0; row < rows.Rows(); row++) {
    tenants.push_back(rows.Text(row, 0));
  }
  return tenants;
}

std::vector<PlannedRange> Session::Plan(const Range &range) {
  const Result rows = connection_.Query(
      "SELECT r.start_time::pg_catalog.text, r.end_time::pg_catalog.text, r.records, " +
          LabelOf("r.start_time") + ", " + LabelOf("r.end_time") + " FROM " + schema_ +
          ".export_cdr_ranges($1::pg_catalog.timestamptz, $2::pg_catalog.timestamptz,"
          " $3::pg_catalog.text, NULL::pg_catalog.int4) AS r ORDER BY r.part",
      BoundsOf(range));
  std::vector<PlannedRange> parts;
  for (int row = 0; row < rows.Rows(); row++) {
    PlannedRange part;
    part.range = {range.tenant, rows.OptText(row, 0), rows.OptText(row, 1)};
    part.records = rows.Number(row, 2);
    part.start_label = rows.OptText(row, 3);
    part.end_label = rows.OptText(row, 4);
    parts.push_back(part);
  }
  return parts;
}

std::string Session::Page(const Range &range) {
  return connection_
      .Query("SELECT " + schema_ +
                 ".cdr_usage_page($1::pg_catalog.timestamptz, $2::pg_catalog.timestamptz,"
                 " NULL::pg_catalog.text, $3::pg_catalog.text)",
             BoundsOf(range))
      .Text(0, 0);
}

int64_t Session::CountOpenCalls(const Range &range) {
  // Conditions are written for the values at hand, so that the index of open calls serves.
  std::string query =
      "SELECT pg_catalog.count(*) FROM " + schema_ + ".cdr_report AS r WHERE r.is_open";
  const auto add = [&](const char *condition, const OptionalText &value) {
    if (value) {
      query += condition + connection_.Literal(value);
    }
  };
  add(" AND r.JoinTime OPERATOR(pg_catalog.>=) pg_catalog.timestamptz ", range.start_time);
  add(" AND r.JoinTime OPERATOR(pg_catalog.<) pg_catalog.timestamptz ", range.end_time);
  add(" AND r.TenantName OPERATOR(pg_catalog.=) ", range.tenant);
  return connection_.Query(query).Number(0, 0);
}

int64_t Session::Limit() {
  return connection_.Query("SELECT pg_catalog.current_setting('vidyo_cdr.export_limit')")
      .Number(0, 0);
}

}  // namespace vidyo_cdr

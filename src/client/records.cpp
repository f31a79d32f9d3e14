// The records of a range. Raw files come by COPY, a message for each record, in the extension's
// fast way; the others by export_cdr_csv, a row for each chunk.
#include "client/records.hpp"

#include <memory>
#include <utility>

#include "client/interrupt.hpp"
#include "client/record_counter.hpp"

namespace vidyo_cdr {

namespace {

// How many records pass before somebody looks at the clock, or for a signal.
constexpr int kRecordsBetweenLooks = 1000;

std::string CopyStatement(const Session &session, const Range &range, const FileFormat &format) {
  const Connection &connection = session.connection();
  const auto time = [&](const OptionalText &text) {
    return connection.Literal(text) + "::pg_catalog.timestamptz";
  };
  return "COPY (SELECT * FROM " + session.schema() + ".export_cdr(" + time(range.start_time) +
         ", " + time(range.end_time) + ", " + connection.Literal(range.tenant) +
         "::pg_catalog.text)) TO STDOUT WITH (FORMAT csv, HEADER " +
         (format.has_header ? "true" : "false") + ", DELIMITER " +
         connection.Literal(format.delimiter) + ")";
}

// Takes the rows of a COPY that has begun; returns the server's count of them.
int64_t TakeCopy(const Connection &connection, Progress &progress, OutputStream &out) {
  struct Free {
    void operator()(char *bytes) const { PQfreemem(bytes); }
  };
  int64_t seen_bytes = 0;
  int rows = 0;
  int size;
  for (char *bytes = nullptr; (size = PQgetCopyData(connection.get(), &bytes, 0)) > 0;) {
    const std::unique_ptr<char, Free> row(bytes);
    out.Append({bytes, static_cast<size_t>(size)});
    if (++rows == kRecordsBetweenLooks) {
      progress.Add(std::exchange(rows, 0),
                   out.Appended() - std::exchange(seen_bytes, out.Appended()));
      CheckInterrupt();
    }
  }
  if (size == -2) {
    throw connection.ErrorOf(nullptr);
  }
  const Result end(PQgetResult(connection.get()));
  if (PQresultStatus(end.get()) != PGRES_COMMAND_OK) {
    throw connection.ErrorOf(end.get());
  }
  const Result none(PQgetResult(connection.get()));
  progress.Add(rows, out.Appended() - seen_bytes);
  return end.CopiedRows();
}

int64_t WriteByCopy(const Session &session, const Range &range, const FileFormat &format,
                    Progress &progress, OutputStream &out) {
  const Connection &connection = session.connection();
  const Result begun(PQexec(connection.get(), CopyStatement(session, range, format).c_str()));
  if (PQresultStatus(begun.get()) != PGRES_COPY_OUT) {
    throw connection.ErrorOf(begun.get());
  }
  return TakeCopy(connection, progress, out);
}

void SendCsvQuery(const Session &session, const Range &range, const FileFormat &format) {
  const std::string query =
      "SELECT " + session.schema() +
      ".export_cdr_csv($1::pg_catalog.timestamptz, $2::pg_catalog.timestamptz, $3::pg_catalog.text,"
      " $4::pg_catalog.text, $5::pg_catalog.text, $6::pg_catalog.bool)";
  const auto value = [](const OptionalText &text) { return text ? text->c_str() : nullptr; };
  const char *const values[] = {value(range.start_time),  value(range.end_time),
                                value(range.tenant),      format.profile.c_str(),
                                format.delimiter.c_str(), format.has_header ? "true" : "false"};
  PGconn *connection = session.connection().get();
  if (PQsendQueryParams(connection, query.c_str(), 6, nullptr, values, nullptr, nullptr, 0) == 0 ||
      PQsetSingleRowMode(connection) == 0) {
    throw session.connection().ErrorOf(nullptr);
  }
}

int64_t WriteByChunks(const Session &session, const Range &range, const FileFormat &format,
                      Progress &progress, OutputStream &out) {
  const Connection &connection = session.connection();
  SendCsvQuery(session, range, format);
  RecordCounter counter;
  while (true) {
    const Result chunk(PQgetResult(connection.get()));
    const ExecStatusType status = PQresultStatus(chunk.get());
    if (status == PGRES_TUPLES_OK) {
      break;
    }
    if (status != PGRES_SINGLE_TUPLE) {
      throw connection.ErrorOf(chunk.get());
    }
    const int64_t lines_before = counter.Lines();
    for (const std::string_view part : {chunk.Value(0, 0), std::string_view("\n")}) {
      counter.Add(part);
      out.Append(part);
    }
    progress.Add(counter.Lines() - lines_before, PQgetlength(chunk.get(), 0, 0) + 1);
    CheckInterrupt();
  }
  const Result none(PQgetResult(connection.get()));
  return counter.Lines() - (format.has_header ? 1 : 0);
}

}  // namespace

int64_t WriteRecords(const Session &session, const Range &range, const FileFormat &format,
                     Progress &progress, OutputStream &out) {
  CheckInterrupt();
  return format.profile == "raw" ? WriteByCopy(session, range, format, progress, out)
                                 : WriteByChunks(session, range, format, progress, out);
}

}  // namespace vidyo_cdr

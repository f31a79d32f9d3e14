// The list of steps with libpqxx. docs/drivers.md shows what stands between the snippet marks.

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <iostream>
#include <pqxx/pqxx>
#include <sstream>
#include <string>
#include <thread>
#include <tuple>
#include <vector>

namespace {
void Run(pqxx::connection &connection);
}

int main() {
  // snippet: Connect; host, user and password come from PGHOST and the like, or are given here
  pqxx::connection connection("");
  // end
  Run(connection);
}

namespace {

// Tells one set of records from another.
class Summary {
 public:
  void Add(long call_id) {
    ++count_;
    sum_ += call_id;
  }
  std::string Text() const {
    return std::to_string(count_) + " records, CallIDs add up to " + std::to_string(sum_);
  }

 private:
  long count_ = 0;
  long sum_ = 0;
};

// Tells one file from another.
std::string Checksum(const char *path) {
  std::string command =
      std::string("stat --printf='%s bytes, MD5 ' ") + path + " && md5sum <" + path;
  FILE *pipe = popen(command.c_str(), "r");
  char text[100] = "";
  std::string got = fgets(text, sizeof(text), pipe) != nullptr ? text : "";
  pclose(pipe);
  return got.substr(0, got.find("  -"));
}

std::string StartOf(int month) { return "2026-" + std::to_string(month) + "-01 00:00+00"; }

std::string Records(pqxx::connection &connection) {
  // snippet: Export a month of one tenant
  pqxx::work transaction(connection);
  pqxx::result records =
      transaction.exec_params("SELECT * FROM export_cdr($1, $2, $3)", "2026-03-01 00:00+00",
                              "2026-04-01 00:00+00", "acme.example.com");
  Summary summary;
  for (const auto &record : records) {
    summary.Add(record["\"CallID\""].as<long>());  // libpq folds names that are not quoted
  }
  // end
  return summary.Text();
}

// libpqxx tells the types by their OIDs; every value arrives as text, for as<type>().
std::string Types(pqxx::connection &connection) {
  pqxx::work transaction(connection);
  pqxx::result records =
      transaction.exec("SELECT * FROM export_cdr(tenant => 'types.example.com')");
  std::ostringstream types;
  for (pqxx::row::size_type column = 0; column < records.columns(); ++column) {
    types << (column > 0 ? ", " : "") << records.column_name(column) << "=text (OID "
          << records.column_type(column) << ")";
  }
  return types.str();
}

std::string Values(pqxx::connection &connection) {
  pqxx::work transaction(connection);
  std::string values;
  transaction.exec("SET LOCAL timezone = 'UTC'");
  for (const auto &record : transaction.exec(
           R"(SELECT "CallID", "CallerName", "JoinTime", "LeaveTime", "EndpointPublicIPAddress",
                     "CallCompletionCode" FROM export_cdr(tenant => 'types.example.com'))")) {
    values += values.empty() ? "" : "; ";
    for (const auto &field : record) {
      std::string value = field.is_null() ? "NULL" : field.as<std::string>();
      const std::string type = field.name();
      if (type.find("Time") != std::string::npos && !field.is_null()) {
        value = value.substr(0, 10) + "T" + value.substr(11, 8) + "Z";
      }
      values += (field.num() > 0 ? " " : "") + value;
    }
  }
  return values;
}

std::string Metadata(pqxx::connection &connection) {
  pqxx::work transaction(connection);
  std::ostringstream shown;
  for (const std::string relation : {"ConferenceCall2", "cdr_report"}) {
    pqxx::result none =
        transaction.exec("SELECT CallState, CallCompletionCode FROM " + relation + " LIMIT 0");
    for (pqxx::row::size_type column = 0; column < none.columns(); ++column) {
      shown << (shown.str().empty() ? "" : ", ") << relation << "." << none.column_name(column)
            << "=OID " << none.column_type(column);
    }
  }
  return shown.str();
}

std::string Stream(pqxx::connection &connection) {
  Summary summary;
  pqxx::result::size_type largest = 0;
  // snippet: Read many records, 1,000 at a time, from a cursor in the server
  pqxx::work transaction(connection);
  pqxx::icursorstream cursor(transaction,
                             "SELECT * FROM export_cdr('2026-01-01 00:00Z', '2026-04-01 00:00Z')",
                             "export", 1000);
  for (pqxx::result records; cursor.get(records);) {
    for (const auto &record : records) {
      summary.Add(record[0].as<long>());
    }
    largest = std::max(largest, records.size());  // test
  }
  // end
  return summary.Text() + (largest == 1000 ? ", in batches" : ", all at once");
}

std::string CopyRows(pqxx::connection &connection) {
  const std::string query =
      R"((SELECT "CallID", "JoinTime" FROM export_cdr('2026-03-01 00:00Z', '2026-04-01 00:00Z')))";
  Summary summary;
  pqxx::work transaction(connection);
#if PQXX_VERSION_MAJOR >= 7
  for (const auto &[call_id, join_time] : transaction.stream<long, std::string>(query)) {
    summary.Add(call_id);
  }
#else
  // snippet: COPY as rows; libpqxx 7 has transaction.stream<long, std::string>(query) for it
  std::tuple<long, std::string> row;
  for (pqxx::stream_from rows(transaction, query); rows >> row;) {
    summary.Add(std::get<0>(row));
  }
  // end
#endif
  return summary.Text();
}

std::string CsvText(pqxx::connection &connection) {
  // snippet: The file as text
  pqxx::work transaction(connection);
  std::ofstream file("libpqxx.csv", std::ios::binary);
  for (const auto &row : transaction.exec_params("SELECT export_cdr_csv($1, $2)",
                                                 "2026-03-01 00:00+00", "2026-04-01 00:00+00")) {
    file << row[0].c_str() << '\n';
  }
  file.close();
  // end
  return Checksum("libpqxx.csv");
}

std::string Import(pqxx::connection &connection) {
  // snippet: Import a file
  std::ostringstream csv;
  csv << std::ifstream("import.csv", std::ios::binary).rdbuf();
  pqxx::work transaction(connection);
  pqxx::result counts = transaction.exec_params(
      "SELECT inserted, updated, unchanged, rejected FROM import_cdr($1, $2, $3)", csv.str(), "UTC",
      "raw");
  transaction.commit();
  // end
  std::ostringstream text;
  text << csv.str().size() / 10000000 * 10 << " MB: " << counts[0][0].c_str() << " inserted, "
       << counts[0][1].c_str() << " updated, " << counts[0][2].c_str() << " unchanged, "
       << counts[0][3].c_str() << " rejected";
  return text.str();
}

// Runs an export of too many records, and gives the parts of the refusal.
std::tuple<std::string, std::string> Refused(pqxx::connection &connection) {
  std::string sqlstate, message;
  // snippet: An export of too many records is refused; the hint is a line of what()
  try {
    pqxx::work transaction(connection);
    transaction.exec("SELECT * FROM export_cdr()");
  } catch (const pqxx::sql_error &error) {
    sqlstate = error.sqlstate();
    message = error.what();
  }
  // end
  const auto hint = message.find("HINT:  ") + 7;
  return {sqlstate, message.substr(hint, message.find('\n', hint) - hint)};
}

// Waits until there is an export to cancel.
void AwaitExport() {
  if (std::system("\"$UNTIL_EXPORTING\"") != 0) {
    std::cerr << "no export" << std::endl;
  }
}

std::string Cancel(pqxx::connection &connection) {
  std::string sqlstate;
  pqxx::nontransaction(connection).exec("SET ROLE slow_reader");
  // snippet: Cancel an export, from another thread
  std::thread timer([&connection] {
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
    AwaitExport();  // test
    connection.cancel_query();
  });
  try {
    pqxx::work transaction(connection);
    transaction.exec("SELECT * FROM export_cdr('2026-01-01 00:00Z', '2026-07-01 00:00Z')");
  } catch (const pqxx::sql_error &error) {
    sqlstate = error.sqlstate();
  }
  timer.join();
  // end
  pqxx::nontransaction(connection).exec("RESET ROLE");
  return sqlstate + ", then " + Records(connection);
}

std::string Prepared(pqxx::connection &connection) {
  long count = 0;
  // snippet: A statement that is prepared once
  connection.prepare("month", "SELECT count(*) FROM export_cdr($1, $2)");
  pqxx::work transaction(connection);
  for (int month = 1; month <= 10; ++month) {
    count += transaction.exec_prepared1("month", StartOf(month), StartOf(month + 1))[0].as<long>();
  }
  // end
  const bool generic =
      transaction
          .exec1("SELECT generic_plans > 0 FROM pg_prepared_statements WHERE name = 'month'")[0]
          .as<bool>();
  return std::to_string(count) + " records, with " + (generic ? "a" : "no") + " generic plan";
}

void Run(pqxx::connection &connection) {
  const std::vector<std::tuple<const char *, std::function<std::string(pqxx::connection &)>>> steps{
      {"records", Records},
      {"types", Types},
      {"values", Values},
      {"metadata", Metadata},
      {"stream", Stream},
      {"copy rows", CopyRows},
      {"csv text", CsvText},
      {"import", Import},
      {"refusal", [](auto &connection) { return std::get<0>(Refused(connection)); }},
      {"hint", [](auto &connection) { return std::get<1>(Refused(connection)); }},
      {"cancel", Cancel},
      {"prepared", Prepared}};
  for (const auto &[name, step] : steps) {
    try {
      const std::string got = step(connection);
      std::cout << "ok " << name << " - " << got << std::endl;
    } catch (const std::exception &error) {
      std::string message = error.what();
      std::replace(message.begin(), message.end(), '\n', ' ');
      std::cout << "FAIL " << name << " - " << message << std::endl;
    }
  }
}

}  // namespace

// A client that only receives: measures how long statements take until all of their data has
// arrived, without the work that psql would do with it.
//
// Usage: client [CONNECTION_STRING]
//   Standard input has a line for each statement: a path, a tab, the statement. What COPY sends, or
//   the first column of the rows, goes to the path, or nowhere when that is empty. The answer is a
//   line with the milliseconds.
#include <libpq-fe.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <string>

namespace {

using Clock = std::chrono::steady_clock;

[[noreturn]] void Fail(PGconn *connection) {
  std::fputs(PQerrorMessage(connection), stderr);
  std::exit(1);
}

void Keep(const char *data, int size, FILE *file) {
  if (file != nullptr) {
    std::fwrite(data, 1, static_cast<size_t>(size), file);
  }
}

// Receives all that COPY sends.
void ReceiveCopy(PGconn *connection, FILE *file) {
  char *data;
  int size;
  while ((size = PQgetCopyData(connection, &data, 0)) > 0) {
    Keep(data, size, file);
    PQfreemem(data);
  }
}

// Takes the rows of a result: the first column of each, with a line feed behind it.
void TakeRows(const PGresult *result, FILE *file) {
  for (int row = 0; row < PQntuples(result); row++) {
    Keep(PQgetvalue(result, row, 0), PQgetlength(result, row, 0), file);
    Keep("\n", 1, file);
  }
}

void Run(PGconn *connection, const std::string &statement, FILE *file) {
  if (PQsendQuery(connection, statement.c_str()) == 0) {
    Fail(connection);
  }
  PQsetSingleRowMode(connection);  // rows as they come, instead of all at once in the end
  while (PGresult *result = PQgetResult(connection)) {
    switch (PQresultStatus(result)) {
      case PGRES_COPY_OUT:
        ReceiveCopy(connection, file);
        break;
      case PGRES_SINGLE_TUPLE:
      case PGRES_TUPLES_OK:
        TakeRows(result, file);
        break;
      case PGRES_COMMAND_OK:
        break;
      default:
        Fail(connection);
    }
    PQclear(result);
  }
}

}  // namespace

int main(int argc, char **argv) {
  PGconn *connection = PQconnectdb(argc > 1 ? argv[1] : "");
  if (PQstatus(connection) != CONNECTION_OK) {
    Fail(connection);
  }
  std::string line;
  while (std::getline(std::cin, line)) {
    const size_t tab = line.find('\t');
    FILE *file = tab > 0 ? std::fopen(line.substr(0, tab).c_str(), "w") : nullptr;
    const auto begin = Clock::now();
    Run(connection, line.substr(tab + 1), file);
    const std::chrono::duration<double, std::milli> elapsed = Clock::now() - begin;
    if (file != nullptr) {
      std::fclose(file);
    }
    std::cout << elapsed.count() << std::endl;
  }
  PQfinish(connection);
}

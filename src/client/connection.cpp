// The connection to the server through libpq.
#include "client/connection.hpp"

#include <cstdlib>
#include <cstring>

#include "client/interrupt.hpp"
#include "client/password.hpp"

namespace vidyo_cdr {

namespace {

// A message of libpq or the server, without the line feed at its end.
std::string Trimmed(const char *message) {
  std::string text = message == nullptr ? "" : message;
  while (!text.empty() && text.back() == '\n') {
    text.pop_back();
  }
  return text;
}

std::string Field(const PGresult *result, int field) {
  return Trimmed(PQresultErrorField(result, field));
}

// Shows what the server says beside results; it says some of it for each query.
void ShowNotice(void *last, const PGresult *notice) {
  const std::string severity = Field(notice, PG_DIAG_SEVERITY_NONLOCALIZED);
  const std::string message = Field(notice, PG_DIAG_MESSAGE_PRIMARY);
  auto *last_message = static_cast<std::string *>(last);
  if (message == *last_message) {
    return;
  }
  *last_message = message;
  if (severity == "INFO" || severity == "LOG" || severity == "DEBUG") {
    PrintInfo(message);
  } else {
    PrintWarning(message, Field(notice, PG_DIAG_MESSAGE_DETAIL),
                 Field(notice, PG_DIAG_MESSAGE_HINT));
  }
}

std::unique_ptr<PGconn, void (*)(PGconn *)> Connect(const ConnectionOptions &options,
                                                    const OptionalText &password) {
  const auto value = [](const OptionalText &text) { return text ? text->c_str() : nullptr; };
  // What the connection string gives must not override the last two, which follow it.
  const char *const keywords[] = {
      "host", "port", "user", "password", "fallback_application_name", "dbname", "client_encoding",
      nullptr};
  const char *const values[] = {value(options.host),
                                value(options.port),
                                value(options.user),
                                value(password),
                                kProgram,
                                value(options.database),
                                "UTF8",
                                nullptr};
  return {PQconnectdbParams(keywords, values, true), PQfinish};
}

std::string PasswordPromptFor(const OptionalText &user) {
  return user ? "Password for user " + *user + ": " : "Password: ";
}

}  // namespace

std::string_view Result::Value(int row, int column) const {
  return {PQgetvalue(result_.get(), row, column),
          static_cast<size_t>(PQgetlength(result_.get(), row, column))};
}

OptionalText Result::OptText(int row, int column) const {
  return IsNull(row, column) ? std::nullopt : OptionalText(Text(row, column));
}

int64_t Result::Number(int row, int column) const {
  return std::strtoll(PQgetvalue(result_.get(), row, column), nullptr, 10);
}

int64_t Result::CopiedRows() const { return std::strtoll(PQcmdTuples(result_.get()), nullptr, 10); }

Connection::Connection(const ConnectionOptions &options) {
  OptionalText password;
  OptionalText user = options.user;
  if (options.prompt == PasswordPrompt::kAlways) {
    password = AskPassword(PasswordPromptFor(user));
  }
  while (true) {
    connection_.reset(Connect(options, password).release());
    if (!connection_) {
      throw Error("out of memory");
    }
    if (PQstatus(get()) == CONNECTION_OK) {
      break;
    }
    if (!PQconnectionNeedsPassword(get()) || password || options.prompt == PasswordPrompt::kNever) {
      throw Error(Trimmed(PQerrorMessage(get())));
    }
    user = PQuser(get());  // as libpq has found it, perhaps in the environment
    password = AskPassword(PasswordPromptFor(user));
  }
  static std::string last_notice;
  PQsetNoticeReceiver(get(), ShowNotice, &last_notice);
}

Result Connection::Query(const std::string &sql, const std::vector<OptionalText> &params) {
  CheckInterrupt();
  std::vector<const char *> values;
  for (const OptionalText &param : params) {
    values.push_back(param ? param->c_str() : nullptr);
  }
  Result result(PQexecParams(get(), sql.c_str(), static_cast<int>(values.size()), nullptr,
                             values.data(), nullptr, nullptr, 0));
  const ExecStatusType status = PQresultStatus(result.get());
  if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK) {
    throw ErrorOf(result.get());
  }
  return result;
}

Error Connection::ErrorOf(const PGresult *result) const {
  if (IsInterrupted()) {
    return Error("canceled");
  }
  if (result == nullptr || PQresultErrorField(result, PG_DIAG_SQLSTATE) == nullptr) {
    return Error("lost the connection to the server: " + Trimmed(PQerrorMessage(get())));
  }
  Error error(Field(result, PG_DIAG_MESSAGE_PRIMARY), Field(result, PG_DIAG_MESSAGE_DETAIL),
              Field(result, PG_DIAG_MESSAGE_HINT));
  error.sqlstate = Field(result, PG_DIAG_SQLSTATE);
  return error;
}

std::string Connection::Literal(const OptionalText &value) const {
  if (!value) {
    return "NULL";
  }
  const std::unique_ptr<char, void (*)(void *)> literal(
      PQescapeLiteral(get(), value->data(), value->size()), PQfreemem);
  if (!literal) {
    throw Error(Trimmed(PQerrorMessage(get())));
  }
  return literal.get();
}

std::string Connection::Identifier(const std::string &name) const {
  const std::unique_ptr<char, void (*)(void *)> quoted(
      PQescapeIdentifier(get(), name.data(), name.size()), PQfreemem);
  if (!quoted) {
    throw Error(Trimmed(PQerrorMessage(get())));
  }
  return quoted.get();
}

}  // namespace vidyo_cdr

// Writing the trail.
//
// A line is JSON, and goes to the server log only. What it tells of the caller is collected when
// the action begins, because nothing can be looked up any more when a failed transaction is cleaned
// up.
#include "access/trail.hpp"

#include <type_traits>

#include "base/settings.hpp"

namespace vidyo_cdr {

struct Trail {
  Trail(const Trail &) = delete;  // on_end points to it

  MemoryContextCallback on_end;
  const char *event;
  const char *beginning;  // the fields that are known from the beginning
  instr_time begun;
  int64 records;
  int64 bytes;
  bool awaits_sending;
  bool is_written;
};
static_assert(std::is_trivially_destructible_v<Trail>);

namespace {

void AppendNumber(StringInfo line, const char *name, int64 value) {
  appendStringInfo(line, ", \"%s\": ", name);
  if (value < 0) {
    appendStringInfoString(line, "null");
  } else {
    appendStringInfo(line, INT64_FORMAT, value);
  }
}

// The client's address and port, as pg_stat_activity shows them: null where there is no TCP
// connection, as over a Unix socket and in a worker.
void AppendClient(StringInfo line) {
  const SockAddr *client = MyBEEntry == nullptr ? nullptr : &MyBEEntry->st_clientaddr;
  char address[NI_MAXHOST];
  char port[NI_MAXSERV];
  if (client == nullptr ||
      (client->addr.ss_family != AF_INET && client->addr.ss_family != AF_INET6) ||
      pg_getnameinfo_all(&client->addr, static_cast<int>(client->salen), address, sizeof(address),
                         port, sizeof(port), NI_NUMERICHOST | NI_NUMERICSERV) != 0) {
    AppendTrailText(line, "client_address", nullptr);
    AppendNumber(line, "client_port", -1);
    return;
  }
  clean_ipv6_addr(client->addr.ss_family, address);
  AppendTrailText(line, "client_address", address);
  AppendNumber(line, "client_port", pg_strtoint32(port));
}

// What is known from the beginning: the caller, and what the action was asked for.
const char *Beginning(const char *function, const char *request) {
  StringInfoData line;
  initStringInfo(&line);
  AppendTrailText(&line, "function", function);
  AppendTrailText(&line, "database", get_database_name(MyDatabaseId));
  AppendTrailText(&line, "session_user", GetUserNameFromId(GetSessionUserId(), true));
  AppendTrailText(&line, "current_user", GetUserNameFromId(GetUserId(), true));
  AppendTrailText(&line, "application", application_name);
  AppendClient(&line);
  AppendNumber(&line, "pid", MyProcPid);
  appendStringInfoString(&line, request);
  return line.data;
}

// Sends the line to the server log. Of the levels, LOG_SERVER_ONLY alone never goes to the client;
// the others are kept from it.
void Log(const char *line) {
  const int level = settings.log_exports == LOG ? LOG_SERVER_ONLY : settings.log_exports;
  const int caller_level = client_min_messages;
  client_min_messages = ERROR;
  ereport(level, (errhidestmt(true), errhidecontext(true), errmsg_internal("%s", line)));
  client_min_messages = caller_level;
}

// Writes the line, in memory of its own: the caller's may be about to go.
void Write(Trail *trail, const char *outcome, const char *sqlstate) {
  if (trail->is_written || settings.log_exports == kLogNoExports) {
    return;
  }
  trail->is_written = true;
  instr_time elapsed;
  INSTR_TIME_SET_CURRENT(elapsed);
  INSTR_TIME_SUBTRACT(elapsed, trail->begun);

  const MemoryContext context =
      AllocSetContextCreate(TopMemoryContext, "vidyo_cdr trail", ALLOCSET_SMALL_SIZES);
  const MemoryContext caller_context = MemoryContextSwitchTo(context);
  StringInfoData line;
  initStringInfo(&line);
  appendStringInfo(&line, "{\"event\": \"%s\", \"outcome\": \"%s\"", trail->event, outcome);
  AppendTrailText(&line, "sqlstate", sqlstate);
  appendStringInfoString(&line, trail->beginning);
  AppendNumber(&line, "records", trail->records);
  AppendNumber(&line, "bytes", trail->bytes);
  appendStringInfo(&line, ", \"milliseconds\": %.1f}", INSTR_TIME_GET_MILLISEC(elapsed));
  Log(line.data);
  MemoryContextSwitchTo(caller_context);
  MemoryContextDelete(context);
}

// The memory of the action goes before it was done: its query was closed, another error ended the
// transaction, or the session has ended.
void OnContextEnd(void *argument) noexcept {
  auto *trail = static_cast<Trail *>(argument);
  Write(trail, trail->awaits_sending ? "failed" : "ended early", nullptr);
}

// What an error means for an action: refused is what the extension or PostgreSQL's privileges do
// not let the caller have.
const char *OutcomeOfError(int sqlstate) {
  switch (sqlstate) {
    case ERRCODE_QUERY_CANCELED:
      return "cancelled";
    case ERRCODE_PROGRAM_LIMIT_EXCEEDED:
    case ERRCODE_INSUFFICIENT_PRIVILEGE:
    case ERRCODE_INVALID_PARAMETER_VALUE:
      return "refused";
    default:
      return "failed";
  }
}

}  // namespace

void AppendTrailText(StringInfo fields, const char *name, const char *value) {
  appendStringInfo(fields, ", \"%s\": ", name);
  if (value == nullptr) {
    appendStringInfoString(fields, "null");
  } else {
    escape_json(fields, value);
  }
}

Trail *BeginTrail(MemoryContext context, const char *event, const char *function,
                  const char *request) {
  if (settings.log_exports == kLogNoExports) {
    return nullptr;
  }
  const MemoryContext caller_context = MemoryContextSwitchTo(context);
  auto *trail = static_cast<Trail *>(palloc0(sizeof(Trail)));
  trail->event = event;
  trail->beginning = Beginning(function, request);
  trail->bytes = -1;
  INSTR_TIME_SET_CURRENT(trail->begun);
  trail->on_end.func = OnContextEnd;
  trail->on_end.arg = trail;
  MemoryContextRegisterResetCallback(context, &trail->on_end);
  MemoryContextSwitchTo(caller_context);
  return trail;
}

void AwaitSending(Trail *trail) {
  if (trail != nullptr) {
    trail->awaits_sending = true;
  }
}

void NoteProgress(Trail *trail, int64 records, int64 bytes) {
  if (trail != nullptr) {
    trail->awaits_sending = false;
    trail->records = records;
    trail->bytes = bytes;
  }
}

void EndTrail(Trail *trail) {
  if (trail != nullptr) {
    Write(trail, "done", nullptr);
  }
}

void FailTrail(Trail *trail) {
  if (trail == nullptr) {
    return;
  }
  const MemoryContext error_context = MemoryContextSwitchTo(GetMemoryChunkContext(trail));
  ErrorData *error = CopyErrorData();
  Write(trail, OutcomeOfError(error->sqlerrcode), unpack_sql_state(error->sqlerrcode));
  FreeErrorData(error);
  MemoryContextSwitchTo(error_context);
}

}  // namespace vidyo_cdr

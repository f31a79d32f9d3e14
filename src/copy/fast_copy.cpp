// Runs the exports of a COPY's query when the query starts, and puts the C++ writer in the place of
// the receiver that PostgreSQL's COPY hands its rows to. All else stays PostgreSQL's: privileges,
// options, planning, opening the file, protocol, header, command tag. So every refusal is
// PostgreSQL's own, and every other hook sees the statement as it is.
//
// COPY starts its query before it opens the file or speaks to the client, and runs it afterwards.
// Planning has loaded the library by then, so that all of this holds in the first COPY of a session
// too. An export that is refused at the start leaves nothing written.
//
// The statement, for its options, is noted in the utility hook, or found with the client's command
// when the library was not there yet. What is not known for certain is left to PostgreSQL.
#include "copy/fast_copy.hpp"

#include <new>
#include <type_traits>

#include "access/trail.hpp"
#include "base/guard.hpp"
#include "base/settings.hpp"
#include "copy/export_scans.hpp"
#include "copy/output.hpp"
#include "copy/plain_export.hpp"
#include "copy/statement.hpp"
#include "export/function.hpp"
#include "writing/record_writer.hpp"
#include "writing/row_buffer.hpp"

namespace vidyo_cdr {

namespace {

ProcessUtility_hook_type next_process_utility = nullptr;
ExecutorStart_hook_type next_executor_start = nullptr;

// The innermost command that the utility hook has seen, when it is a COPY of a query TO something.
struct NotedCopy {
  const CopyStmt *statement;
  const char *text;
  Trail *unsent;  // of its export, when that has been buffered and waits to be sent
};
NotedCopy noted_copy = {};

// The receiver in the place of COPY's.
struct FastCopyReceiver {
  CopyReceiverHead head;  // first: COPY and the executor know it by its head
  CopyReceiverHead *original;
  const CopyStmt *statement;  // nullptr: PostgreSQL's writer shall write
  QueryDesc *query;
  bool has_exported;
  CopyForm form;
  BufferedExport buffered;  // of a plain export
  CopyOutput *output;
  RecordWriter *writer;  // of a query that is more
  SingleRow *row;
};
static_assert(std::is_trivially_destructible_v<FastCopyReceiver>);

FastCopyReceiver *ReceiverOf(DestReceiver *self) {
  return reinterpret_cast<FastCopyReceiver *>(self);
}

// Runs what the query exports, in the first of two runs: COPY has written nothing yet.
void Export(FastCopyReceiver *self) {
  self->has_exported = true;
  if (self->statement != nullptr) {
    self->form = FormOfCopy(self->statement, self->query->tupDesc);
    if (const FuncExpr *call = PlainExportCall(self->query)) {
      self->buffered = BufferPlainExport(self->query, call, self->form.style);
      if (noted_copy.statement == self->statement) {
        noted_copy.unsent = self->buffered.trail;
      }
      return;
    }
    self->writer = RecordWriter::Make(self->form.style, self->query->tupDesc);
    self->row = new (palloc(sizeof(SingleRow))) SingleRow;
  }
  RunExportScans(self->query->planstate);
}

// Lets PostgreSQL write after all, from the beginning.
void LeaveToOriginal(FastCopyReceiver *self) {
  if (self->buffered.rows != nullptr) {
    self->buffered.rows->Close();
  }
  self->writer = nullptr;
  DestReceiver *original = &self->original->receiver;
  self->query->dest = original;
  original->rStartup(original, self->query->operation, self->query->tupDesc);
}

// COPY has begun: the header is out, rows may follow.
void Begin(FastCopyReceiver *self) {
  noted_copy.unsent = nullptr;
  if (!CopyOutput::CanSend(self->original, self->statement, self->query)) {
    LeaveToOriginal(self);
    return;
  }
  self->output = new (palloc(sizeof(CopyOutput))) CopyOutput(&self->head, self->form.header_size);
  if (self->buffered.rows != nullptr) {
    SendBufferedExport(self->query, self->buffered, self->output);
  }
}

void StartReceiving(DestReceiver *self, int, TupleDesc) noexcept {
  FastCopyReceiver *receiver = ReceiverOf(self);
  const MemoryContext caller_context = MemoryContextSwitchTo(receiver->query->estate->es_query_cxt);
  receiver->has_exported ? Begin(receiver) : Export(receiver);
  MemoryContextSwitchTo(caller_context);
}

// A row of a query that is more than a plain export goes out at once, as with PostgreSQL's COPY.
bool ReceiveRow(TupleTableSlot *row, DestReceiver *self) noexcept {
  FastCopyReceiver *receiver = ReceiverOf(self);
  if (receiver->writer == nullptr) {
    return receiver->original->receiver.receiveSlot(row, &receiver->original->receiver);
  }
  const char *end = receiver->writer->Write(row, *receiver->row);
  const char *begin = receiver->row->RowBegin();
  const auto size = static_cast<uint32_t>(end - begin);
  receiver->output->Send({begin, size, &size, 1});
  return true;
}

// PostgreSQL's receiver has nothing to do at the end.
void StopReceiving(DestReceiver *) noexcept {}

FastCopyReceiver *MakeReceiver(QueryDesc *query, const CopyStmt *statement) {
  auto *receiver = new (MemoryContextAlloc(query->estate->es_query_cxt, sizeof(FastCopyReceiver)))
      FastCopyReceiver();
  receiver->original = reinterpret_cast<CopyReceiverHead *>(query->dest);
  receiver->head = *receiver->original;
  receiver->head.receiver = {ReceiveRow, StartReceiving, StopReceiving, StopReceiving, DestCopyOut};
  receiver->statement = statement;
  receiver->query = query;
  return receiver;
}

// Whether the query's receiver is the one that COPY makes, not one that another extension has put
// in its place.
bool HasCopyReceiver(const QueryDesc *query) {
  DestReceiver *made = CreateCopyDestReceiver();
  const bool is_same = made->receiveSlot == query->dest->receiveSlot &&
                       made->rStartup == query->dest->rStartup &&
                       made->rShutdown == query->dest->rShutdown;
  pfree(made);
  return is_same;
}

// The statement whose query this is, when the writer can write all that it asks for; nullptr
// otherwise. copy_output has been compared with PostgreSQL up to 19, of which that is the release
// candidate; a version that is not compared is PostgreSQL's to write.
const CopyStmt *StatementToWrite(const QueryDesc *query) {
#if PG_VERSION_NUM >= 200000
  return nullptr;
#endif
  if (!settings.fast_copy || query->operation != CMD_SELECT ||
      query->plannedstmt->hasModifyingCTE || !HasCopyReceiver(query)) {
    return nullptr;
  }
  const bool is_noted = noted_copy.statement != nullptr && noted_copy.text == query->sourceText;
  const CopyStmt *statement = is_noted ? noted_copy.statement : FindClientCopy(query->sourceText);
  return statement != nullptr && IsKnownCopy(statement) ? statement : nullptr;
}

// Runs a query without taking a row from it: its receiver is started, below the hooks that count
// the run.
void RunWithoutRows(QueryDesc *query) {
#if PG_VERSION_NUM < 190000
  // Hooks that come later take this for their own, and so count the run as well. PostgreSQL 19
  // makes it itself.
  if (query->totaltime == nullptr) {
    const MemoryContext caller_context = MemoryContextSwitchTo(query->estate->es_query_cxt);
    query->totaltime = InstrAlloc(1, INSTRUMENT_ALL, false);
    MemoryContextSwitchTo(caller_context);
  }
#endif
#if PG_VERSION_NUM >= 180000
  ExecutorRun(query, NoMovementScanDirection, 0);
#else
  ExecutorRun(query, NoMovementScanDirection, 0, false);
#endif
}

// Runs the exports of a COPY's query that has been started, and keeps the receiver if it is to
// write.
void ExportBeforeCopy(QueryDesc *query) {
  FastCopyReceiver *receiver = MakeReceiver(query, StatementToWrite(query));
  query->dest = &receiver->head.receiver;
  RunWithoutRows(query);
  if (receiver->statement == nullptr || !receiver->has_exported) {
    query->dest = &receiver->original->receiver;
  }
}

// Whether a plan calls the function: plans note the functions that they depend on.
bool PlanCalls(const PlannedStmt *plan, Oid function) {
  const uint32 hash = GetSysCacheHashValue1(PROCOID, ObjectIdGetDatum(function));
  ListCell *cell;
  foreach (cell, plan->invalItems) {
    const auto *item = lfirst_node(PlanInvalItem, cell);
    if (item->cacheId == PROCOID && item->hashValue == hash) {
      return true;
    }
  }
  return false;
}

bool CallsExport(const QueryDesc *query) {
  const Oid export_function = FindExportFunction();
  return OidIsValid(export_function) && PlanCalls(query->plannedstmt, export_function);
}

void StartExecutor(QueryDesc *query, int flags) {
  if (next_executor_start != nullptr) {
    next_executor_start(query, flags);
  } else {
    standard_ExecutorStart(query, flags);
  }
  if (query->dest->mydest == DestCopyOut && CallsExport(query)) {
    ExportBeforeCopy(query);
  }
}

void OnExecutorStart(QueryDesc *query, int flags) {
  VIDYO_CDR_GUARD(return StartExecutor(query, flags));
}

// Notes a COPY of a query while PostgreSQL runs it; a command inside it has its own note.
void ProcessUtilityNotingCopy(PlannedStmt *planned, const char *query_string, bool read_only_tree,
                              ProcessUtilityContext context, ParamListInfo params,
                              QueryEnvironment *environment, DestReceiver *receiver,
                              QueryCompletion *completion) {
  const NotedCopy outer = noted_copy;
  noted_copy = {AsCopyOfQuery(planned), query_string, nullptr};
  PG_TRY();
  {
    (next_process_utility != nullptr ? next_process_utility : standard_ProcessUtility)(
        planned, query_string, read_only_tree, context, params, environment, receiver, completion);
  }
  PG_CATCH();
  {
    FailTrail(noted_copy.unsent);
    noted_copy = outer;
    PG_RE_THROW();
  }
  PG_END_TRY();
  noted_copy = outer;
}

void OnProcessUtility(PlannedStmt *planned, const char *query_string, bool read_only_tree,
                      ProcessUtilityContext context, ParamListInfo params,
                      QueryEnvironment *environment, DestReceiver *receiver,
                      QueryCompletion *completion) {
  VIDYO_CDR_GUARD(return ProcessUtilityNotingCopy(planned, query_string, read_only_tree, context,
                                                  params, environment, receiver, completion));
}

}  // namespace

void InstallFastCopy() {
  next_process_utility = ProcessUtility_hook;
  ProcessUtility_hook = OnProcessUtility;
  next_executor_start = ExecutorStart_hook;
  ExecutorStart_hook = OnExecutorStart;
}

}  // namespace vidyo_cdr

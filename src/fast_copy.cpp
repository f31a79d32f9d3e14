// Puts the C++ writer in the place of the receiver that PostgreSQL's COPY hands its rows to. All
// else stays PostgreSQL's: privileges, options, planning, opening the file, protocol, header,
// command tag. So every refusal is PostgreSQL's own, and every other hook sees the statement as it
// is.
//
// COPY announces itself in the utility hook, which notes the statement for its options; when its
// query starts, the executor hook decides. What is not known for certain is left to PostgreSQL.
#include "fast_copy.hpp"

#include <new>
#include <type_traits>

#include "copy_output.hpp"
#include "copy_statement.hpp"
#include "export_function.hpp"
#include "guard.hpp"
#include "plain_export.hpp"
#include "record_writer.hpp"
#include "row_buffer.hpp"
#include "settings.hpp"

namespace vidyo_cdr {

namespace {

ProcessUtility_hook_type next_process_utility = nullptr;
ExecutorStart_hook_type next_executor_start = nullptr;

// The COPY whose query is about to start, nullptr when there is none.
const CopyStmt *starting_copy = nullptr;

// The receiver in the place of COPY's.
struct FastCopyReceiver {
  CopyReceiverHead head;  // first: COPY and the executor know it by its head
  const CopyStmt *statement;
  QueryDesc *query;
  RecordWriter *writer;
  CopyOutput *output;
  SingleRow *row;  // of a query that is more than a plain export
};
static_assert(std::is_trivially_destructible_v<FastCopyReceiver>);

FastCopyReceiver *ReceiverOf(DestReceiver *self) {
  return reinterpret_cast<FastCopyReceiver *>(self);
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

// COPY has begun: the header is out, rows may follow.
void Start(FastCopyReceiver *self) {
  self->output = new (palloc(sizeof(CopyOutput))) CopyOutput(&self->head);
  const RecordStyle style = StyleOfCopy(self->statement, self->query->tupDesc);
  if (const FuncExpr *call = PlainExportCall(self->query)) {
    RunPlainExport(self->query, call, style, self->output);
    return;
  }
  self->writer = RecordWriter::Make(style, self->query->tupDesc);
  self->row = new (palloc(sizeof(SingleRow))) SingleRow;
}

void StartReceiving(DestReceiver *self, int, TupleDesc) noexcept {
  FastCopyReceiver *receiver = ReceiverOf(self);
  const MemoryContext caller_context = MemoryContextSwitchTo(receiver->query->estate->es_query_cxt);
  Start(receiver);
  MemoryContextSwitchTo(caller_context);
}

// A row of any other query over export_cdr goes out at once, as with PostgreSQL's COPY.
bool ReceiveRow(TupleTableSlot *row, DestReceiver *self) noexcept {
  FastCopyReceiver *receiver = ReceiverOf(self);
  const char *end = receiver->writer->Write(row, *receiver->row);
  const char *begin = receiver->row->RowBegin();
  const auto size = static_cast<uint32_t>(end - begin);
  receiver->output->Send({begin, size, &size, 1});
  return true;
}

void StopReceiving(DestReceiver *) noexcept {}

// Gives the query our receiver instead of COPY's.
void TakeOver(QueryDesc *query, const CopyStmt *statement) {
  auto *receiver = static_cast<FastCopyReceiver *>(
      MemoryContextAllocZero(query->estate->es_query_cxt, sizeof(FastCopyReceiver)));
  receiver->head = *reinterpret_cast<CopyReceiverHead *>(query->dest);
  receiver->head.receiver = {ReceiveRow, StartReceiving, StopReceiving, StopReceiving, DestCopyOut};
  receiver->statement = statement;
  receiver->query = query;
  query->dest = &receiver->head.receiver;
}

bool CanTakeOver(const QueryDesc *query, const CopyStmt *statement) {
#if PG_VERSION_NUM >= 200000
  return false;  // copy_output.cpp has not been compared with this version
#endif
  if (!fast_copy || query->operation != CMD_SELECT || query->plannedstmt->hasModifyingCTE ||
      !IsKnownCopy(statement)) {
    return false;
  }
  const Oid export_function = FindExportFunction();
  return OidIsValid(export_function) && PlanCalls(query->plannedstmt, export_function);
}

void StartExecutor(QueryDesc *query, int flags) {
  if (next_executor_start != nullptr) {
    next_executor_start(query, flags);
  } else {
    standard_ExecutorStart(query, flags);
  }
  if (starting_copy != nullptr && query->dest->mydest == DestCopyOut) {
    const CopyStmt *statement = starting_copy;
    starting_copy = nullptr;
    if (CanTakeOver(query, statement)) {
      TakeOver(query, statement);
    }
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
  const CopyStmt *outer_copy = starting_copy;
  starting_copy = nullptr;
  if (IsA(planned->utilityStmt, CopyStmt)) {
    const auto *statement = castNode(CopyStmt, planned->utilityStmt);
    if (!statement->is_from && statement->query != nullptr) {
      starting_copy = statement;
    }
  }
  PG_TRY();
  {
    (next_process_utility != nullptr ? next_process_utility : standard_ProcessUtility)(
        planned, query_string, read_only_tree, context, params, environment, receiver, completion);
  }
  PG_FINALLY();
  { starting_copy = outer_copy; }
  PG_END_TRY();
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

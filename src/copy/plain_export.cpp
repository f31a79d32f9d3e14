// Running a plain export for COPY.
#include "copy/plain_export.hpp"

#include "base/memory.hpp"
#include "copy/plan_path.hpp"
#include "core/export_limit.hpp"
#include "export/buffering_sink.hpp"
#include "export/export.hpp"
#include "export/function.hpp"
#include "export/trail.hpp"
#include "writing/buffered_rows.hpp"

namespace vidyo_cdr {

namespace {

// How many bytes go out between two looks at interrupts and progress.
constexpr size_t kPortionSize = size_t{64} * 1024;

// Whether the executor would call export_cdr's C++ function and nothing around it: no SET clause or
// SECURITY DEFINER, no hook, no statistics, nothing that would answer in its place.
bool IsCalledPlainly(Oid function) {
  FmgrInfo called;
  fmgr_info(function, &called);
  return called.fn_addr == vidyo_cdr_export && !called.fn_strict &&
         pgstat_track_functions <= called.fn_stats;
}

// Whether a node's target list is made of columns of its function, and nothing else.
bool SelectsColumns(const List *target_list) {
  ListCell *cell;
  foreach (cell, target_list) {
    const auto *target = lfirst_node(TargetEntry, cell);
    if (target->resjunk || !IsA(target->expr, Var) || castNode(Var, target->expr)->varattno <= 0) {
      return false;
    }
  }
  return true;
}

// The columns that export_cdr promises.
TupleDesc PromisedColumns(const FuncExpr *call) {
  TupleDesc columns;
  get_expr_result_type(const_cast<Node *>(reinterpret_cast<const Node *>(call)), nullptr, &columns);
  return columns;
}

// The node's answer when its rows have gone out already.
TupleTableSlot *NoMoreRows(PlanState *) { return nullptr; }

// The arguments of the call, as the executor would evaluate them, read as an export's request.
RecordRequest EvaluateRequest(const FuncExpr *call, PlanState *node) {
  LOCAL_FCINFO(arguments, 3);
  InitFunctionCallInfoData(*arguments, nullptr, 3, InvalidOid, nullptr, nullptr);
  int i = 0;
  ListCell *cell;
  foreach (cell, call->args) {
    ExprState *argument = ExecInitExpr(static_cast<Expr *>(lfirst(cell)), node);
    arguments->args[i].value =
        ExecEvalExpr(argument, node->ps_ExprContext, &arguments->args[i].isnull);
    i++;
  }
  return ReadRecordRequest(arguments);
}

void SendRows(const BufferedExport &buffered, CopyOutput *output) {
  NoteProgress(buffered.trail, output->Rows(), output->Bytes());
  BufferedPortion portion;
  while (buffered.rows->TakeNext(kPortionSize, &portion)) {
    output->Send(portion);
    NoteProgress(buffered.trail, output->Rows(), output->Bytes());
  }
  buffered.rows->Close();
}

// The fields in the order of the node's target list, which names columns of the export.
const RecordField *TargetFields(const RecordStyle &style, const PlanState *node) {
  auto *fields = AllocateArray<RecordField>(style.field_count);
  int i = 0;
  ListCell *cell;
  foreach (cell, node->plan->targetlist) {
    const auto *target = castNode(Var, lfirst_node(TargetEntry, cell)->expr);
    fields[i] = {target->varattno, style.fields[i].force_quotes};
    i++;
  }
  return fields;
}

}  // namespace

const FuncExpr *PlainExportCall(const QueryDesc *query) {
  if (!IsA(query->planstate, FunctionScanState)) {
    return nullptr;
  }
  const auto *scan = castNode(FunctionScan, query->planstate->plan);
  if (scan->scan.plan.qual != NIL || scan->funcordinality || list_length(scan->functions) != 1 ||
      !SelectsColumns(scan->scan.plan.targetlist)) {
    return nullptr;
  }
  Node *function = linitial_node(RangeTblFunction, scan->functions)->funcexpr;
  if (!IsA(function, FuncExpr)) {
    return nullptr;
  }
  const auto *call = castNode(FuncExpr, function);
  return call->funcid == FindExportFunction() && IsCalledPlainly(call->funcid) ? call : nullptr;
}

BufferedExport BufferPlainExport(const QueryDesc *query, const FuncExpr *call, RecordStyle style) {
  PlanState *node = query->planstate;
  const MemoryContext caller_context = MemoryContextSwitchTo(query->estate->es_query_cxt);
  BufferedExport buffered = {};
  RunBeforeFirstRow({node, nullptr}, [&] {
    style.fields = TargetFields(style, node);
    const RecordRequest request = EvaluateRequest(call, node);
    buffered.trail = BeginExportTrail(CurrentMemoryContext, "export_cdr", request, nullptr);
    RunOnTrail(buffered.trail, [&] {
      buffered.rows = BufferedRows::Make(kMaxExportRecords);
      BufferingSink sink(style, PromisedColumns(call), buffered.rows);
      RunExport(request, sink);
    });
  });
  AwaitSending(buffered.trail);
  MemoryContextSwitchTo(caller_context);
  return buffered;
}

void SendBufferedExport(const QueryDesc *query, const BufferedExport &buffered,
                        CopyOutput *output) {
  PlanState *node = query->planstate;
  if (node->instrument != nullptr) {
    InstrStartNode(node->instrument);
  }
  RunOnTrail(buffered.trail, [&] { SendRows(buffered, output); });
  EndTrail(buffered.trail);

  node->ExecProcNode = NoMoreRows;
  query->estate->es_processed += static_cast<uint64>(output->Rows());
  if (node->instrument != nullptr) {
    InstrStopNode(node->instrument, static_cast<double>(output->Rows()));
  }
}

}  // namespace vidyo_cdr

// Running the exports of a started query.
//
// The executor fills the tuplestore of a function scan when it wants the first row, and keeps it
// for a scan that begins again. So one row is taken, without the scan's filter and columns, which
// may do something or fail, and the scan is put back to its beginning.
#include "copy/export_scans.hpp"

#include "copy/plan_path.hpp"
#include "export/function.hpp"

namespace vidyo_cdr {

namespace {

// Whether a function's arguments can be evaluated now: none of them comes from another row. What
// sub-selects give, the executor evaluates when it is needed.
bool ArgumentsAreKnown(const RangeTblFunction *function, const EState *state) {
  int param = -1;
  while ((param = bms_next_member(function->funcparams, param)) >= 0) {
    const auto *sub_select =
        static_cast<const SubPlanState *>(state->es_param_exec_vals[param].execPlan);
    if (sub_select == nullptr || !bms_is_empty(sub_select->planstate->plan->extParam)) {
      return false;
    }
  }
  return true;
}

// Whether a node scans an export that can be run now.
bool ScansKnownExport(const PlanState *node) {
  if (!IsA(node, FunctionScanState)) {
    return false;
  }
  const Oid export_function = FindExportFunction();
  bool has_export = false;
  ListCell *cell;
  foreach (cell, castNode(FunctionScan, node->plan)->functions) {
    const auto *function = lfirst_node(RangeTblFunction, cell);
    if (!ArgumentsAreKnown(function, node->state)) {
      return false;
    }
    has_export = has_export || (IsA(function->funcexpr, FuncExpr) &&
                                castNode(FuncExpr, function->funcexpr)->funcid == export_function);
  }
  return has_export;
}

// Fills the scan at the end of the path.
void FillScan(const PlanPath &path) {
  PlanState *scan = path.node;
  ExprState *filter = scan->qual;
  ProjectionInfo *columns = scan->ps_ProjInfo;
  scan->qual = nullptr;
  scan->ps_ProjInfo = nullptr;
  RunBeforeFirstRow(path, [&] { (void)scan->ExecProcNodeReal(scan); });
  scan->qual = filter;
  scan->ps_ProjInfo = columns;
  ExecReScan(scan);
}

// Whether the query may not get to what is below a node: LIMIT 0, or a condition that is the same
// for all rows.
bool MayStopAbove(const PlanState *node) {
  if (IsA(node, ResultState)) {
    return castNode(Result, node->plan)->resconstantqual != nullptr;
  }
  if (!IsA(node, LimitState)) {
    return false;
  }
  const Node *count = castNode(Limit, node->plan)->limitCount;
  return count != nullptr && IsA(count, Const) && !castNode(Const, count)->constisnull &&
         DatumGetInt64(castNode(Const, count)->constvalue) == 0;
}

bool VisitNode(PlanState *node, void *above) noexcept;

void VisitSubPlans(const List *sub_plans, PlanPath *path) {
  ListCell *cell;
  foreach (cell, sub_plans) {
    VisitNode(lfirst_node(SubPlanState, cell)->planstate, path);
  }
}

void VisitBelow(PlanPath *path) {
#if PG_VERSION_NUM >= 160000
  planstate_tree_walker(path->node, VisitNode, path);
#else
  planstate_tree_walker(
      path->node, reinterpret_cast<bool (*)()>(reinterpret_cast<void (*)()>(VisitNode)), path);
#endif
}

// Runs the exports at and below a node. above: the path to it. Returns false, to go on.
bool VisitNode(PlanState *node, void *above) noexcept {
  PlanPath path = {node, static_cast<const PlanPath *>(above)};
  check_stack_depth();
  if (MayStopAbove(node)) {
    VisitSubPlans(node->initPlan, &path);
    VisitSubPlans(node->subPlan, &path);
  } else {
    VisitBelow(&path);
  }
  if (ScansKnownExport(node)) {
    FillScan(path);
  }
  return false;
}

}  // namespace

void RunExportScans(PlanState *plan) { VisitNode(plan, nullptr); }

}  // namespace vidyo_cdr

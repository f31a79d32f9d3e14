// Which columns of cdr_usage a query uses. The planner knows when it asks how many rows the call
// has, and the call has to know when it runs. What a plan keeps of a call is its FuncExpr, with the
// place in the query's text that it came from, for error messages. A negative place means that
// there is none; so the columns go there, as -2 - columns, from where they come with every copy of
// the plan, and where nothing compares them. A plan that is written and read, as for a parallel
// worker, has -1 there, which stands for all columns.
#include "usage/columns.hpp"

#include "usage/functions.hpp"

namespace vidyo_cdr {

namespace {

constexpr UsageColumnSet kAllColumns = (UsageColumnSet{1} << kUsageColumnCount) - 1;
constexpr int kNoPlace = -1;

// The columns of a relation that its query uses, with PostgreSQL's offset.
Bitmapset *UsedAttributes(RelOptInfo *relation) {
  Bitmapset *used = nullptr;
  pull_varattnos(reinterpret_cast<Node *>(relation->reltarget->exprs), relation->relid, &used);
  ListCell *cell;
  foreach (cell, relation->baserestrictinfo) {
    pull_varattnos(reinterpret_cast<Node *>(lfirst_node(RestrictInfo, cell)->clause),
                   relation->relid, &used);
  }
  return used;
}

bool IsUsed(const Bitmapset *used, int attribute) {
  return bms_is_member(attribute - FirstLowInvalidHeapAttributeNumber, used);
}

// The columns that are used of a function whose first one has that number in its relation; 0 stands
// for the whole row.
UsageColumnSet ColumnsFrom(const Bitmapset *used, int first) {
  if (IsUsed(used, 0)) {
    return kAllColumns;
  }
  UsageColumnSet columns = 0;
  for (int i = 0; i < kUsageColumnCount; i++) {
    columns |= IsUsed(used, first + i) ? UsageColumnSet{1} << i : 0;
  }
  return columns;
}

// Where the call's columns begin among those of a FROM item; 0 when it is not there.
int FirstColumn(const RangeTblEntry *item, const Node *call) {
  int first = 1;
  ListCell *cell;
  foreach (cell, item->functions) {
    const auto *function = lfirst_node(RangeTblFunction, cell);
    if (function->funcexpr == call) {
      return first;
    }
    first += function->funccolcount;
  }
  return 0;
}

// Writes the columns that the query uses of a call in FROM into the call.
void NoteColumns(PlannerInfo *root, FuncExpr *call) {
  for (int i = 1; i < root->simple_rel_array_size; i++) {
    RelOptInfo *relation = root->simple_rel_array[i];
    const RangeTblEntry *item = root->simple_rte_array[i];
    if (relation == nullptr || item == nullptr || item->rtekind != RTE_FUNCTION) {
      continue;
    }
    const int first = FirstColumn(item, reinterpret_cast<Node *>(call));
    if (first > 0) {
      call->location =
          kNoPlace - 1 - static_cast<int>(ColumnsFrom(UsedAttributes(relation), first));
    }
  }
}

}  // namespace

UsageColumnSet UsedColumns(FunctionCallInfo fcinfo) {
  const Node *call = fcinfo->flinfo->fn_expr;
  if (call == nullptr || !IsA(call, FuncExpr)) {
    return kAllColumns;
  }
  const int place = castNode(FuncExpr, call)->location;
  return place < kNoPlace ? static_cast<UsageColumnSet>(kNoPlace - 1 - place) : kAllColumns;
}

// Answers a request for the number of rows with no number of its own.
Datum CdrUsageSupport(FunctionCallInfo fcinfo) {
  Node *request = reinterpret_cast<Node *>(PG_GETARG_POINTER(0));
  if (IsA(request, SupportRequestRows)) {
    const auto *rows = castNode(SupportRequestRows, request);
    if (rows->root != nullptr && rows->node != nullptr && IsA(rows->node, FuncExpr)) {
      NoteColumns(rows->root, castNode(FuncExpr, rows->node));
    }
  }
  return PointerGetDatum(static_cast<Node *>(nullptr));
}

}  // namespace vidyo_cdr

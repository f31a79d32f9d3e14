// Rows of the extension's own functions and views, read as the caller and in the active snapshot.
#pragma once

#include <initializer_list>
#include <type_traits>

#include "base/extension.hpp"
#include "base/memory.hpp"
#include "base/postgres.hpp"
#include "base/query.hpp"
#include "base/statement.hpp"
#include "report/request.hpp"

namespace vidyo_cdr {

// A row; columns are counted from 1, in the order of the query.
class Row {
 public:
  explicit Row(TupleTableSlot *slot) : slot_(slot) {}

  bool IsNull(int column) const { return slot_attisnull(slot_, column); }
  // 0 when it is NULL.
  int64_t Number(int column) const { return IsNull(column) ? 0 : DatumGetInt64(Value(column)); }
  double Amount(int column) const { return IsNull(column) ? 0 : DatumGetFloat8(Value(column)); }
  TimestampTz Moment(int column) const {
    return IsNull(column) ? 0 : DatumGetTimestampTz(Value(column));
  }
  // A text in UTF-8, in the current memory context; empty when it is NULL.
  std::string_view Utf8(int column) const;

 private:
  Datum Value(int column) const {
    bool is_null;
    return slot_getattr(slot_, column, &is_null);
  }
  TupleTableSlot *slot_;
};

// A text of the database's encoding in UTF-8. Of SQL_ASCII, which does not say what its bytes are,
// they are as they are.
std::string_view Utf8Of(std::string_view text);

// A call of cdr_usage.
struct UsageCall {
  const char *columns;                   // as a select list has them
  const BucketLength *bucket = nullptr;  // nullptr: the whole range
  const char *group_by = nullptr;
  const char *order = "";            // ORDER BY ...
  const TimeRange *range = nullptr;  // nullptr: the page's
};

// Reads for one page.
class PageReader {
 public:
  PageReader(const PageRequest &request, const Extension &extension)
      : request_(request), extension_(extension), context_(CurrentMemoryContext) {}

  // Runs a call of cdr_usage, and take(row) for each of its rows. What take() leaves in the current
  // memory context is gone afterwards.
  template <typename Take>
  void Read(const UsageCall &call, const Take &take) const {
    const Query query = QueryOf(call);
    Run(query, take);
  }

  // The same for a SELECT from one of the extension's views. The query has the view's name, with
  // its schema, for %s; its parameters are the bounds ($1, $2) and the tenant ($3), which may be
  // NULL.
  template <typename Take>
  void ReadView(const char *query, const char *view, const Take &take) const {
    Run(QueryOf(query, view), take);
  }

  // Where what outlives a reading belongs.
  MemoryContext context() const { return context_; }
  const PageRequest &request() const { return request_; }

 private:
  static constexpr int kMaxParams = 6;
  struct Query {
    MemoryContext context;  // which has all of it
    const char *text;
    PlannedStmt *plan;
    ParamListInfo params;
  };
  template <typename Take>
  struct Receiver {
    DestReceiver receiver;  // first, so that the executor's pointer is also ours
    const Take *take;
    MemoryContext row_context;
  };

  Query NewQuery() const {
    Query query = {};
    query.context = AllocSetContextCreate(context_, "usage page, reading", ALLOCSET_DEFAULT_SIZES);
    return query;
  }
  static void Plan(std::initializer_list<Parameter> parameters, Query *query);
  Query QueryOf(const UsageCall &call) const;
  Query QueryOf(const char *query, const char *view) const;

  template <typename Take>
  static bool TakeRow(TupleTableSlot *slot, DestReceiver *self) noexcept {
    const auto *receiver = reinterpret_cast<const Receiver<Take> *>(self);
    InMemoryContext(receiver->row_context, [&] { (*receiver->take)(Row(slot)); });
    MemoryContextReset(receiver->row_context);
    return true;
  }
  static void Start(DestReceiver *, int, TupleDesc) noexcept {}
  static void Stop(DestReceiver *) noexcept {}

  template <typename Take>
  void Run(const Query &query, const Take &take) const {
    Receiver<Take> receiver = {
        {TakeRow<Take>, Start, Stop, Stop, DestNone},
        &take,
        AllocSetContextCreate(query.context, "usage page, row", ALLOCSET_SMALL_SIZES)};
    static_assert(std::is_trivially_destructible_v<Receiver<Take>>);
    InMemoryContext(query.context,
                    [&] { RunPlan(query.plan, query.text, query.params, &receiver.receiver, 0); });
    MemoryContextDelete(query.context);
  }

  const PageRequest &request_;
  const Extension &extension_;
  MemoryContext context_;
};
static_assert(std::is_trivially_destructible_v<PageReader>);

}  // namespace vidyo_cdr

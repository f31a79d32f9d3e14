// The trail: a line in the server log for each action that it is kept of, when
// vidyo_cdr.log_exports asks for it.
#pragma once

#include "base/postgres.hpp"

namespace vidyo_cdr {

// One action's line, written when the action ends, however that is.
struct Trail;

// Adds a field with a text, or with null for nullptr, to what a line tells of its request.
void AppendTrailText(StringInfo fields, const char *name, const char *value);

// Begins the line of an action, `event`, that `function` was called for; request: its own fields,
// as AppendTrailText() wrote them. The event is a constant. The action has been given up when the
// context is deleted before anything else ended it. Returns nullptr when no line is wanted; the
// other functions then do nothing.
Trail *BeginTrail(MemoryContext context, const char *event, const char *function,
                  const char *request);

// The records are there, for a statement that has yet to send them. Until something has gone out,
// the action has failed when the context is deleted: the statement has not come to sending.
void AwaitSending(Trail *trail);

// Notes what has been done so far. bytes: negative when they are not known.
void NoteProgress(Trail *trail, int64 records, int64 bytes);

// The action is done: writes the line.
void EndTrail(Trail *trail);

// Inside PG_CATCH: writes the line of an action that ends with the error being handled.
void FailTrail(Trail *trail);

// Runs a part of the action, which throws no C++ exception; an error is its end.
template <typename Part>
void RunOnTrail(Trail *trail, const Part &part) {
  PG_TRY();
  { part(); }
  PG_CATCH();
  {
    FailTrail(trail);
    PG_RE_THROW();
  }
  PG_END_TRY();
}

}  // namespace vidyo_cdr

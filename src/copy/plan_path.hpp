// Letting a part of a started query run before the query gives its first row, without leaving a
// trace in what EXPLAIN ANALYZE counts but the time.
#pragma once

#include "base/postgres.hpp"

namespace vidyo_cdr {

// A node of a started plan, and those above it.
struct PlanPath {
  PlanState *node;
  const PlanPath *above;
};

// Runs a part of a node's work, whose time and pages count as the node's and of those above it on
// the way to their first row.
template <typename Part>
void RunBeforeFirstRow(const PlanPath &path, const Part &part) {
  for (const PlanPath *step = &path; step != nullptr; step = step->above) {
    if (step->node->instrument != nullptr) {
      InstrStartNode(step->node->instrument);
    }
  }
  part();
  for (const PlanPath *step = &path; step != nullptr; step = step->above) {
    if (step->node->instrument != nullptr) {
      InstrStopNode(step->node->instrument, 0);
      step->node->instrument->running = false;  // the first row is yet to come
    }
  }
}

}  // namespace vidyo_cdr

// The scale of an axis of values: from 0 up, in steps that people count in.
#pragma once

#include <cstddef>

namespace vidyo_cdr {

struct Scale {
  double step;  // 1, 2 or 5 times a power of ten, and a whole number
  int steps;    // at least 1

  double Top() const noexcept { return step * steps; }
};

// The largest value that is drawn, so that labels stay short; larger ones are drawn as that.
inline constexpr double kLargestValue = 9e12;

// A value as it is drawn: 0 if it is negative or no number.
double DrawnValue(double value) noexcept;

// The scale with the smallest step that reaches a value, a sum of drawn ones, in at most so many
// steps.
Scale ScaleFor(double highest, int most_steps) noexcept;

// Room that WriteTickLabel() needs.
inline constexpr size_t kMaxTickLabelSize = 32;

// Writes the label of a scale's tick, counted from 0, to out: 5,000, 12k, 0.5M. All ticks of a
// scale have the same unit. Returns the end.
char *WriteTickLabel(char *out, const Scale &scale, int tick) noexcept;

}  // namespace vidyo_cdr

// Choosing steps.
#include "core/chart/scale.hpp"

#include "core/html/number.hpp"

#include "core/no_postgres.hpp"

namespace vidyo_cdr {

namespace {

// The step after one: 1, 2, 5, 10, 20, 50, and so on.
constexpr double kFactors[] = {2, 2.5, 2};

// What the labels of a scale are counted in.
struct LabelUnit {
  double from;  // tops from here on have it
  double size;
  char sign;
};
constexpr LabelUnit kLabelUnits[] = {
    {1e12, 1e12, 'T'}, {1e9, 1e9, 'B'}, {1e6, 1e6, 'M'}, {1e4, 1e3, 'k'}};

// How many decimals multiples of a step have.
int DecimalsOf(double step) noexcept {
  if (step >= 1) {
    return 0;
  }
  return step >= 0.1 ? 1 : 2;
}

}  // namespace

double DrawnValue(double value) noexcept {
  if (!(value > 0)) {
    return 0;
  }
  return value < kLargestValue ? value : kLargestValue;
}

Scale ScaleFor(double highest, int most_steps) noexcept {
  double step = 1;
  for (int i = 0; step * most_steps < highest; i++) {
    step *= kFactors[i % 3];
  }
  int steps = 1;
  while (step * steps < highest) {
    steps++;
  }
  return {step, steps};
}

char *WriteTickLabel(char *out, const Scale &scale, int tick) noexcept {
  const double value = scale.step * tick;
  if (tick > 0) {
    for (const LabelUnit &unit : kLabelUnits) {
      if (scale.Top() >= unit.from) {
        out = WriteNumber(out, value / unit.size, DecimalsOf(scale.step / unit.size));
        *out++ = unit.sign;
        return out;
      }
    }
  }
  return WriteNumber(out, value, 0);
}

}  // namespace vidyo_cdr

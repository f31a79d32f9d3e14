// Charts: small ones as they are written, and what holds for all of them, over random figures: that
// they are well-formed, and that nothing leaves the drawing or stands on something else.
#include "core/chart/chart.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/chart/scale.hpp"
#include "core/chart/style.hpp"
#include "svg_drawing.hpp"
#include "test_memory.hpp"

namespace vidyo_cdr {
namespace {

constexpr ChartForm kForms[] = {ChartForm::kWide, ChartForm::kNarrow};

// --- Scales ---

// The labels of a scale, from 0 up.
std::string ScaleText(double highest, int most_steps) {
  const Scale scale = ScaleFor(highest, most_steps);
  std::string text;
  for (int tick = 0; tick <= scale.steps; tick++) {
    char label[kMaxTickLabelSize];
    text.append(label, WriteTickLabel(label, scale, tick)).append(" ");
  }
  return text;
}

TEST(ChartScale, HasNiceSteps) {
  EXPECT_EQ(ScaleText(0, 5), "0 1 ");
  EXPECT_EQ(ScaleText(0.3, 5), "0 1 ");
  EXPECT_EQ(ScaleText(1, 5), "0 1 ");
  EXPECT_EQ(ScaleText(3.5, 5), "0 1 2 3 4 ");
  EXPECT_EQ(ScaleText(6, 5), "0 2 4 6 ");
  EXPECT_EQ(ScaleText(23, 5), "0 5 10 15 20 25 ");
  EXPECT_EQ(ScaleText(26, 5), "0 10 20 30 ");
  EXPECT_EQ(ScaleText(9999, 5), "0 2k 4k 6k 8k 10k ");
  EXPECT_EQ(ScaleText(5000, 5), "0 1,000 2,000 3,000 4,000 5,000 ");
  EXPECT_EQ(ScaleText(10001, 5), "0 5k 10k 15k ");
  EXPECT_EQ(ScaleText(1000000, 5), "0 0.2M 0.4M 0.6M 0.8M 1.0M ");
  EXPECT_EQ(ScaleText(24e9, 5), "0 5B 10B 15B 20B 25B ");
}

TEST(ChartScale, DrawsAnyValue) {
  EXPECT_EQ(DrawnValue(0.5), 0.5);
  EXPECT_EQ(DrawnValue(-5), 0);
  EXPECT_EQ(DrawnValue(std::nan("")), 0);
  EXPECT_EQ(DrawnValue(1e300), kLargestValue);
  EXPECT_EQ(DrawnValue(std::numeric_limits<double>::infinity()), kLargestValue);
}

TEST(ChartScale, ReachesTheValueAndNoFurtherThanAStep) {
  std::mt19937 random(1);
  for (int run = 0; run < 20000; run++) {
    const double value = std::pow(10, std::uniform_real_distribution<double>(-2, 15)(random));
    const int most_steps = 1 + static_cast<int>(random() % 8);
    const Scale scale = ScaleFor(value, most_steps);
    ASSERT_LE(scale.steps, most_steps);
    ASSERT_GE(scale.Top(), value);
    ASSERT_TRUE(scale.steps == 1 || scale.Top() - scale.step < value);
  }
}

// --- Drawings as they are written ---

template <typename Chart>
std::string Drawn(const Chart &chart, ChartForm form) {
  TestMemory memory;
  HtmlWriter html(memory.Get());
  DrawChart(chart, form, &html);
  EXPECT_TRUE(html.IsComplete());
  return std::string(html.View());
}

constexpr ChartHead kHead = {"use", "Use & abuse", "What there is."};

TEST(LineChart, IsDrawn) {
  const double most[] = {2, 4, 1};
  const double average[] = {1, 1.5, 0.25};
  const Series series[] = {{"Most", most}, {"Average", average}};
  const AxisTick ticks[] = {{0, "00:00", "Tue 13 Jan"}, {1, "08:00", "Tue 13 Jan"}};
  const LineChart lines = {{kHead, "participants", 3, series, ticks}, 1, "4 at 08:15"};
  EXPECT_EQ(
      Drawn(lines, ChartForm::kNarrow),
      R"svg(<svg class="chart chart-narrow" viewBox="0 0 360 292" role="img" aria-labelledby="use-narrow-title use-narrow-desc">
<title id="use-narrow-title">Use &amp; abuse</title>
<desc id="use-narrow-desc">What there is.</desc>
<path class="chart-line chart-line-1" d="M0 11h22"/>
<path class="chart-line chart-line-2" d="M81.8 11h22"/>
<g class="chart-text"><text x="28" y="15.5">Most</text><text x="109.8" y="15.5">Average</text></g>
<path class="chart-grid" d="M46 212h306M46 172h306M46 132h306M46 92h306M46 52h306"/>
<g class="chart-label"><text x="0" y="39">participants</text><text x="38" y="256" text-anchor="end">0</text><text x="38" y="216" text-anchor="end">1</text><text x="38" y="176" text-anchor="end">2</text><text x="38" y="136" text-anchor="end">3</text><text x="38" y="96" text-anchor="end">4</text><text x="38" y="56" text-anchor="end">5</text></g>
<path class="chart-ground" d="M46 172H148V92H250V212H352V252H46Z"/>
<path class="chart-line chart-line-2" d="M46 212H148V192H250V242H352"/>
<path class="chart-line chart-line-1" d="M46 172H148V92H250V212H352"/>
<path class="chart-base" d="M46 252h306"/><path class="chart-tick" d="M46 252v5M148 252v5"/>
<g class="chart-label"><text x="46" y="271" text-anchor="middle">00:00</text><text x="148" y="271" text-anchor="middle">08:00</text><text x="46" y="287" text-anchor="middle">Tue 13 Jan</text></g>
<circle class="chart-peak" cx="199" cy="92" r="4.5"/><g class="chart-peak-label"><text x="199" y="80.5" text-anchor="middle">4 at 08:15</text></g>
</svg>
)svg");
}

TEST(StackedBars, AreDrawn) {
  const double first[] = {2, 0};
  const double second[] = {1, 3};
  const Series series[] = {{"Desktop", first}, {"<Room>", second}};
  const AxisTick ticks[] = {{0.5, "12", "January"}, {1.5, "13", "January"}};
  const StackedBars bars = {{kHead, "minutes", 2, series, ticks}};
  EXPECT_EQ(
      Drawn(bars, ChartForm::kWide),
      R"svg(<svg class="chart chart-wide" viewBox="0 0 800 332" role="img" aria-labelledby="use-title use-desc">
<title id="use-title">Use &amp; abuse</title>
<desc id="use-desc">What there is.</desc>
<defs>
<pattern id="use-fill-1" width="8" height="8" patternUnits="userSpaceOnUse"><rect class="chart-fill-1" width="8" height="8"/></pattern>
<pattern id="use-fill-2" width="8" height="8" patternUnits="userSpaceOnUse"><rect class="chart-fill-2" width="8" height="8"/><path class="chart-hatch" d="M-1 1l2-2M0 8l8-8M7 9l2-2"/></pattern>
</defs>
<path fill="url(#use-fill-1)" d="M0 4h22v14h-22z"/>
<path fill="url(#use-fill-2)" d="M101.9 4h22v14h-22z"/>
<g class="chart-text"><text x="28" y="15.5">Desktop</text><text x="129.9" y="15.5">&lt;Room&gt;</text></g>
<path class="chart-grid" d="M46 212h746M46 132h746M46 52h746"/>
<g class="chart-label"><text x="0" y="39">minutes</text><text x="38" y="296" text-anchor="end">0</text><text x="38" y="216" text-anchor="end">1</text><text x="38" y="136" text-anchor="end">2</text><text x="38" y="56" text-anchor="end">3</text></g>
<path fill="url(#use-fill-1)" d="M204.5 292V132H260.5V292z"/>
<path fill="url(#use-fill-2)" d="M204.5 132V52H260.5V132zM577.5 292V52H633.5V292z"/>
<path class="chart-base" d="M46 292h746"/><path class="chart-tick" d="M232.5 292v5M605.5 292v5"/>
<g class="chart-label"><text x="232.5" y="311" text-anchor="middle">12</text><text x="605.5" y="311" text-anchor="middle">13</text><text x="232.5" y="327" text-anchor="middle">January</text></g>
</svg>
)svg");
}

TEST(HeatMap, IsDrawnAndTurned) {
  const std::string_view rows[] = {"Mon", "Tue"};
  const std::string_view columns[] = {"0", "1", "2"};
  const double values[] = {0, 1.5, 2, 12, 999, 1};
  const HeatMap map = {kHead, "participants", rows, columns, values};
  EXPECT_EQ(
      Drawn(map, ChartForm::kWide),
      R"svg(<svg class="chart chart-wide" viewBox="0 0 800 146" role="img" aria-labelledby="use-title use-desc">
<title id="use-title">Use &amp; abuse</title>
<desc id="use-desc">What there is.</desc>
<g class="chart-label"><text x="0" y="13">participants</text><rect class="chart-heat-0" x="0" y="21" width="56" height="10" rx="2"/><text x="28" y="44" text-anchor="middle">0</text><rect class="chart-heat-1" x="58" y="21" width="56" height="10" rx="2"/><text x="86" y="44" text-anchor="middle">≤ 200</text><rect class="chart-heat-2" x="116" y="21" width="56" height="10" rx="2"/><text x="144" y="44" text-anchor="middle">≤ 400</text><rect class="chart-heat-3" x="174" y="21" width="56" height="10" rx="2"/><text x="202" y="44" text-anchor="middle">≤ 600</text><rect class="chart-heat-4" x="232" y="21" width="56" height="10" rx="2"/><text x="260" y="44" text-anchor="middle">≤ 800</text><rect class="chart-heat-5" x="290" y="21" width="56" height="10" rx="2"/><text x="318" y="44" text-anchor="middle">≤ 1,000</text></g>
<g class="chart-label"><text x="170.7" y="74" text-anchor="middle">0</text><text x="422" y="74" text-anchor="middle">1</text><text x="673.3" y="74" text-anchor="middle">2</text><text x="38" y="101" text-anchor="end">Mon</text><text x="38" y="133" text-anchor="end">Tue</text></g>
<g class="chart-cells" text-anchor="middle"><rect class="chart-heat-0" x="46" y="82" width="249.3" height="30" rx="2"/><text class="chart-on-0" x="170.7" y="101">0</text><rect class="chart-heat-1" x="297.3" y="82" width="249.3" height="30" rx="2"/><text class="chart-on-1" x="422" y="101">1.5</text><rect class="chart-heat-1" x="548.7" y="82" width="249.3" height="30" rx="2"/><text class="chart-on-1" x="673.3" y="101">2</text>
<rect class="chart-heat-1" x="46" y="114" width="249.3" height="30" rx="2"/><text class="chart-on-1" x="170.7" y="133">12</text><rect class="chart-heat-5" x="297.3" y="114" width="249.3" height="30" rx="2"/><text class="chart-on-5" x="422" y="133">999</text><rect class="chart-heat-1" x="548.7" y="114" width="249.3" height="30" rx="2"/><text class="chart-on-1" x="673.3" y="133">1</text>
</g>
</svg>
)svg");
  EXPECT_EQ(
      Drawn(map, ChartForm::kNarrow),
      R"svg(<svg class="chart chart-narrow" viewBox="0 0 360 154" role="img" aria-labelledby="use-narrow-title use-narrow-desc">
<title id="use-narrow-title">Use &amp; abuse</title>
<desc id="use-narrow-desc">What there is.</desc>
<g class="chart-label"><text x="0" y="13">participants</text><rect class="chart-heat-0" x="0" y="21" width="56" height="10" rx="2"/><text x="28" y="44" text-anchor="middle">0</text><rect class="chart-heat-1" x="58" y="21" width="56" height="10" rx="2"/><text x="86" y="44" text-anchor="middle">≤ 200</text><rect class="chart-heat-2" x="116" y="21" width="56" height="10" rx="2"/><text x="144" y="44" text-anchor="middle">≤ 400</text><rect class="chart-heat-3" x="174" y="21" width="56" height="10" rx="2"/><text x="202" y="44" text-anchor="middle">≤ 600</text><rect class="chart-heat-4" x="232" y="21" width="56" height="10" rx="2"/><text x="260" y="44" text-anchor="middle">≤ 800</text><rect class="chart-heat-5" x="290" y="21" width="56" height="10" rx="2"/><text x="318" y="44" text-anchor="middle">≤ 1,000</text></g>
<g class="chart-label"><text x="123.5" y="74" text-anchor="middle">Mon</text><text x="280.5" y="74" text-anchor="middle">Tue</text><text x="38" y="97" text-anchor="end">0</text><text x="38" y="121" text-anchor="end">1</text><text x="38" y="145" text-anchor="end">2</text></g>
<g class="chart-cells" text-anchor="middle"><rect class="chart-heat-0" x="46" y="82" width="155" height="22" rx="2"/><text class="chart-on-0" x="123.5" y="97">0</text><rect class="chart-heat-1" x="203" y="82" width="155" height="22" rx="2"/><text class="chart-on-1" x="280.5" y="97">12</text>
<rect class="chart-heat-1" x="46" y="106" width="155" height="22" rx="2"/><text class="chart-on-1" x="123.5" y="121">1.5</text><rect class="chart-heat-5" x="203" y="106" width="155" height="22" rx="2"/><text class="chart-on-5" x="280.5" y="121">999</text>
<rect class="chart-heat-1" x="46" y="130" width="155" height="22" rx="2"/><text class="chart-on-1" x="123.5" y="145">2</text><rect class="chart-heat-1" x="203" y="130" width="155" height="22" rx="2"/><text class="chart-on-1" x="280.5" y="145">1</text>
</g>
</svg>
)svg");
}

TEST(BarList, IsDrawn) {
  const BarList::Row rows[] = {{"Board", 1200}, {"<b>", 300}, {"Nobody", 0}};
  EXPECT_EQ(
      Drawn(BarList{kHead, rows}, ChartForm::kWide),
      R"svg(<svg class="chart chart-wide" viewBox="0 0 800 84" role="img" aria-labelledby="use-title use-desc">
<title id="use-title">Use &amp; abuse</title>
<desc id="use-desc">What there is.</desc>
<g class="chart-text">
<text x="0" y="17">Board</text><rect class="chart-fill-1" x="242" y="4" width="513.9" height="18"/><text x="762.9" y="17.5">1,200</text>
<text x="0" y="45">&lt;b&gt;</text><rect class="chart-fill-1" x="242" y="32" width="128.5" height="18"/><text x="377.5" y="45.5">300</text>
<text x="0" y="73">Nobody</text><rect class="chart-fill-1" x="242" y="60" width="0" height="18"/><text x="249" y="73.5">0</text>
</g>
</svg>
)svg");
}

// --- What holds for all drawings ---

// Holds a drawing to what must be true of all.
void ExpectSound(const std::string &svg) {
  const SvgDrawing drawing(svg);
  EXPECT_EQ(svg.find("nan"), std::string::npos);
  for (const auto &[x, y] : drawing.corners) {
    ASSERT_TRUE(x >= 0 && x <= drawing.width + 0.05 && y >= 0 && y <= drawing.height + 0.05)
        << x << " " << y;
  }
  const std::string style = kChartStyle;
  for (const std::string &name : drawing.classes) {
    const bool has_looks = style.find("." + name + " ") != std::string::npos ||
                           style.find("." + name + ",") != std::string::npos;
    ASSERT_TRUE(has_looks) << name;
  }
  for (size_t i = 0; i < drawing.texts.size(); i++) {
    const SvgDrawing::Text &text = drawing.texts[i];
    ASSERT_TRUE(text.left >= 0 && text.right <= drawing.width) << text.text;
    ASSERT_TRUE(text.y >= 9 && text.y <= drawing.height) << text.text;
    for (size_t j = 0; j < i; j++) {
      const SvgDrawing::Text &other = drawing.texts[j];
      ASSERT_TRUE(std::abs(text.y - other.y) >= 9 || text.left >= other.right ||
                  text.right <= other.left)
          << text.text << " stands on " << other.text;
    }
  }
}

// Random figures with names that guests could have typed.
class RandomFigures {
 public:
  explicit RandomFigures(uint32_t seed) : random_(seed) {}

  size_t Number(size_t from, size_t to) {
    return std::uniform_int_distribution<size_t>(from, to)(random_);
  }

  double Value() {
    constexpr double kOdd[] = {0,     -1,
                               1,     std::numeric_limits<double>::quiet_NaN(),
                               1e300, std::numeric_limits<double>::infinity()};
    return Number(0, 40) == 0 ? kOdd[Number(0, 5)]
                              : highest_ * std::uniform_real_distribution<double>(0, 1)(random_);
  }

  std::string_view Name() {
    const std::string names[] = {"Desktop",  "</title><script>", std::string(10000, 'W'),
                                 "\"'&\x01", "\xff\xfe",         "\u202e\u4f1a\u8b70\u5ba4",
                                 "",         "Room system"};
    names_.push_back(std::make_unique<std::string>(names[Number(0, 7)]));
    return *names_.back();
  }

  Slice<double> Values(size_t count) {
    values_.push_back(std::vector<double>(count));
    std::generate(values_.back().begin(), values_.back().end(), [this] { return Value(); });
    return {values_.back().data(), count};
  }

  TimeChart Chart() {
    const size_t sizes[] = {0, 1, 2, 7, 24, 60, 400};
    const size_t buckets = sizes[Number(0, 6)];
    highest_ = std::pow(10, static_cast<double>(Number(0, 12)) - 1);
    series_.clear();
    for (size_t i = Number(0, 9); i > 0; i--) {
      series_.push_back({Name(), Values(buckets)});
    }
    ticks_.clear();
    const std::string_view labels[] = {"1", "14:00", "September", "30"};
    const std::string_view contexts[] = {"", "2026", "Tue 13 January 2026"};
    const size_t count = Number(0, 1) == 0 ? buckets : std::min<size_t>(buckets, 5);
    for (size_t i = 0; i < count; i++) {
      const double at = static_cast<double>(i * buckets) / static_cast<double>(count);
      ticks_.push_back({at, labels[Number(0, 3)], contexts[i / 12 % 3]});
    }
    return {{"id", Name(), Name()},
            "participants",
            buckets,
            {series_.data(), series_.size()},
            {ticks_.data(), ticks_.size()}};
  }

  BarList::Row Row() { return {Name(), Value()}; }

 private:
  std::mt19937 random_;
  double highest_ = 1000;
  std::vector<std::unique_ptr<std::string>> names_;
  std::vector<std::vector<double>> values_;
  std::vector<Series> series_;
  std::vector<AxisTick> ticks_;
};

TEST(AllCharts, AreSoundWhateverTheyShow) {
  for (uint32_t seed = 0; seed < 120 && !testing::Test::HasFatalFailure(); seed++) {
    RandomFigures figures(seed);
    const TimeChart chart = figures.Chart();
    const size_t peak =
        chart.buckets == 0 ? LineChart::kNoPeak : figures.Number(0, chart.buckets - 1);
    std::string_view names[24];
    std::generate(std::begin(names), std::end(names), [&] { return figures.Name(); });
    std::vector<BarList::Row> rows(figures.Number(0, 12));
    std::generate(rows.begin(), rows.end(), [&] { return figures.Row(); });
    const Slice<std::string_view> map_rows = {names, figures.Number(0, 7)};
    const Slice<double> values = figures.Values(24 * 7);
    for (const ChartForm form : kForms) {
      SCOPED_TRACE(seed);
      ExpectSound(Drawn(LineChart{chart, peak, figures.Name()}, form));
      ExpectSound(Drawn(StackedBars{chart}, form));
      ExpectSound(Drawn(HeatMap{kHead, "participants", map_rows, names, values}, form));
      ExpectSound(Drawn(BarList{kHead, {rows.data(), rows.size()}}, form));
    }
  }
}

TEST(AllCharts, HaveIdsOfTheirOwn) {
  const double values[] = {1};
  const Series series[] = {{"a", values}, {"b", values}};
  const StackedBars bars = {{kHead, "minutes", 1, series, {}}};
  const std::set<std::string> wide = SvgDrawing(Drawn(bars, ChartForm::kWide)).ids;
  const std::set<std::string> narrow = SvgDrawing(Drawn(bars, ChartForm::kNarrow)).ids;
  EXPECT_EQ(wide, (std::set<std::string>{"use-title", "use-desc", "use-fill-1", "use-fill-2"}));
  EXPECT_EQ(narrow, (std::set<std::string>{"use-narrow-title", "use-narrow-desc",
                                           "use-narrow-fill-1", "use-narrow-fill-2"}));
}

// The labels of a chart with so many ticks.
std::vector<std::string> LabelsOf(size_t ticks, std::string_view label) {
  const std::vector<AxisTick> all_ticks = [&] {
    std::vector<AxisTick> made;
    for (size_t i = 0; i < ticks; i++) {
      made.push_back({static_cast<double>(i), label, ""});
    }
    return made;
  }();
  const LineChart lines = {{kHead, "", ticks, {}, {all_ticks.data(), ticks}}, 0, ""};
  std::vector<std::string> labels;
  for (const SvgDrawing::Text &text : SvgDrawing(Drawn(lines, ChartForm::kWide)).texts) {
    if (text.text == label) {
      labels.push_back(text.text);
    }
  }
  return labels;
}

TEST(TimeAxis, LabelsAsManyTicksAsHaveRoom) {
  EXPECT_EQ(LabelsOf(7, "Mon").size(), 7U);
  EXPECT_EQ(LabelsOf(24, "14:00").size(), 12U);
  EXPECT_EQ(LabelsOf(31, "d").size(), 31U);
  EXPECT_EQ(LabelsOf(60, "Sept").size(), 15U);
  EXPECT_EQ(LabelsOf(5000, "14:00").size(), 14U);
}

TEST(AllCharts, SayWhenThereIsNothing) {
  for (const ChartForm form : kForms) {
    const TimeChart nothing = {kHead, "minutes", 0, {}, {}};
    EXPECT_NE(Drawn(LineChart{nothing}, form).find("No records"), std::string::npos);
    EXPECT_NE(Drawn(StackedBars{nothing}, form).find("No records"), std::string::npos);
  }
}

TEST(AllCharts, TellThatThereWasNoMemory) {
  const double values[] = {1, 2};
  const Series series[] = {{"a", values}};
  const LineChart lines = {{kHead, "minutes", 2, series, {}}, 1, "2"};
  const std::string all = Drawn(lines, ChartForm::kWide);
  for (size_t limit = 0; limit < 2 * all.size(); limit += 16) {
    TestMemory memory(limit);
    HtmlWriter html(memory.Get());
    DrawChart(lines, ChartForm::kWide, &html);
    EXPECT_EQ(html.View(), all.substr(0, html.View().size())) << limit;
    EXPECT_EQ(html.IsComplete(), html.View().size() == all.size()) << limit;
  }
}

}  // namespace
}  // namespace vidyo_cdr

// The looks of charts, for the page's style sheet. Colours are those of Okabe and Ito, which people
// with any colour vision can tell apart, some darker on a light ground and lighter on a dark one.
#pragma once

namespace vidyo_cdr {

// A page may give the properties other values after it: --chart-surface is the ground that charts
// stand on, --chart-ink and --chart-muted are the colours of texts. Paper is always light.
inline constexpr char kChartStyle[] = R"(
:root {
  --chart-surface: #fff; --chart-ink: #1b1f24; --chart-muted: #59636e;
  --chart-grid: #e4e7eb; --chart-base: #8b949e;
  --chart-1: #0072b2; --chart-2: #d55e00; --chart-3: #009e73; --chart-4: #e69f00;
  --chart-5: #b8609a; --chart-6: #56b4e9; --chart-7: #6b7280; --chart-8: #8a7400;
  --chart-heat-0: #f3f5f7; --chart-heat-1: #dbe9f6; --chart-heat-2: #b3d2ec;
  --chart-heat-3: #7db4dd; --chart-heat-4: #2a74b0; --chart-heat-5: #0b4a82;
  --chart-on-weak: #1b1f24; --chart-on-strong: #fff;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --chart-surface: #14181d; --chart-ink: #e6eaef; --chart-muted: #9aa5b1;
    --chart-grid: #2a313a; --chart-base: #66707b;
    --chart-1: #3d9bd9; --chart-2: #e8773a; --chart-3: #1fb58c; --chart-4: #e6a817;
    --chart-5: #cc79a7; --chart-6: #8fd0f5; --chart-7: #8b95a1; --chart-8: #d8cc3c;
    --chart-heat-0: #1d2229; --chart-heat-1: #17324a; --chart-heat-2: #1b4a70;
    --chart-heat-3: #2567a0; --chart-heat-4: #6fb1e4; --chart-heat-5: #c3e2fa;
    --chart-on-weak: #e6eaef; --chart-on-strong: #10151a;
  }
}
.chart { display: block; width: 100%; height: auto; font: 13px system-ui, sans-serif;
  font-variant-numeric: tabular-nums; }
.chart text { unicode-bidi: isolate; }
.chart-narrow { display: none; max-width: 520px; }
@media screen and (max-width: 759px) {
  .chart-wide { display: none; }
  .chart-narrow { display: block; }
}
.chart-text { fill: var(--chart-ink); }
.chart-label { fill: var(--chart-muted); font-size: 12px; }
.chart-grid, .chart-base, .chart-tick { fill: none; stroke: var(--chart-grid); }
.chart-base, .chart-tick { stroke: var(--chart-base); }
.chart-line { fill: none; stroke-width: 2; stroke-linejoin: round; }
.chart-fine { stroke-width: 1.4; }
.chart-line-1 { stroke: var(--chart-1); }
.chart-line-2 { stroke: var(--chart-2); stroke-dasharray: 5 3; }
.chart-line-3 { stroke: var(--chart-3); stroke-dasharray: 1.5 2.5; }
.chart-line-4 { stroke: var(--chart-4); stroke-dasharray: 9 3 2 3; }
.chart-line-5 { stroke: var(--chart-5); stroke-dasharray: 12 4; }
.chart-line-6 { stroke: var(--chart-6); stroke-dasharray: 5 2 1.5 2 1.5 2; }
.chart-line-7 { stroke: var(--chart-7); stroke-dasharray: 3 6; }
.chart-line-8 { stroke: var(--chart-8); stroke-dasharray: 16 3 4 3; }
.chart-ground { fill: var(--chart-1); opacity: .12; }
.chart-peak { fill: var(--chart-1); stroke: var(--chart-surface); stroke-width: 2; }
.chart-peak-label { fill: var(--chart-ink); font-weight: 600; stroke: var(--chart-surface);
  stroke-width: 4; stroke-linejoin: round; paint-order: stroke; }
.chart-fill-1 { fill: var(--chart-1); } .chart-fill-2 { fill: var(--chart-2); }
.chart-fill-3 { fill: var(--chart-3); } .chart-fill-4 { fill: var(--chart-4); }
.chart-fill-5 { fill: var(--chart-5); } .chart-fill-6 { fill: var(--chart-6); }
.chart-fill-7 { fill: var(--chart-7); } .chart-fill-8 { fill: var(--chart-8); }
.chart-hatch { fill: none; stroke: var(--chart-surface); stroke-width: 1.2; opacity: .6; }
.chart-dot { fill: var(--chart-surface); opacity: .7; }
.chart-cells { font-size: 11px; }
.chart-heat-0 { fill: var(--chart-heat-0); } .chart-heat-1 { fill: var(--chart-heat-1); }
.chart-heat-2 { fill: var(--chart-heat-2); } .chart-heat-3 { fill: var(--chart-heat-3); }
.chart-heat-4 { fill: var(--chart-heat-4); } .chart-heat-5 { fill: var(--chart-heat-5); }
.chart-on-0 { fill: var(--chart-muted); }
.chart-on-1, .chart-on-2, .chart-on-3 { fill: var(--chart-on-weak); }
.chart-on-4, .chart-on-5 { fill: var(--chart-on-strong); }
)";

}  // namespace vidyo_cdr

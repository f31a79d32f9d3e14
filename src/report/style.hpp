// The looks of a page, behind those of its charts, whose colours it uses.
#pragma once

namespace vidyo_cdr {

inline constexpr char kPageStyle[] = R"(
:root { --page: #f3f5f7; --line: #dfe3e8; }
@media screen and (prefers-color-scheme: dark) { :root { --page: #0d1014; --line: #262d35; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 1120px; padding: 24px 20px 40px; background: var(--page);
  color: var(--chart-ink); font: 15px/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
h1, h2, h3, p, dl, dd { margin: 0; }
header > p:first-child { color: var(--chart-muted); font-size: 14px; }
h1 { font-size: clamp(26px, 4vw, 36px); line-height: 1.2; letter-spacing: -.01em; }
h2 { font-size: 18px; line-height: 1.3; }
section { margin-top: 16px; padding: 20px 24px; background: var(--chart-surface);
  border: 1px solid var(--line); border-radius: 10px; }
section > p, .notice { color: var(--chart-muted); font-size: 14px; max-width: 75ch; }
.facts { margin-top: 12px; font-size: 14px; }
.facts div { display: flex; gap: 12px; }
.facts dt { flex: 0 0 120px; color: var(--chart-muted); }
.notice { margin-top: 12px; padding: 8px 12px; border-left: 3px solid var(--chart-4); }
section[aria-labelledby=figures] { padding: 0; background: none; border: 0; }
section[aria-labelledby=figures] h2 { position: absolute; width: 1px; height: 1px; overflow: hidden;
  clip-path: inset(50%); }
.tiles { display: grid; gap: 12px; grid-template-columns: repeat(5, minmax(0, 1fr)); }
.tile { display: flex; flex-direction: column; padding: 14px 16px; background: var(--chart-surface); border: 1px solid var(--line);
  border-radius: 10px; }
.tile dt, .note, .change { font-size: 13px; line-height: 1.4; color: var(--chart-muted); }
.tile dd { display: flex; flex: 1; flex-direction: column; }
.tile dt { white-space: nowrap; }
.tile strong { font-size: 28px; line-height: 1.3; font-weight: 650; letter-spacing: -.02em;
  font-variant-numeric: tabular-nums; }
.change { margin-top: auto; padding-top: 6px; color: var(--chart-ink); }
.pair { display: grid; gap: 0 16px; grid-template-columns: repeat(2, minmax(0, 1fr)); }
.pair .chart-wide { display: none; }
.pair .chart-narrow { display: block; }
.chart { margin-top: 14px; }
details { margin-top: 10px; font-size: 14px; }
summary { width: fit-content; color: var(--chart-muted); cursor: pointer; }
.numbers { max-height: 420px; margin-top: 8px; overflow: auto; }
table { width: 100%; border-collapse: collapse; font-size: 13px; }
caption { padding-bottom: 6px; text-align: left; color: var(--chart-muted); }
th, td { padding: 5px 12px 5px 0; border-bottom: 1px solid var(--line); text-align: left;
  vertical-align: top; font-weight: 400; }
thead th { color: var(--chart-muted); }
.number { padding-right: 0; padding-left: 12px; text-align: right; white-space: nowrap;
  font-variant-numeric: tabular-nums; }
.definitions { display: grid; gap: 12px 32px; margin-top: 12px; font-size: 14px;
  grid-template-columns: repeat(auto-fit, minmax(300px, 1fr)); }
.definitions dt { font-weight: 600; }
.definitions dd { color: var(--chart-muted); }
@media screen and (max-width: 1079px) {
  .tiles { grid-template-columns: repeat(6, minmax(0, 1fr)); }
  .tile { grid-column: span 2; }
  .tile:nth-child(n+4) { grid-column: span 3; }
}
@media screen and (max-width: 719px) {
  body { padding: 16px 12px 32px; }
  section { padding: 16px; }
  .facts div { display: block; margin-top: 6px; }
  .tiles { grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 8px; }
  .tile { grid-column: span 2; padding: 10px 12px; }
  .tile:nth-child(n+2) { grid-column: span 1; }
  .tile dt { white-space: normal; }
  .pair { display: block; }
  .definitions { display: block; }
  .definitions div { margin-top: 12px; }
}
@media print {
  @page { margin: 12mm; }
  body { max-width: none; padding: 0; background: none; font-size: 10pt; }
  section { margin-top: 10px; padding: 12px 16px; }
  .tiles { gap: 8px; grid-template-columns: repeat(6, minmax(0, 1fr)); }
  .tile { grid-column: span 2; }
  .tile:nth-child(n+4) { grid-column: span 3; }
  .tile { padding: 10px 12px; }
  .tile strong { font-size: 20px; }
  section, .tile { break-inside: avoid; -webkit-print-color-adjust: exact;
    print-color-adjust: exact; }
  details:not([open]) { display: none; }
  .numbers { max-height: none; overflow: visible; }
}
)";

}  // namespace vidyo_cdr

/** The page's style: light and dark, wide, narrow and printed. */
export const STYLE = `:root {
  --page: #fbfaf7; --card: #ffffff; --ink: #1d2226; --quiet: #5b646c; --rule: #e3e0d9;
  --forward: #1f5fa8; --forward-soft: #e8f0fa; --backward: #a5460f; --backward-soft: #fbeee4; --near: #fff4c2;
  font: 16px/1.55 system-ui, "Segoe UI", Roboto, "Noto Sans", "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif;
  color: var(--ink); background: var(--page);
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #14171a; --card: #1c2125; --ink: #e7e9ea; --quiet: #a2abb3; --rule: #31383e;
    --forward: #86b8f0; --forward-soft: #1b2c40; --backward: #f0a878; --backward-soft: #3a2619; --near: #3d3714;
  }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 1500px; padding: 1.5rem clamp(0.8rem, 3vw, 2.5rem) 4rem; }
h1 { font-size: clamp(1.35rem, 3.2vw, 1.9rem); line-height: 1.25; margin: 0 0 0.4rem; font-weight: 650; letter-spacing: -0.01em; }
h2 { font-size: 0.95rem; margin: 0; font-weight: 650; color: var(--quiet); }
header p { margin: 0 0 1.4rem; max-width: 46rem; color: var(--quiet); }
math { font-size: 1.06em; }
pre, code { font-family: ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
.columns { display: grid; grid-template-columns: minmax(0, 27rem) minmax(0, 1fr); gap: 2.2rem; align-items: start; }
aside { position: sticky; top: 1rem; max-height: calc(100vh - 2rem); overflow: auto; }
summary { cursor: pointer; }
.graph > summary { list-style: none; display: flex; align-items: baseline; gap: 0.4rem; }
.graph > summary::after { content: "▾"; color: var(--quiet); }
.graph:not([open]) > summary::after { content: "▸"; }
.note { margin: 0.1rem 0 0.6rem; font-size: 0.85rem; color: var(--quiet); }
svg { display: block; width: 100%; height: auto; }
.node rect { fill: var(--card); stroke: var(--forward); stroke-width: 1.3; }
.node.argument rect { fill: var(--page); }
.node.again rect { stroke-dasharray: 2 3; }
.node.backward rect { stroke: var(--backward); }
.node.seed rect { stroke-dasharray: 3 3; }
.node text { fill: var(--ink); text-anchor: middle; }
.node .letter { font-style: italic; font-family: "STIX Two Text", "Latin Modern Roman", Cambria, Georgia, "Times New Roman", serif; font-size: 1.15em; }
.node .index { font-size: 0.78em; }
.edge, .turn { fill: none; stroke: var(--forward); stroke-width: 1.2; opacity: 0.55; color: var(--forward); }
.edge.backward { stroke: var(--backward); }
.turn { stroke: var(--backward); stroke-dasharray: 3 3; }
marker path { fill: context-stroke; }
.given { display: grid; grid-template-columns: repeat(auto-fill, minmax(11rem, 1fr)); gap: 0.6rem; margin: 0.5rem 0 1.6rem; }
.heads, .row { display: grid; grid-template-columns: minmax(0, 5fr) minmax(0, 7fr); gap: 0.9rem; }
.heads { position: sticky; top: 0; z-index: 1; background: var(--page); padding: 0.4rem 0; border-bottom: 1px solid var(--rule); margin-bottom: 0.9rem; }
.row { margin-bottom: 0.9rem; align-items: start; }
.beside { display: grid; gap: 0.9rem; min-width: 0; }
.line { background: var(--card); border: 1px solid var(--rule); border-inline-start: 3px solid var(--forward); border-radius: 0.5rem; padding: 0.6rem 0.8rem; min-width: 0; scroll-margin: 3.5rem; }
.line.backward { border-inline-start-color: var(--backward); }
.line.argument { border-inline-start-color: var(--rule); padding: 0.4rem 0.7rem; }
.formula { display: flex; flex-wrap: wrap; align-items: center; gap: 0.1rem 0.6rem; }
.formula .scroll { max-width: 100%; }
.scroll { white-space: nowrap; overflow-x: auto; overflow-y: hidden; padding: 0.15rem 0; min-width: 0; }
.number { width: 1.55rem; height: 1.55rem; margin-inline-end: 0.6rem; border-radius: 50%; display: inline-grid; place-items: center; vertical-align: middle; font-size: 0.78rem; font-weight: 650; color: var(--backward); background: var(--backward-soft); }
.shape { flex: none; margin-inline-start: auto; font-size: 0.82rem; color: var(--quiet); white-space: nowrap; padding: 0.05rem 0.45rem; border-radius: 1rem; border: 1px solid var(--rule); }
.code { margin: 0.25rem 0 0; font-size: 0.82rem; line-height: 1.5; color: var(--quiet); white-space: pre-wrap; overflow-wrap: anywhere; }
.rule::before { content: attr(aria-label); font-size: 0.78rem; display: block; }
.rule { margin: 0.45rem 0 0; padding: 0.15rem 0.6rem; border-inline-start: 2px solid var(--rule); color: var(--quiet); font-size: 0.92rem; }
.more { display: flex; flex-wrap: wrap; gap: 0.2rem 1.4rem; margin-top: 0.4rem; font-size: 0.9rem; }
.more > details { min-width: 0; max-width: 100%; }
.more > details[open] { flex-basis: 100%; }
.why > summary { color: var(--backward); width: fit-content; }
.values > summary { color: var(--quiet); width: fit-content; white-space: nowrap; }
.argument .values { font-size: 0.85rem; }
.values > summary span { font-variant-numeric: tabular-nums; margin-inline-start: 0.3rem; }
.why p { margin: 0.45rem 0; overflow-x: auto; overflow-y: hidden; }
.values pre { margin: 0.3rem 0 0; font-size: 0.78rem; line-height: 1.45; overflow-x: auto; padding: 0.5rem; border-radius: 0.35rem; background: var(--page); }
.value { margin: 0; font-size: 0.9rem; color: var(--quiet); font-variant-numeric: tabular-nums; }
.legend { margin-top: 2rem; border-top: 1px solid var(--rule); padding-top: 0.9rem; font-size: 0.92rem; color: var(--quiet); max-width: 50rem; }
.line:focus-visible, summary:focus-visible, pre:focus-visible { outline: 2px solid var(--forward); outline-offset: 2px; }
.node:focus { outline: none; }
.node:focus-visible rect { stroke-width: 3; }
.line.on { border-color: var(--forward); box-shadow: 0 0 0 1px var(--forward); }
.line.backward.on { border-color: var(--backward); box-shadow: 0 0 0 1px var(--backward); }
.line.on .rule { border-inline-start-color: var(--backward); color: var(--ink); background: var(--backward-soft); }
.line.near .shape, .line.on .shape { background: var(--near); color: var(--ink); }
.line.near { border-color: var(--quiet); }
.node.on rect { fill: var(--forward-soft); stroke-width: 2.4; }
.node.backward.on rect { fill: var(--backward-soft); }
.node.near rect { fill: var(--near); }
.pointing .edge { opacity: 0.25; }
.pointing .edge.touches { opacity: 1; stroke-width: 2; }
@media (max-width: 1150px) {
  .columns { grid-template-columns: minmax(0, 1fr); gap: 1.2rem; }
  aside { position: static; max-height: none; }
}
@media (max-width: 700px) {
  .row { grid-template-columns: minmax(0, 1fr); gap: 0.6rem; margin-bottom: 1.4rem; }
  .heads { display: none; }
  .beside { padding-inline-start: 0.9rem; gap: 0.6rem; }
  .given { grid-template-columns: repeat(2, minmax(0, 1fr)); }
}
@media (prefers-reduced-motion: no-preference) {
  .line, .node rect, .edge { transition: opacity 0.12s, box-shadow 0.12s, background 0.12s; }
}
@media print {
  :root { --page: #fff; --card: #fff; --ink: #000; --quiet: #444; --rule: #ccc; --forward: #1f5fa8; --backward: #a5460f; --backward-soft: #f6e9df; font-size: 10.5pt; }
  body { max-width: none; padding: 0; }
  .columns { display: block; }
  aside { position: static; max-height: none; overflow: visible; margin-bottom: 1rem; }
  .canvas { max-width: 60%; }
  .heads { position: static; }
  .formula, .rule, .code, .why p, .line.forward, .canvas { break-inside: avoid; }
  .scroll, .why p { overflow: visible; }
  summary { list-style: none; }
  .values { display: none; }
}
`;

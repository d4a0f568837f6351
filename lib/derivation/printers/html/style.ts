/** The page's style: light and dark, wide, narrow and printed. */
export const STYLE = `:root {
  --page: #fbfaf7; --card: #ffffff; --ink: #1d2226; --quiet: #5b646c; --rule: #e3e0d9;
  --forward: #1f5fa8; --forward-soft: #e8f0fa; --backward: #a5460f; --backward-soft: #fbeee4; --near: #fff4c2; --shade: #0003;
  font: 16px/1.55 system-ui, "Segoe UI", Roboto, "Noto Sans", "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif;
  color: var(--ink); background: var(--page);
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #14171a; --card: #1c2125; --ink: #e7e9ea; --quiet: #a2abb3; --rule: #31383e;
    --forward: #86b8f0; --forward-soft: #1b2c40; --backward: #f0a878; --backward-soft: #3a2619; --near: #3d3714; --shade: #000a;
  }
  /* Light and dark change places, the hues stay. */
  .heat { filter: invert(1) hue-rotate(180deg); }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 1500px; padding: 1.5rem clamp(0.8rem, 3vw, 2.5rem) 4rem; }
h1 { font-size: clamp(1.35rem, 3.2vw, 1.9rem); line-height: 1.25; margin: 0 0 0.4rem; font-weight: 650; letter-spacing: -0.01em; }
h2 { font-size: 0.95rem; margin: 0; font-weight: 650; color: var(--quiet); }
header p { margin: 0 0 1.4rem; max-width: 46rem; color: var(--quiet); }
math { font-size: 1.06em; }
pre, code { font-family: ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
.columns { display: grid; grid-template-columns: minmax(0, 27rem) minmax(0, 1fr); gap: 2.2rem; align-items: start; }
aside { position: sticky; top: 3.6rem; }
.canvas { max-height: calc(100vh - 9rem); overflow: auto; }
.steps { position: sticky; top: 0; z-index: 2; display: flex; flex-wrap: wrap; align-items: center; gap: 0.4rem; padding: 0.5rem 0; margin-bottom: 0.6rem; background: var(--page); }
[hidden] { display: none !important; }
button { font: inherit; font-size: 0.88rem; color: var(--ink); background: var(--card); border: 1px solid var(--rule); border-radius: 0.4rem; padding: 0.25rem 0.7rem; cursor: pointer; }
button:hover:enabled { border-color: var(--backward); }
button:disabled { color: var(--quiet); cursor: default; opacity: 0.6; }
output { font-size: 0.88rem; color: var(--quiet); font-variant-numeric: tabular-nums; margin-inline-start: 0.4rem; }
.zoom { float: inline-end; display: inline-flex; gap: 0.25rem; }
.zoom button { padding: 0 0.5rem; }
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
.given { display: grid; grid-template-columns: repeat(auto-fill, minmax(13rem, 1fr)); gap: 0.6rem; margin: 0.5rem 0 1.6rem; }
.heads, .row { display: grid; grid-template-columns: minmax(0, 5fr) minmax(0, 7fr); gap: 0.9rem; }
.heads { position: sticky; top: 3rem; z-index: 1; background: var(--page); padding: 0.4rem 0; border-bottom: 1px solid var(--rule); margin-bottom: 0.9rem; }
.row { margin-bottom: 0.9rem; align-items: start; }
.block { border-inline-start: 3px double var(--rule); padding-inline-start: 0.8rem; margin-bottom: 0.9rem; }
.block > .row:first-child p { margin: 0; font-weight: 650; }
.lead p { margin: 0 0 0.2rem; font-size: 0.9rem; color: var(--quiet); }
.beside { display: grid; gap: 0.9rem; min-width: 0; }
.line { background: var(--card); border: 1px solid var(--rule); border-inline-start: 3px solid var(--forward); border-radius: 0.5rem; padding: 0.6rem 0.8rem; min-width: 0; scroll-margin: 6rem; }
.line.backward { border-inline-start-color: var(--backward); }
.line.argument { border-inline-start-color: var(--rule); padding: 0.4rem 0.7rem; }
.formula { display: flex; flex-wrap: wrap; align-items: center; gap: 0.1rem 0.6rem; }
.formula .scroll { max-width: 100%; }
.scroll { white-space: nowrap; overflow-x: auto; overflow-y: hidden; padding: 0.15rem 0; min-width: 0; scrollbar-width: thin;
  background:
    linear-gradient(to right, var(--card) 50%, transparent) 0 0 / 2.5rem 100% no-repeat local,
    linear-gradient(to left, var(--card) 50%, transparent) 100% 0 / 2.5rem 100% no-repeat local,
    linear-gradient(to right, var(--shade), transparent) 1px 50% / 0.9rem calc(100% - 2px) no-repeat scroll,
    linear-gradient(to left, var(--shade), transparent) calc(100% - 1px) 50% / 0.9rem calc(100% - 2px) no-repeat scroll; }
.number { width: 1.55rem; height: 1.55rem; margin-inline-end: 0.6rem; border-radius: 50%; display: inline-grid; place-items: center; vertical-align: middle; font-size: 0.78rem; font-weight: 650; color: var(--backward); background: var(--backward-soft); }
.aside { flex: none; margin-inline-start: auto; display: inline-flex; align-items: center; gap: 0.5rem; max-width: 100%; }
.heat { image-rendering: pixelated; border-radius: 2px; outline: 1px solid var(--rule); max-width: 100%; }
.shape { flex: none; font-size: 0.82rem; color: var(--quiet); white-space: nowrap; padding: 0.05rem 0.45rem; border-radius: 1rem; border: 1px solid var(--rule); }
.code { margin: 0.25rem 0 0; font-size: 0.82rem; line-height: 1.5; color: var(--quiet); white-space: pre-wrap; overflow-wrap: anywhere; }
.rule::before { content: attr(aria-label); font-size: 0.78rem; display: block; }
.rule { margin: 0.45rem 0 0; padding: 0.15rem 0.6rem; border-inline-start: 2px solid var(--rule); color: var(--quiet); font-size: 0.92rem; }
.more { display: flex; flex-wrap: wrap; gap: 0.2rem 1.4rem; margin-top: 0.4rem; font-size: 0.9rem; }
.more > details { min-width: 0; max-width: 100%; }
.more > details[open] { flex-basis: 100%; }
.why > summary { color: var(--backward); width: fit-content; }
.values > summary { color: var(--quiet); width: fit-content; }
.argument .values { font-size: 0.85rem; }
.values > summary span { display: inline-block; font-variant-numeric: tabular-nums; margin-inline-start: 0.3rem; }
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
.later { opacity: 0.18; }
.pointing .edge { opacity: 0.25; }
.pointing .edge.touches { opacity: 1; stroke-width: 2; }
.edge.later, .pointing .edge.later { opacity: 0.05; }
@media (max-width: 1150px) {
  .columns { grid-template-columns: minmax(0, 1fr); gap: 1.2rem; }
  aside { position: static; }
  .canvas { max-height: 60vh; }
}
@media (max-width: 700px) {
  .row { grid-template-columns: minmax(0, 1fr); gap: 0.6rem; margin-bottom: 1.4rem; }
  .heads { display: none; }
  .beside { padding-inline-start: 0.9rem; gap: 0.6rem; }
  .given { grid-template-columns: minmax(0, 1fr); }
}
@media (prefers-reduced-motion: no-preference) {
  .line, .node rect, .edge { transition: opacity 0.12s, box-shadow 0.12s, background 0.12s; }
}
@media print {
  :root { --page: #fff; --card: #fff; --ink: #000; --quiet: #444; --rule: #ccc; --forward: #1f5fa8; --backward: #a5460f; --backward-soft: #f6e9df; font-size: 10.5pt; }
  body { max-width: none; padding: 0; }
  .columns { display: block; }
  aside { position: static; margin-bottom: 1rem; }
  .canvas { max-width: 60%; max-height: none; overflow: visible; }
  .canvas svg { min-width: 0 !important; }
  .steps, .zoom { display: none; }
  .later { opacity: 1; }
  .heads { position: static; }
  .formula, .rule, .code, .why p, .line.forward, .canvas { break-inside: avoid; }
  .scroll, .why p { overflow: visible; background: none; white-space: normal; }
  summary { list-style: none; }
  .values { display: none; }
}
`;

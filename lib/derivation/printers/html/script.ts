/**
 * The page's script: who points at or focuses a line or a node sees what belongs to it. Without it
 * the page still reads as it stands.
 */
export const SCRIPT = `const parts = (selector) => [...document.querySelectorAll(selector)];
const all = parts("[data-variable], .edge");
const show = (element) => {
  const own = element?.dataset.variable;
  const line = own && document.getElementById("line-" + own);
  const related = new Set((line?.dataset.related ?? "").split(" ").filter(Boolean));
  for (const part of all) {
    const { variable, from, to } = part.dataset;
    part.classList.toggle("on", own !== undefined && (variable ?? "-") === own);
    part.classList.toggle("near", related.has(variable));
    part.classList.toggle("touches", own !== undefined && (from === own || to === own));
  }
  document.body.classList.toggle("pointing", own !== undefined);
};
const target = (event) => event.target.closest?.("[data-variable]");
document.addEventListener("pointerover", (event) => {
  if (event.pointerType === "mouse") show(target(event) ?? target({ target: document.activeElement }));
});
document.addEventListener("focusin", (event) => show(target(event)));
document.addEventListener("focusout", () => show(null));
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") document.activeElement?.blur();
});
let opened = [];
addEventListener("beforeprint", () => {
  opened = parts("details.why:not([open]), details.graph:not([open])");
  for (const details of opened) details.open = true;
});
addEventListener("afterprint", () => {
  for (const details of opened) details.open = false;
});
if (matchMedia("(max-width: 900px)").matches && 40 < parts(".edge").length) {
  for (const details of parts("details.graph")) details.open = false;
}
`;

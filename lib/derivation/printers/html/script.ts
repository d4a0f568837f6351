/**
 * The page's script: who points at or focuses a line or a node sees what belongs to it; buttons and
 * arrow keys go through the backward pass line by line; the graph can be made larger. Without it
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

const canvas = document.querySelector(".canvas");
const reveal = (variable) => {
  const node = parts(".node.on").find((each) => each.dataset.variable === variable);
  if (!node) return;
  const [box, view] = [node.getBoundingClientRect(), canvas.getBoundingClientRect()];
  canvas.scrollBy(box.left - view.left - view.width / 2, box.top - view.top - view.height / 2);
};

const steps = parts("[data-step]").sort((a, b) => a.dataset.step - b.dataset.step);
const said = document.querySelector("output");
let step = 0;
const go = (to) => {
  step = Math.max(0, Math.min(steps.length, to));
  const later = new Set(step === 0 ? [] : steps.slice(step).map((line) => line.dataset.variable));
  for (const part of all) {
    const { variable, from, to: end } = part.dataset;
    part.classList.toggle("later", later.has(variable) || later.has(from) || later.has(end));
  }
  for (const button of parts("[data-go]")) {
    const by = Number(button.dataset.go);
    button.disabled = by > 0 ? step === steps.length : step === 0;
  }
  said.textContent = step === 0 ? "" : said.dataset.text.replace("#", step);
  const line = steps[step - 1];
  show(line);
  line?.scrollIntoView({ block: "nearest" });
  if (line) reveal(line.dataset.variable);
};
for (const button of parts("[data-go]")) {
  const by = Number(button.dataset.go);
  button.addEventListener("click", () => go(by === 0 ? 0 : step + by));
}

const drawing = document.querySelector(".canvas svg");
for (const button of parts("[data-zoom]")) {
  button.addEventListener("click", () => {
    const width = drawing.getBoundingClientRect().width * Number(button.dataset.zoom);
    drawing.style.minWidth = drawing.style.maxWidth = width + "px";
  });
}
for (const part of parts(".steps, .zoom")) part.hidden = false;

const target = (event) => event.target.closest?.("[data-variable]") ?? undefined;
const rest = () => target({ target: document.activeElement }) ?? steps[step - 1];
document.addEventListener("pointerover", (event) => {
  if (event.pointerType === "mouse") show(target(event) ?? rest());
});
document.addEventListener("focusin", (event) => {
  const part = target(event);
  show(part ?? rest());
  if (part?.closest(".line")) reveal(part.dataset.variable);
});
document.addEventListener("focusout", () => show(steps[step - 1]));
document.addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  // These scroll by arrow keys.
  if (event.key !== "Escape" && event.target.closest?.("pre, .scroll, .canvas")) return;
  const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (by !== undefined) {
    event.preventDefault();
    go(step + by);
  } else if (event.key === "Escape") {
    document.activeElement?.blur();
    go(0);
  }
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

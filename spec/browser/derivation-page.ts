// Opens pages of derivations in Chromium, wide and narrow, and looks at what a reader sees: nothing
// leaves its card, the letters of the graph can be read, and keys go through the backward pass.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { derive } from "../../lib/derivation/index.ts";
import { random, type Tensor } from "../../lib/index.ts";
import * as nn from "../../lib/nn/index.ts";
import { derivationOf, nets } from "../derivation/nets.ts";

/** What the page tells of itself. */
interface Seen {
	/** What is wider than the card that it is in, or than the page. */
	readonly outside: readonly string[];
	/** The height of the smallest letters in the graph, in pixels. */
	readonly letters: number;
	/** For each press of the key: the lines that are marked, and how many come later. */
	readonly steps: readonly { readonly on: readonly string[]; readonly later: number }[];
}

/** Runs within the page, as text. */
const LOOK = `<script>
const inside = (part) => part.closest(".scroll, pre, .why p, math");
const outside = [];
for (const card of document.querySelectorAll(".line")) {
  const right = card.getBoundingClientRect().right + 0.5;
  for (const part of card.querySelectorAll("*")) {
    if (!inside(part) && part.getBoundingClientRect().right > right) outside.push(card.id + " " + part.className);
  }
}
if (document.documentElement.scrollWidth > innerWidth) outside.push("the page");
const letters = Math.min(...[...document.querySelectorAll(".node text")].map((text) =>
  text.getAttribute("font-size") * document.querySelector(".canvas svg").getBoundingClientRect().width / document.querySelector(".canvas svg").getAttribute("width")));
const seen = [];
for (const _ of document.querySelectorAll("[data-step]")) {
  document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight", bubbles: true }));
  const on = [...document.querySelectorAll(".line.on")].map((line) => line.dataset.step);
  seen.push({ on, later: document.querySelectorAll(".line.later").length });
}
document.documentElement.textContent = JSON.stringify({ outside, letters, steps: seen });
</script></body>`;

/** Prints a page in Chromium at a width and gives what it tells of itself. */
function look(chromium: string, flags: readonly string[], html: string, width: number): Seen {
	const folder = mkdtempSync(join(tmpdir(), "adjoint-page-"));
	try {
		const file = join(folder, "page.html");
		writeFileSync(
			file,
			html.replace("</body>", () => LOOK),
		);
		const options = [
			"--dump-dom",
			`--window-size=${width},900`,
			`--user-data-dir=${folder}/profile`,
		];
		const dom = execFileSync(chromium, [...flags, ...options, `file://${file}`], {
			encoding: "utf8",
			stdio: ["ignore", "pipe", "ignore"],
			timeout: 60_000,
		});
		return JSON.parse(/<html[^>]*>([^<]*)/.exec(dom)![1]!);
	} finally {
		rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
	}
}

/** Names that are long, many lines, and formulas that do not fit. */
function block() {
	const layer = nn.transformerBlock(8, 2);
	const x = random.normal(random.key(2), [5, 8]);
	const params = layer.init(random.key(1));
	return derive((p: typeof params, x: Tensor) => layer.apply(p, x).square().sum(), {
		p: params,
		x,
	});
}

/** Looks at pages of derivations; throws at the first thing that a reader would stumble over. */
export function lookAtPages(chromium: string, flags: readonly string[]): void {
	const derivations = {
		...Object.fromEntries(Object.entries(nets).map(([name, net]) => [name, derivationOf(net)])),
		block: block(),
	};
	for (const [name, derivation] of Object.entries(derivations)) {
		for (const width of [1280, 390]) {
			const { outside, letters, steps } = look(chromium, flags, derivation.print("html"), width);
			assert.equal(outside, [], `${name}, ${width} px`);
			assert.ok(letters >= LEAST_LETTERS, `${name}, ${width} px: letters of ${letters} px`);
			const n = derivation.backward.length;
			const wanted = Array.from({ length: n }, (_, i) => ({ on: [`${i + 1}`], later: n - 1 - i }));
			assert.equal(steps, wanted, `${name}, ${width} px`);
		}
	}
	console.log(
		`the pages of ${Object.keys(derivations).length} derivations: all within their cards, step by step`,
	);
}

const LEAST_LETTERS = 8;

import { derive } from "../lib/derivation/index.ts";
import { graphSvg } from "../lib/derivation/printers/html/graph.ts";
import { grad, random, type Tensor, tensor } from "../lib/index.ts";

/** The pictures of the documents: each as an SVG file by its name, without words. */
export function figures(): Readonly<Record<string, string>> {
	return { "two-layer-net.svg": graph(), "mask.svg": mask(), "transposes.svg": transposes() };
}

const FORWARD = "#1f5fa8";
const BACKWARD = "#a5460f";

/** The colours of a picture, which follow those of the page that shows it. */
const STYLE = `
  svg { --ink: #1d2226; --card: #fff; --soft: #e8f0fa; --warm: #fbeee4; --forward: ${FORWARD}; --backward: ${BACKWARD}; }
  @media (prefers-color-scheme: dark) {
    svg { --ink: #e7e9ea; --card: #1c2125; --soft: #1b2c40; --warm: #3a2619; --forward: #86b8f0; --backward: #f0a878; }
  }
  text { fill: var(--ink); text-anchor: middle; font-family: system-ui, "Segoe UI", Roboto, "Noto Sans", sans-serif; font-size: 13px; }
  .letter, .name { font-style: italic; font-family: "STIX Two Text", Cambria, Georgia, "Times New Roman", serif; font-size: 16px; }
  .index { font-size: 0.78em; }
  rect { fill: var(--card); stroke: var(--forward); stroke-width: 1.2; }
  .edge, .turn { fill: none; stroke: var(--forward); stroke-width: 1.2; color: var(--forward); }
  .edge.backward, .turn, .backward rect, rect.backward { stroke: var(--backward); }
  .turn, .seed rect { stroke-dasharray: 3 3; }
  marker path { fill: context-stroke; }
  rect.on { fill: var(--soft); }
  rect.backward.on { fill: var(--warm); }
  .off { opacity: 0.35; }
`;

/** A picture of this size, with the formula that it shows as its title. */
function picture(title: string, width: number, height: number, parts: readonly string[]): string {
	const size = `width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`;
	return `<svg xmlns="http://www.w3.org/2000/svg" ${size}>\n<title>${title}</title>\n<style>${STYLE}</style>\n${parts.join("\n")}\n</svg>\n`;
}

/** The graph of the two-layer net, forward and backward, as on the page of its derivation. */
function graph(): string {
	const normal = (seed: number, shape: number[]) => random.normal(random.key(seed), shape);
	const lossOf = ({ w1, w2 }: { w1: Tensor; w2: Tensor }, x: Tensor, y: Tensor) => {
		const h = x.dot(w1).as("h");
		const h_relu = h.maximum(0).as("h_relu");
		return h_relu.dot(w2).as("y_pred").sub(y).square().sum();
	};
	const params = { w1: normal(1, [5, 4]), w2: normal(2, [4, 3]) };
	const derivation = derive(lossOf, { params, x: normal(3, [6, 5]), y: normal(4, [6, 3]) });
	const drawn = graphSvg(derivation, "");
	const [, width, height] = /viewBox="0 0 (\d+) ([\d.]+)"/.exec(drawn)!;
	// Pictures have no links.
	const inner = drawn
		.replace(/^<svg[^>]*>|<\/svg>$/g, "")
		.replace(/<a class="([^"]*)"[^>]*>/g, '<g class="$1">')
		.replaceAll("</a>", "</g>");
	return picture("L = Σ (max(x·w1, 0)·w2 − y)²", Number(width), Number(height), [inner.trim()]);
}

const CELL = 30;

/** What a table of cells says and how it looks. */
interface Table {
	readonly rows: readonly (readonly string[])[];
	readonly name: string;
	/** The class of a cell. */
	readonly look: (row: number, column: number) => string;
}

/** A table with its name above it; its left upper corner at (x, y). */
function table(x: number, y: number, { rows, name, look }: Table): string {
	const cells = rows.flatMap((row, i) =>
		row.map((text, j) => {
			const [left, top] = [x + j * CELL, y + i * CELL];
			const box = `<rect class="${look(i, j)}" x="${left}" y="${top}" width="${CELL}" height="${CELL}"/>`;
			const middle = `x="${left + CELL / 2}" y="${top + CELL / 2 + 5}"`;
			return text === "" ? box : `${box}<text ${middle}>${text}</text>`;
		}),
	);
	const width = (rows[0]?.length ?? 0) * CELL;
	return [`<text class="name" x="${x + width / 2}" y="${y - 10}">${name}</text>`, ...cells].join(
		"",
	);
}

function sign(x: number, y: number, text: string): string {
	return `<text class="name" x="${x}" y="${y}">${text}</text>`;
}

/** How the gradient goes back through max(h, 0): the numbers are computed. */
function mask(): string {
	const h = tensor([
		[2, -1, 3],
		[-4, 5, -2],
		[1, -3, 6],
	]);
	const g = tensor([
		[7, 4, -5],
		[2, -6, 8],
		[-3, 9, 1],
	]);
	const out = grad((h: Tensor) => h.maximum(0).mul(g).sum())(h);
	const rowsOf = (x: Tensor) =>
		(x.toArray() as number[][]).map((row) => row.map((value) => String(value).replace("-", "−")));
	const kept = h.toArray() as number[][];
	const isOn = (i: number, j: number) => kept[i]![j]! >= 0;
	const bracket = rowsOf(h.greaterEqual(0).astype("int32"));
	const forward = (i: number, j: number) => (isOn(i, j) ? "on" : "");
	const backward = (i: number, j: number) => (isOn(i, j) ? "backward on" : "backward");
	const gap = 3 * CELL + 36;
	const [top, middle] = [34, 34 + 1.5 * CELL + 5];
	return picture("∂L/∂h = ∂L/∂h_relu ⊙ [h ≥ 0]", 4 * gap, top + 3 * CELL + 8, [
		table(8, top, { rows: rowsOf(h), name: "h", look: forward }),
		table(8 + gap, top, { rows: rowsOf(g), name: "∂L/∂h_relu", look: () => "backward" }),
		sign(8 + 2 * gap - 18, middle, "⊙"),
		table(8 + 2 * gap, top, { rows: bracket, name: "[h ≥ 0]", look: forward }),
		sign(8 + 3 * gap - 18, middle, "="),
		table(8 + 3 * gap, top, { rows: rowsOf(out), name: "∂L/∂h", look: backward }),
	]);
}

/** The three products of Y = X·W, with the row and the column that make one element. */
function transposes(): string {
	const [n, d, m] = [3, 4, 2];
	const blank = (rows: number, columns: number) =>
		Array.from({ length: rows }, () => Array.from({ length: columns }, () => ""));
	const product = (
		y: number,
		[left, right, out]: readonly [string, string, string],
		[rows, inner, columns]: readonly [number, number, number],
		[a, b, c]: readonly [string, string, string],
	) => {
		const [row, column] = [rows - 1, columns - 1];
		const second = 8 + CELL * inner + 40;
		const third = second + CELL * columns + 40;
		const middle = y + (CELL * Math.max(rows, inner)) / 2 + 5;
		return [
			table(8, y, {
				rows: blank(rows, inner),
				name: left,
				look: (i) => (i === row ? `${a} on` : a),
			}),
			sign(second - 20, middle, "·"),
			table(second, y, {
				rows: blank(inner, columns),
				name: right,
				look: (_, j) => (j === column ? `${b} on` : b),
			}),
			sign(third - 20, middle, "="),
			table(third, y, {
				rows: blank(rows, columns),
				name: out,
				look: (i, j) => (i === row && j === column ? `${c} on` : c),
			}),
		].join("\n");
	};
	const sizes = (text: string, sizes: string) => `${text}  (${sizes})`;
	const step = CELL * d + 56;
	return picture("Y = X·W, ∂W = Xᵀ·∂Y, ∂X = ∂Y·Wᵀ", 8 + CELL * (d + m + d) + 140, 3 * step + 8, [
		product(34, [sizes("X", "N×D"), sizes("W", "D×M"), sizes("Y", "N×M")], [n, d, m], ["", "", ""]),
		product(
			34 + step,
			[sizes("Xᵀ", "D×N"), sizes("∂Y", "N×M"), sizes("∂W", "D×M")],
			[d, n, m],
			["", "backward", "backward"],
		),
		product(
			34 + 2 * step,
			[sizes("∂Y", "N×M"), sizes("Wᵀ", "M×D"), sizes("∂X", "N×D")],
			[n, m, d],
			["backward", "", "backward"],
		),
	]);
}

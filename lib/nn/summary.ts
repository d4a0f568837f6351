import { showShape, sizeOf } from "../core/shape.ts";
import { flatten } from "../core/tree.ts";

/**
 * The parameters of a model as a table: a line for each tensor with its name, shape, dtype and
 * number of elements, and the total below. `console.log(summary(params))`.
 */
export function summary(params: unknown): string {
	const { leaves, paths } = flatten("summary", params, "parameters");
	const count = (n: number) => n.toLocaleString("en-US");
	const total = leaves.reduce((n, { shape }) => n + sizeOf(shape), 0);
	const rows = [
		["name", "shape", "dtype", "parameters"],
		...leaves.map(({ shape, dtype }, i) => [
			paths[i]!.replace(/^\./, ""),
			showShape(shape),
			dtype,
			count(sizeOf(shape)),
		]),
		["total", "", "", count(total)],
	];
	const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
	const rule = widths.map((width) => "─".repeat(width)).join("──");
	const lines = rows.map((row) =>
		// Names and types to the left, numbers to the right.
		row
			.map((cell, i) => (i === 3 ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!)))
			.join("  "),
	);
	return [lines[0], rule, ...lines.slice(1, -1), rule, lines.at(-1)].join("\n");
}

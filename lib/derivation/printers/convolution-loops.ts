import type { Channels, Geometry } from "../../core/geometry.ts";
import type { Shape } from "../../core/shape.ts";
import { asArgument } from "../../notation/embed.ts";
import { affine, plus } from "../../notation/plain.ts";
import type { Host } from "./along-axes.ts";
import { loops } from "./nest.ts";
import { inJavaScript, type LoopOperand, numberAt } from "./operands.ts";

/** One of the three tensors of a convolution, each of which is made of the other two. */
export type ConvolutionPart = "images" | "filters" | "result";

/**
 * One nest of loops for all three: result += image · filter, with the one of them that is made in
 * the place of the result. What lies outside of the image counts as 0 and is left out.
 */
export function writeConvolution(
	host: Host,
	name: string,
	made: ConvolutionPart,
	args: readonly LoopOperand[],
	{ geometry, samples, inputs, outputs }: Channels & { readonly geometry: Geometry },
	shape: Shape,
): LoopOperand {
	const { image, filter, result, stride, dilation, before, groups } = geometry;
	const [perIn, perOut] = [inputs / groups, outputs / groups];
	const sizes = [samples, groups, perOut, ...result, perIn, ...filter];
	// Formulas are computed once, and not for each element of the other factor.
	const factors = args.map((x) =>
		x.made === undefined || x.made.term.kind === "constant" ? x : host.store(host.fresh("t"), x),
	);
	const all = host.indexOf(sizes, []);
	const [n, g, o, i, j, c, a, b] = all as [string, ...string[]];
	const pixel = ([i, a]: readonly [string, string], axis: 0 | 1) => {
		const shift = -before[axis];
		if (a === "0") return affine(i, stride[axis], shift);
		if (i === "0") return affine(a, dilation[axis], shift);
		return plus(affine(i, stride[axis], 0), affine(a, dilation[axis], shift));
	};
	const names: string[] = [];
	const statements: string[] = [];
	const conditions: string[] = [];
	/** The row or column of the image, under a name if it is more than a word. */
	const placed = (indices: readonly [string, string], axis: 0 | 1) => {
		const text = pixel(indices, axis);
		const at = /^\w+$/.test(text) ? text : host.fresh(axis === 0 ? "row" : "column");
		if (at !== text) {
			names.push(at);
			statements.push(`const ${at} = ${text};`);
		}
		const highest =
			(result[axis] - 1) * stride[axis] + (filter[axis] - 1) * dilation[axis] - before[axis];
		if (before[axis] > 0) conditions.push(`${at} >= 0`);
		if (highest >= image[axis]) conditions.push(`${at} < ${image[axis]}`);
		return at;
	};
	const [row, column] = [placed([i!, a!], 0), placed([j!, b!], 1)];
	const channel = (k: string, per: number) => inJavaScript(plus(affine(g!, per, 0), asArgument(k)));
	const index = {
		images: [n, channel(c!, perIn), row, column],
		filters: [channel(o!, perOut), c!, a!, b!],
		result: [n, channel(o!, perOut), i!, j!],
	};
	const read = (["images", "result", "filters"] as const).filter((each) => each !== made);
	// Images come before results, and filters last; those of the images come from result and filter.
	const term = read.map((each, k) => numberAt(factors[k]!, factors[k]!.at(index[each])));
	const out = host.declare(name, shape, "");
	const factorTexts = term.filter((text) => text !== "1");
	const product = factorTexts.map(asArgument).join(" * ") || "1";
	const adding = (to: string) => {
		const text = inJavaScript(`${to} += ${product};`);
		if (conditions.length === 0) return [...statements, text];
		return [...statements, `if (${conditions.join(" && ")}) {`, `  ${text}`, "}"];
	};
	const nest = (which: readonly number[], body: readonly string[]) =>
		loops(
			which.map((k) => all[k]!),
			which.map((k) => sizes[k]!),
			body,
		);
	if (made === "images") {
		const order = [0, 1, 2, 3, 4, 5, 6, 7];
		host.lines.push(...nest(order, adding(out.at(index.images))));
	} else {
		const outer = made === "result" ? [0, 1, 2, 3, 4] : [1, 2, 5, 6, 7];
		const inner = [0, 1, 2, 3, 4, 5, 6, 7].filter((k) => !outer.includes(k));
		const total = host.fresh("total");
		names.push(total);
		const body = [
			`let ${total} = 0;`,
			...nest(inner, adding(total)),
			`${out.at(index[made])} = ${total};`,
		];
		host.lines.push(...nest(outer, body));
	}
	for (const each of names) host.release(each);
	return out;
}

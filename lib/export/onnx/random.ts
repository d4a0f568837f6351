import { type Shape, sizeOf } from "../../core/shape.ts";
import { ndtri } from "../../ops/special/normal.ts";
import { SHARE_BELOW } from "../../random/continuous.ts";
import { GROUPS, PARITY } from "../../random/threefry.ts";
import { termOf } from "../../scalar/formula.ts";
import * as s from "../../scalar/index.ts";
import type { Scalar } from "../../scalar/scalar.ts";
import { specialized } from "../../scalar/specialize.ts";
import { FormulaEmitter } from "./formulas.ts";
import type { Graph, GraphTensor } from "./graph.ts";
import type { NodeForm, NodeSite } from "./site.ts";

// Random numbers by the same words from the same key as the engine's, so the same numbers.

/** By how many bits the words turn, in odd groups of rounds and in even ones. */
const TURNS = [
	[13, 15, 26, 6],
	[17, 29, 16, 24],
] as const;

/** Two words for each counter: Threefry-2x32 with 20 rounds. */
function threefry(
	graph: Graph,
	key: GraphTensor,
	first: GraphTensor,
	second: GraphTensor,
): [GraphTensor, GraphTensor] {
	const word = (value: number) => graph.store.number(value, "uint32");
	const node = (op: string, ...inputs: GraphTensor[]) => graph.node(op, inputs, "uint32");
	const shifted = (x: GraphTensor, bits: number, direction: string) =>
		graph.node("BitShift", [x, word(bits)], "uint32", { direction });
	const words = graph.cast(key, "uint32");
	let [a, b] = [0, 1].map((i) => {
		const ends = [[i], [i + 1], [1]].map((all) => graph.store.wholes(all));
		return graph.node("Slice", [words, ...ends], "uint32");
	}) as [GraphTensor, GraphTensor];
	let c = node("BitwiseXor", node("BitwiseXor", a, b), word(PARITY));
	let [x, y] = [node("Add", first, a), node("Add", second, b)];
	for (let group = 1; group <= GROUPS; group++) {
		for (const turn of TURNS[(group + 1) % 2]!) {
			x = node("Add", x, y);
			const turned = node("BitwiseOr", shifted(y, turn, "LEFT"), shifted(y, 32 - turn, "RIGHT"));
			y = node("BitwiseXor", turned, x);
		}
		[a, b, c] = [b, c, a];
		x = node("Add", x, a);
		y = node("Add", node("Add", y, b), word(group));
	}
	return [x, y];
}

/** Two words for each element of a shape; of several keys each draws its part. */
function words(
	graph: Graph,
	key: GraphTensor,
	keyShape: Shape,
	shape: Shape,
): [GraphTensor, GraphTensor] {
	const keys = sizeOf(keyShape) / 2;
	const each = keys === 0 ? 0 : sizeOf(shape) / keys;
	const counters = Array.from({ length: each }, (_, i) => i);
	const first = graph.store.values(counters, [1, each], "uint32");
	const all = threefry(
		graph,
		graph.reshape(key, [keys, 2]),
		first,
		graph.store.number(0, "uint32"),
	);
	return all.map((word) => graph.reshape(word, shape)) as [GraphTensor, GraphTensor];
}

/** (x >> shift) · 2²⁶ + (y >> 6), as a float64. */
function joined(graph: Graph, [x, y]: [GraphTensor, GraphTensor], shift: number): GraphTensor {
	const part = (word: GraphTensor, bits: number) => {
		const inputs = [word, graph.store.number(bits, "uint32")];
		return graph.cast(graph.node("BitShift", inputs, "uint32", { direction: "RIGHT" }), "float64");
	};
	const high = times(graph, part(x, shift), 2 ** 26);
	return graph.node("Add", [high, part(y, 6)], "float64");
}

function times(graph: Graph, x: GraphTensor, factor: number): GraphTensor {
	return graph.node("Mul", [x, graph.store.number(factor, x.element)], x.element);
}

/** 53 random bits as a number in [0, 1), for each element of the result. */
function uniform53({ graph, operands: [key], step }: NodeSite): GraphTensor {
	const bits = words(graph, key!, step.inputs[0]!.type.shape, step.type.shape);
	return times(graph, joined(graph, bits, 5), 2 ** -53);
}

/** 52 random bits as a number in (0, 1), for each element of a shape. */
function openUniforms({ graph, operands: [key], step }: NodeSite, shape: Shape): GraphTensor {
	const bits = words(graph, key!, step.inputs[0]!.type.shape, shape);
	const half = graph.store.number(0.5, "float64");
	const number = graph.node("Add", [joined(graph, bits, 6), half], "float64");
	return times(graph, number, 2 ** -52);
}

/** What a formula makes of such numbers, in float64. */
function ofOpenUniforms(site: NodeSite, shape: Shape, formula: (u: Scalar) => Scalar): GraphTensor {
	const numbers = openUniforms(site, shape);
	return new FormulaEmitter(site.graph, "float64", () => numbers).write(termOf(formula, 1));
}

/** The normal quantile of u. */
const quantile = (u: Scalar) => specialized(ndtri.op.formula!(), [u]) as Scalar;

/** Normally distributed numbers. */
export const normalNodes: NodeForm = (site) =>
	site.graph.cast(ofOpenUniforms(site, site.step.type.shape, quantile), site.element);

/** The same, none of which lies beyond −2 or 2. */
export const truncatedNormalNodes: NodeForm = (site) => {
	const inside = (u: Scalar) => s.add(SHARE_BELOW, s.mul(1 - 2 * SHARE_BELOW, u));
	const formula = (u: Scalar) => s.min(2, s.max(-2, quantile(inside(u))));
	return site.graph.cast(ofOpenUniforms(site, site.step.type.shape, formula), site.element);
};

/** Classes, by logits to which noise is added. */
export const categoricalNodes: NodeForm = (site) => {
	const { graph, operands, step, element } = site;
	const { shape } = step.inputs[1]!.type;
	const noise = ofOpenUniforms(site, shape, (u) => s.neg(s.log(s.neg(s.log(u)))));
	const noisy = graph.node("Add", [graph.cast(operands[1]!, "float64"), noise], "float64");
	const attributes = { axis: shape.length - 1, keepdims: 0 };
	return graph.cast(graph.node("ArgMax", [noisy], "int64", attributes), element);
};

/** Random numbers from 0 to 1. */
export const uniformNodes: NodeForm = (site) => {
	const {
		graph,
		operands: [key],
		step,
		element,
	} = site;
	if (step.type.dtype === "float64") return graph.cast(uniform53(site), element);
	const [x] = words(graph, key!, step.inputs[0]!.type.shape, step.type.shape);
	const inputs = [x, graph.store.number(8, "uint32")];
	const bits = graph.node("BitShift", inputs, "uint32", { direction: "RIGHT" });
	return graph.cast(times(graph, graph.cast(bits, "float32"), 2 ** -24), element);
};

/** Random whole numbers from `low`, below `high`. */
export function wholeNumberNodes(low: number, high: number): NodeForm {
	return (site) => {
		const { graph, element } = site;
		const place = graph.node("Floor", [times(graph, uniform53(site), high - low)], "float64");
		const first = graph.store.number(low, "float64");
		return graph.cast(graph.node("Add", [place, first], "float64"), element);
	};
}

/** Whether random numbers are below a probability. */
export const chanceNodes: NodeForm = (site) => {
	const { graph, operands, element } = site;
	const probability = graph.cast(operands.at(-1)!, "float64");
	return graph.cast(graph.node("Less", [uniform53(site), probability], "bool"), element);
};

/** The words of a new key. */
export function keyNodes(stream: number): NodeForm {
	return ({ graph, operands: [key, data], step, element }) => {
		const keys = sizeOf(step.inputs[0]!.type.shape) / 2;
		const first = graph.cast(graph.reshape(data!, [keys, 1]), "uint32");
		const second = graph.store.number(stream, "uint32");
		const made = threefry(graph, graph.reshape(key!, [keys, 2]), first, second);
		const both = graph.node("Concat", made, "uint32", { axis: 1 });
		return graph.cast(graph.reshape(both, step.type.shape), element);
	};
}

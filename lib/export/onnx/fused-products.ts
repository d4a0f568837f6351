import { sameShape, sizeOf } from "../../core/shape.ts";
import { uniformNumber } from "../../program/builder.ts";
import type { Instruction } from "../../program/program.ts";
import { type GraphTensor, type OnnxNode, realNumber } from "./graph.ts";
import type { NodeSite } from "./site.ts";

// `Gemm` gives alpha·A·B + beta·C. What is done with a product of matrices next, as in the update
// w - rate·x.T·g, then takes no passes of its own over the numbers.

/** A product of matrices that may be done in another node. */
interface Product {
	readonly node: OnnxNode;
	readonly alpha: number;
	/** Which input of the instruction it is. */
	readonly at: number;
}

/** A multiple of a product of matrices, or its sum with something, as one node; else null. */
export function fusedProduct(site: NodeSite): GraphTensor | null {
	const { coefficients, powers } = site.step.op.traits?.algebra ?? {};
	if ((coefficients ?? powers) === undefined) return null;
	const product = productIn(site);
	if (product === null) return null;
	if (coefficients !== undefined) return summed(site, product, coefficients);
	return powers!.every((power) => power === 1) ? multiplied(site, product) : null;
}

/** The first input that is a product, of the shape of the result. */
function productIn({ graph, step, shown, element, mayTakeIn }: NodeSite): Product | null {
	for (const [at, { thin, shape }] of shown.entries()) {
		const node = graph.makerOf(thin);
		if (node?.op !== "Gemm" || node.inputs.length > 2 || !mayTakeIn(at)) continue;
		if (thin.element !== element || !sameShape(shape, step.type.shape)) continue;
		const { real = 1 } = (node.attributes.alpha ?? {}) as { real?: number };
		return { node, alpha: real, at };
	}
	return null;
}

function summed(
	{ graph, shown, element }: NodeSite,
	{ node, alpha, at }: Product,
	coefficients: readonly number[],
): GraphTensor | null {
	const [added] = shown.toSpliced(at, 1);
	if (added !== undefined && added.thin.element !== element) return null;
	const [beta = 1] = coefficients.toSpliced(at, 1);
	const operands = added === undefined ? node.inputs : [...node.inputs, added.thin];
	const factors = { alpha: alpha * coefficients[at]!, beta };
	return graph.node("Gemm", operands, element, withFactors(node, factors));
}

/** The attributes of a product with these factors, each of which is left out where it is 1. */
function withFactors({ attributes }: OnnxNode, factors: Readonly<Record<string, number>>) {
	const { alpha: _, ...rest } = attributes;
	const told = Object.entries(factors).filter(([, factor]) => factor !== 1);
	return { ...rest, ...Object.fromEntries(told.map(([name, x]) => [name, realNumber(x)])) };
}

/** A multiple by a number that is known. */
function multiplied(
	{ graph, step, element }: NodeSite,
	{ node, alpha, at }: Product,
): GraphTensor | null {
	const number = uniformNumber(step.inputs[1 - at] ?? step.inputs[at]!);
	if (number === null || number === 0 || Math.abs(alpha) !== 1) return null;
	const factor = alpha * number;
	// The node has alpha as a float32.
	if (element !== "float64" || Math.fround(factor) === factor) {
		return graph.node("Gemm", node.inputs, element, withFactors(node, { alpha: factor }));
	}
	// A smaller operand is multiplied in place of the product: by no number that makes it overflow.
	const sizes = (step.inputs[at] as Instruction).inputs.map(({ type }) => sizeOf(type.shape));
	const least = Math.min(...sizes);
	if (Math.abs(factor) > 1 || least > sizeOf(step.type.shape)) return null;
	const smaller = sizes.indexOf(least);
	const operand = node.inputs[smaller]!;
	const scaled = graph.node("Mul", [operand, graph.store.number(factor, element)], element);
	return graph.node("Gemm", node.inputs.with(smaller, scaled), element, withFactors(node, {}));
}

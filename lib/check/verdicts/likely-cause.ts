import { sizeOf } from "../../core/shape.ts";
import { Tensor } from "../../core/tensor.ts";
import { mul } from "../../ops/arithmetic.ts";
import { astype } from "../../ops/cast.ts";
import { concatenated } from "../differences/neighborhood.ts";
import { type Mode, randomLike, type TensorList } from "../differences/problem.ts";
import { explainingMistake, type Suspect } from "./candidate-mistakes.ts";
import type { Examination } from "./examine.ts";
import { lostUseOf } from "./lost-use.ts";
import { type Factor, wrongProduct } from "./products.ts";

/** Larger Jacobians are not searched for a cause. */
const MOST_ENTRIES = 4096;
/** Differences have to be this certain for a coincidence to be out of the question. */
const NEEDED = 1e-3;

/**
 * The usual mistake that makes a wrong derivative of one result by one argument agree with
 * differences, in words; null where none does, or where the function has kinks or is too large to
 * try.
 */
export function likelyCause(
	examination: Examination,
	leaf: number,
	result: number | null,
	mode: Mode,
	key: Tensor,
): string | null {
	const { problem } = examination;
	const { results } = examination.derivative;
	if (mode === "reverse" && !isLinear(examination, leaf, key)) {
		return "the pull is not linear in its cotangent: twice the cotangent does not give twice the gradient";
	}
	if (result === null && results.length > 1) return null;
	const suspect = suspectOf(examination, leaf, result ?? 0, mode);
	if (suspect === null) return null;
	const [g] = randomLike([results[result ?? 0]!], key);
	const others = problem.x.flatMap((value, i) =>
		i === leaf ? [] : [{ name: problem.inputs[i]!, value }],
	);
	return (
		wrongFactorOf(suspect, { name: "g", value: g! }, others) ??
		explainingMistake(suspect) ??
		lostUseIn(examination, suspect, leaf, result ?? 0, g!)
	);
}

/** Whether twice a cotangent gives twice the gradient, but for rounding. */
function isLinear({ derivative }: Examination, leaf: number, key: Tensor): boolean {
	const once = randomLike(derivative.results, key);
	const pulled = (factor: number) => derivative.pull(once.map((g) => mul(g, factor)))[leaf]!;
	const [one, two] = [pulled(1), pulled(2)];
	const largest = one.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
	return one.every((value, k) => !(Math.abs(two[k]! - 2 * value) > NEEDED * largest));
}

function suspectOf(
	examination: Examination,
	leaf: number,
	result: number,
	mode: Mode,
): Suspect | null {
	const { problem } = examination;
	const { results } = examination.derivative;
	const x = problem.x[leaf]!;
	const y = results[result]!;
	const from = results.slice(0, result).reduce((sum, other) => sum + other.size, 0);
	if (x.size * y.size > MOST_ENTRIES) return null;
	const expected = new Float64Array(y.size * x.size);
	let [bound, largest] = [0, 0];
	for (let i = 0; i < x.size; i++) {
		const column = examination.differences(leaf, i).slice(from, from + y.size);
		for (const [j, numeric] of column.entries()) {
			if (numeric.kind !== "smooth") return null;
			expected[j * x.size + i] = (numeric.left + numeric.right) / 2;
			bound = Math.max(bound, numeric.bound);
			largest = Math.max(largest, Math.abs(numeric.left));
		}
	}
	const tolerance = 4 * bound + 1e-9 * largest;
	if (tolerance > NEEDED * largest) return null;
	const given = examination.derivative
		.jacobian(leaf, mode)
		.slice(from * x.size, (from + y.size) * x.size);
	const sizes = sizesOf([...problem.x, ...results], [...problem.inputs, ...problem.outputs]);
	return { given, expected, tolerance, result: y.shape, argument: x.shape, sizes };
}

/** The sizes of all axes and tensors, and what they are sizes of; the first one of each size. */
export function sizesOf(tensors: TensorList, names: readonly string[]): Map<number, string> {
	const sizes = new Map<number, string>();
	const add = (size: number, what: string) => sizes.set(size, sizes.get(size) ?? what);
	for (const [i, { shape }] of tensors.entries()) {
		for (const [axis, size] of shape.entries())
			add(size, `the size of axis ${axis} of ${names[i]}`);
	}
	for (const [i, { size }] of tensors.entries()) add(size, `the number of elements of ${names[i]}`);
	return sizes;
}

/**
 * In reverse mode, a product of the cotangent with another argument in which a factor is not
 * transposed as it should be.
 */
function wrongFactorOf(suspect: Suspect, g: Factor, others: readonly Factor[]): string | null {
	const weights = concatenated([g.value]);
	const weighted = (values: Float64Array) =>
		new Tensor(weightedRows(suspect, values, weights), "float64", suspect.argument);
	const total = weights.reduce((sum, value) => sum + Math.abs(value), 0);
	const wide = (factor: Factor) => ({ ...factor, value: astype(factor.value, "float64") });
	return wrongProduct(
		others.map((other) => [wide(g), wide(other)]),
		weighted(suspect.given),
		weighted(suspect.expected),
		suspect.tolerance * total,
	);
}

/** One of several uses of the argument that a gradient by hand leaves out. */
function lostUseIn(
	{ derivative }: Examination,
	suspect: Suspect,
	leaf: number,
	result: number,
	g: Tensor,
): string | null {
	const weights = concatenated([g]);
	const lacking = suspect.expected.map((value, k) => value - suspect.given[k]!);
	const cotangents = derivative.results.map((y, k) => (k === result ? g : mul(y, 0)));
	const total = weights.reduce((sum, value) => sum + Math.abs(value), 0);
	const missing = weightedRows(suspect, lacking, weights);
	return lostUseOf(derivative.graph, leaf, cotangents, missing, suspect.tolerance * total);
}

/** The rows of a Jacobian, summed with weights. */
function weightedRows(
	{ argument }: Suspect,
	values: Float64Array,
	weights: Float64Array,
): Float64Array {
	const out = new Float64Array(sizeOf(argument));
	for (const [k, value] of values.entries()) {
		out[k % out.length]! += weights[Math.floor(k / out.length)]! * value;
	}
	return out;
}

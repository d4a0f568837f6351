import * as assert from "uvu/assert";
import { assertGradients } from "../../lib/check/verdicts/check-gradients.ts";
import { isFloat } from "../../lib/core/dtype.ts";
import { flatten } from "../../lib/core/tree.ts";
import { grad, mapTree, random, type Tensor, treeLeaves } from "../../lib/index.ts";
import { interpret } from "../../lib/program/interpret.ts";
import { trace } from "../../lib/program/trace.ts";
import { near } from "../near.ts";

/** Rounding of float32 (6e−8) over a few dozen operations. */
const FLOAT32_TOLERANCE = 1e-4;

/** Normally distributed numbers. */
export function normal(seed: number, shape: number[]): Tensor {
	return random.normal(random.key(seed), shape);
}

/**
 * Asserts what must hold for every function of a tree of tensors: traced on tensors without values,
 * with its gradient, it gives the same bits; its derivatives agree with finite differences, to
 * second order; in float32 it stays float32, and near.
 * @param traced how near it is when traced: a recorded loop adds gradients up in another order
 */
export function holdsUp<T>(f: (tree: T) => unknown, tree: T, order = 2, traced = 0): void {
	tracesTheSame(f, tree, traced);
	differentiates(f, tree, order);
	worksInFloat32(f, tree);
}

/**
 * The function and the gradient of the sum of squares of what it gives, traced, give the same bits,
 * or what is as near as said.
 */
export function tracesTheSame<T>(f: (tree: T) => unknown, tree: T, tolerance = 0): void {
	const { leaves, rebuild } = flatten("spec", tree, "tree");
	const floats = (all: readonly Tensor[]) => all.filter((x) => isFloat(x.dtype));
	const run = (all: readonly Tensor[]) => {
		const loss = (some: readonly Tensor[]) => {
			const results = floats(treeLeaves(f(rebuild(replaced(all, some)))));
			return results.map((y) => y.square().sum()).reduce((a, b) => a.add(b));
		};
		return [...treeLeaves(f(rebuild(all))), ...grad(loss)(floats(all))];
	};
	const { program } = trace(leaves, run);
	const [actual, expected] = [interpret(program, leaves), run(leaves)];
	for (const [i, y] of expected.entries()) near(actual[i]!, y, tolerance);
}

/** The derivatives with respect to the float tensors of the tree agree with differences. */
export function differentiates<T>(f: (tree: T) => unknown, tree: T, order = 2): void {
	assertGradients(f, [tree], { order, elements: 8, directions: 2 });
}

function worksInFloat32<T>(f: (tree: T) => unknown, tree: T): void {
	const narrow = mapTree((x) => (isFloat(x.dtype) ? x.astype("float32") : x), tree);
	const wide = mapTree((x, y) => (isFloat(x.dtype) ? y.astype("float64") : x), tree, narrow);
	const [actual, expected] = [treeLeaves(f(narrow)), treeLeaves(f(wide))];
	for (const [i, y] of expected.entries()) {
		if (!isFloat(y.dtype)) continue;
		assert.is(actual[i]!.dtype, "float32");
		near(actual[i]!.astype("float64"), y, FLOAT32_TOLERANCE);
	}
}

/** The tensors of a list, the float ones replaced, in their order. */
function replaced(all: readonly Tensor[], floats: readonly Tensor[]): Tensor[] {
	let next = 0;
	return all.map((x) => (isFloat(x.dtype) ? floats[next++]! : x));
}

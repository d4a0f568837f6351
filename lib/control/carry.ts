import { ShapeError } from "../core/error.ts";
import { sameShape, showShape } from "../core/shape.ts";
import type { Tensor } from "../core/tensor.ts";
import { type Flattened, leavesLike } from "../core/tree.ts";

/**
 * The leaves of the carry that a step gives, which has to be as the one that it took.
 * @throws GradientError where the structures differ
 * @throws ShapeError naming the first leaf of another shape or dtype
 */
export function carryLike(op: string, tree: unknown, like: Flattened<unknown>): readonly Tensor[] {
	const leaves = leavesLike(op, "carry", tree, like);
	checkTypes(leaves, like, ({ path, before, after }) => {
		return (
			`${op}: expected carry${path} to keep its type, ${before}, got ${after} after a step; ` +
			"start with a carry of that type, or bring back what the step returns with broadcastTo, reshape or astype"
		);
	});
	return leaves;
}

/**
 * The leaves of a result that has to be as another one is, which was there before.
 * @param where what has to give the same: "in all steps"
 * @throws GradientError where the structures differ
 * @throws ShapeError naming the first leaf of another shape or dtype
 */
export function sameTypes(
	op: string,
	role: string,
	tree: unknown,
	like: Flattened<unknown>,
	where: string,
): readonly Tensor[] {
	const leaves = leavesLike(op, role, tree, like);
	checkTypes(leaves, like, ({ path, before, after }) => {
		return (
			`${op}: expected ${role}${path} to be of one type ${where}, got ${after}, and ${before} before; ` +
			"bring them to one with broadcastTo, reshape or astype"
		);
	});
	return leaves;
}

function checkTypes(
	leaves: readonly Tensor[],
	like: Flattened<unknown>,
	words: (at: { path: string; before: string; after: string }) => string,
): void {
	for (const [i, after] of leaves.entries()) {
		const before = like.leaves[i]!;
		if (sameShape(after.shape, before.shape) && after.dtype === before.dtype) continue;
		throw new ShapeError(
			words({ path: like.paths[i]!, before: showType(before), after: showType(after) }),
		);
	}
}

function showType({ dtype, shape }: Tensor): string {
	return `${dtype} ${showShape(shape)}`;
}

import { isFloat } from "../core/dtype.ts";
import { GradientError, ShapeError } from "../core/error.ts";
import { broadcastNumber } from "../core/lift.ts";
import type { TensorType } from "../core/op.ts";
import { sameShape, showShape } from "../core/shape.ts";
import { Tensor } from "../core/tensor.ts";
import { type Flattened, flatten, leavesLike } from "../core/tree.ts";
import { pushforward } from "./forward.ts";
import { type Linearization, linearizationOf } from "./linearization.ts";
import { pullback } from "./reverse.ts";

/**
 * One run of a function with its graph: what every transform starts from. Vectors have the
 * structure of X and Y.
 */
export interface Run<X, Y> {
	readonly op: string;
	readonly x: Flattened<X>;
	readonly y: Flattened<Y>;
	/** The results, outside of the tape. */
	readonly value: Y;
	readonly graph: Linearization;
}

/**
 * Runs `f` and records how its results depend on its first argument.
 * @throws GradientError when a leaf is not a float tensor.
 */
export function run<X, Rest extends unknown[], Y>(
	op: string,
	f: (x: X, ...rest: Rest) => Y,
	x: X,
	rest: Rest,
): Run<X, Y> {
	const flatX = flatten(op, x, "argument");
	checkFloat(op, "argument", flatX);
	let flatY!: Flattened<Y>;
	const graph = linearizationOf(flatX.leaves, (leaves) => {
		flatY = flatten(op, f(flatX.rebuild(leaves), ...rest), "result");
		return flatY.leaves;
	});
	const y = { ...flatY, leaves: graph.values };
	return { op, x: flatX, y, value: y.rebuild(graph.values), graph };
}

/** @throws GradientError when a leaf is not a float tensor. */
export function checkFloat(op: string, role: string, tree: Flattened<unknown>): void {
	for (const [i, leaf] of tree.leaves.entries()) {
		if (isFloat(leaf.dtype)) continue;
		throw new GradientError(
			`${op}: ${role}${tree.paths[i]} is ${leaf.dtype} ${showShape(leaf.shape)}, and only float tensors have ` +
				'derivatives; cast it with .astype("float64"), or pass it as a further argument',
		);
	}
}

/** A tangent of the argument, taken forward to one of the result. */
export function push<X, Y>({ op, x, y, graph }: Run<X, Y>, dx: X): Y {
	const tangents = pushforward(graph, vectorLeaves(op, "tangent", dx, x));
	return y.rebuild(orZeros(tangents, y.leaves));
}

/** A cotangent of the result, taken back to one of the argument. */
export function pull<X, Y>({ op, x, y, graph }: Run<X, Y>, g: Y): X {
	const cotangents = pullback(graph, vectorLeaves(op, "cotangent", g, y));
	return x.rebuild(orZeros(cotangents, x.leaves));
}

/** The gradient of the first tensor of the result, which is a scalar; the others do not count. */
export function pullFirst<X>({ x, y, graph }: Run<X, unknown>): X {
	const seed = (like: Tensor) => broadcastNumber("gradient", 1, like.dtype, []);
	const cotangents = y.leaves.map((leaf, i) => (i === 0 ? seed(leaf) : null));
	return x.rebuild(orZeros(pullback(graph, cotangents), x.leaves));
}

/**
 * The value and the gradient of a scalar function, for the transform of this name.
 * @throws GradientError when the result is not a float scalar, or in front of further results
 */
export function gradientOf<X, Rest extends unknown[], Y>(
	op: string,
	f: (x: X, ...rest: Rest) => Y,
	x: X,
	rest: Rest,
): [Y, X] {
	const made = run(op, f, x, rest);
	const scalar: unknown = Array.isArray(made.value) ? made.value[0] : made.value;
	if (!(scalar instanceof Tensor) || scalar.rank !== 0 || !isFloat(scalar.dtype)) {
		const got =
			scalar instanceof Tensor ? `${scalar.dtype} ${showShape(scalar.shape)}` : "a structure";
		throw new GradientError(
			`${op}: expected a float scalar result, got ${got}; ` +
				"reduce it with sum() or mean(), or use vjp (a cotangent of your own) or jacobian (every entry)",
		);
	}
	return [made.value, pullFirst(made)];
}

/** The vectors of these types; zeros where nothing arrived, as where nothing depends on a leaf. */
export function orZeros(
	vectors: readonly (Tensor | null)[],
	like: readonly TensorType[],
): Tensor[] {
	return like.map(({ shape, dtype }, i) => vectors[i] ?? broadcastNumber("zeros", 0, dtype, shape));
}

/** The leaves of a tangent or cotangent, checked against the tree whose vector it should be. */
export function vectorLeaves<T>(
	op: string,
	role: string,
	vector: T,
	like: Flattened<T>,
): readonly Tensor[] {
	const leaves = leavesLike(op, role, vector, like);
	for (const [i, leaf] of leaves.entries()) {
		const { shape, dtype } = like.leaves[i]!;
		if (sameShape(leaf.shape, shape) && leaf.dtype === dtype) continue;
		throw new ShapeError(
			`${op}: expected ${role}${like.paths[i]} to be ${dtype} ${showShape(shape)}, got ${leaf.dtype} ${showShape(leaf.shape)}`,
		);
	}
	return leaves;
}

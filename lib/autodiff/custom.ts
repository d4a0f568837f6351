import { isDerived } from "../core/labelled.ts";
import { asTensor } from "../core/lift.ts";
import { checkFunction } from "../core/options.ts";
import type { Tensor, TensorLike } from "../core/tensor.ts";
import { type Flattened, flatten } from "../core/tree.ts";
import { type PlacedLeaf, walk } from "./axes-tree.ts";
import { stopped } from "./by-hand.ts";
import { applyCall } from "./call.ts";
import { checkFloat, vectorLeaves } from "./run.ts";
import { jvp, vjp } from "./transforms.ts";
import { transposeOf } from "./transpose.ts";

type Leaves = readonly Tensor[];

/**
 * The tensor as a constant: the value is the same, and no derivative, of whatever order, flows
 * through it. A derivation marks it.
 */
export function stopGradient(x: TensorLike): Tensor {
	return stopped(asTensor("stopGradient", x));
}

/**
 * The same function, which forgets its intermediate results and computes them again when its
 * gradient is needed: less memory for one more evaluation. Its first argument and its result may be
 * nested; both consist of float tensors.
 * @throws GradientError when the function uses a differentiated tensor that is not in its first
 * argument
 */
export function checkpoint<X, Rest extends unknown[], Y>(
	f: (x: X, ...rest: Rest) => Y,
): (x: X, ...rest: Rest) => Y {
	checkFunction("checkpoint", f);
	return (x, ...rest) => {
		const flat = flatFunction("checkpoint", f, x, rest);
		// A derivation writes each line once, and a gradient that is that of all its uses.
		if (isDerived()) return f(x, ...rest);
		const y = applyCall(
			{
				name: "checkpoint",
				f: flat.run,
				push: (leaves, _, rest) => (dx) => jvp(flat.run, leaves, dx, rest)[1],
				pull: (leaves, _, g, rest) => vjp(flat.run, leaves, rest)[1](g),
			},
			flat.x.leaves,
			flat.examples,
		);
		return flat.y().rebuild(y);
	};
}

/**
 * The same function with another gradient: `pull` takes a cotangent of the result, the result and
 * the arguments, and gives a cotangent in the structure of the first argument. Forward mode (`jvp`,
 * `hvp`, …) has `push`, which takes a tangent of the first argument, the result and the arguments,
 * and gives a tangent of the result: the same derivative, so `pull` has to be its transpose. Left
 * out, forward mode applies the transpose of `pull`, which it finds by running it once on a
 * cotangent without values. So there `pull` has to be linear in the cotangent, and may branch by
 * the values of the result and the arguments, but not by those of the cotangent. Structures are as
 * for `checkpoint`. A derivation marks the result, and the gradients that come from it.
 * @throws GradientError when the function uses a differentiated tensor that is not in its first
 * argument; in forward mode without `push`, when `pull` asks for the cotangent's values or is not
 * linear in it
 */
export function customGradient<X, Rest extends unknown[], Y>(
	f: (x: X, ...rest: Rest) => Y,
	pull: (g: Y, y: Y, x: X, ...rest: Rest) => X,
	push?: (dx: X, y: Y, x: X, ...rest: Rest) => Y,
): (x: X, ...rest: Rest) => Y {
	checkFunction("customGradient", f);
	checkFunction("customGradient", pull);
	return (x, ...rest) => {
		const flat = flatFunction("customGradient", f, x, rest);
		const back = (leaves: Leaves, y: Leaves, g: Leaves, examples: Leaves) => {
			const result = flat.y();
			const given = pull(
				result.rebuild(g),
				result.rebuild(y),
				flat.x.rebuild(leaves),
				...flat.rest(examples),
			);
			return vectorLeaves("customGradient", "gradient", given, flat.x);
		};
		const forth = (leaves: Leaves, y: Leaves, examples: Leaves) => (dx: Leaves) => {
			const result = flat.y();
			const given = push!(
				flat.x.rebuild(dx),
				result.rebuild(y),
				flat.x.rebuild(leaves),
				...flat.rest(examples),
			);
			return vectorLeaves("customGradient", "tangent", given, result);
		};
		const y = applyCall(
			{
				name: "customGradient",
				byHand: true,
				f: flat.run,
				push: push
					? forth
					: (leaves, y, examples) => transposeOf((g) => back(leaves, y, g, examples), y),
				pull: back,
			},
			flat.x.leaves,
			flat.examples,
		);
		return flat.y().rebuild(y);
	};
}

/**
 * A function of trees as a function of their leaves, and of those of further arguments that are
 * `examples` of a batch; `y()` is the structure of the result, once it has run.
 */
function flatFunction<X, Rest extends unknown[], Y>(
	name: string,
	f: (x: X, ...rest: Rest) => Y,
	x: X,
	rest: Rest,
) {
	const flatX = flatten(name, x, "argument");
	checkFloat(name, "argument", flatX);
	const others: PlacedLeaf[] = [];
	const rebuildRest = walk(rest, null, [name, "in"], others);
	// Inside of vmap, further arguments may be of one example.
	const isExample = others.map(({ x }) => x.node !== null && x.node.tape.batcher !== null);
	const restOf = (examples: Leaves): Rest => {
		const next = examples.values();
		const all = others.map(({ x }, i) => (isExample[i] ? next.next().value! : x));
		return rebuildRest(all) as Rest;
	};
	let flatY!: Flattened<Y>;
	const run = (leaves: Leaves, examples: Leaves): Leaves => {
		flatY = flatten(name, f(flatX.rebuild(leaves), ...restOf(examples)), "result");
		checkFloat(name, "result", flatY);
		return flatY.leaves;
	};
	return {
		x: flatX,
		examples: others.flatMap(({ x }, i) => (isExample[i] ? [x] : [])),
		rest: restOf,
		y: () => flatY,
		run,
	};
}

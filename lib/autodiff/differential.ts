import { debugState } from "../core/debug-state.ts";
import { ShapeError } from "../core/error.ts";
import type { LinearMap } from "../core/linear-map.ts";
import { sameShape, showShape } from "../core/shape.ts";
import type { Node } from "../core/tape.ts";
import type { Tensor } from "../core/tensor.ts";
import { asMap } from "../ops/as-map.ts";

/** The linear map of argument `i` at a node; null where the result does not vary with it. */
export function differentialOf(node: Node, i: number): LinearMap | null {
	debugState.differentiating = node;
	return asMap(node.op!.differential!(i, node.inputs, node.value, node.params));
}

/**
 * What a node's map of argument `i`, or its transpose, has given.
 * @throws ShapeError unless it has the shape of `like`, which a record that states a wrong
 * derivative may break
 */
export function fitting(derivative: Tensor, like: Tensor, { op }: Node, i: number): Tensor {
	if (sameShape(derivative.shape, like.shape)) return derivative;
	throw new ShapeError(
		`${op!.name}: expected its derivative by argument ${i + 1} to give ${showShape(like.shape)}, ` +
			`got ${showShape(derivative.shape)}; checkOp of adjoint/check tries the op by its laws`,
	);
}

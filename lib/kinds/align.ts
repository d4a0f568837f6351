import { asTensor, broadcastNumber, commonArgumentDType, type DTypeRule } from "../core/lift.ts";
import { broadcastShapes, type Shape, sameShape } from "../core/shape.ts";
import { Tensor, type TensorLike } from "../core/tensor.ts";
import { stretchTo } from "../structure/stretch.ts";

/**
 * Tensors of one shape: numbers take the dtype that `rule` gives, and what is smaller is broadcast.
 */
export function alignArguments(op: string, args: readonly TensorLike[], rule: DTypeRule): Tensor[] {
	let shape: Shape | null = null;
	let aligned = true;
	for (let i = 0; i < args.length; i++) {
		const x = args[i];
		if (!(x instanceof Tensor)) aligned = false;
		else if (shape === null) shape = x.shape;
		else if (!sameShape(shape, x.shape)) return broadcastArguments(op, args, rule);
	}
	return aligned ? (args as Tensor[]) : liftNumbers(op, args, rule, shape ?? []);
}

function broadcastArguments(op: string, args: readonly TensorLike[], rule: DTypeRule): Tensor[] {
	const tensors = args.filter((x) => x instanceof Tensor);
	const shape = broadcastShapes(
		op,
		tensors.map((x) => x.shape),
	);
	if (tensors.length === args.length) return tensors.map((x) => stretchTo(x, shape));
	const stretched = args.map((x) => (x instanceof Tensor ? stretchTo(x, shape) : x));
	return liftNumbers(op, stretched, rule, shape);
}

function liftNumbers(
	op: string,
	args: readonly TensorLike[],
	rule: DTypeRule,
	shape: Shape,
): Tensor[] {
	const dtype = rule.lift(commonArgumentDType(op, args));
	return args.map((x) => {
		if (x instanceof Tensor) return x;
		if (typeof x !== "number" && typeof x !== "boolean") return asTensor(op, x);
		return broadcastNumber(op, Number(x), dtype, shape);
	});
}

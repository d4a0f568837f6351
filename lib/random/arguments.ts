import { DTypeError, ShapeError } from "../core/error.ts";
import { describe } from "../core/options.ts";
import { broadcastShapes, checkShape, type Shape, sameShape, showShape } from "../core/shape.ts";
import { Tensor } from "../core/tensor.ts";

/**
 * The key itself.
 * @throws DTypeError when it is not one
 */
export function checkKey(op: string, key: Tensor): Tensor {
	if (key instanceof Tensor && key.dtype === "int32" && sameShape(key.shape, [2])) return key;
	const way = Array.isArray(key)
		? "random.split gives an array of keys: pass one of them, or stack(keys) to what vmap made"
		: "random.key(seed) makes one";
	throw new DTypeError(
		`${op}: expected a key, which is an int32 tensor of shape (2), got ${showGiven(key)}; ${way}`,
	);
}

/**
 * Checks a shape, and that a parameter broadcasts to it.
 * @throws ShapeError when not
 */
export function checkFits(op: string, name: string, from: Shape, to: Shape): void {
	checkShape(op, to);
	if (sameShape(broadcastShapes(op, [from, to]), to)) return;
	throw new ShapeError(
		`${op}: expected ${name} to broadcast to ${showShape(to)}, got shape ${showShape(from)}`,
	);
}

/** How an error shows an argument that does not fit. */
export function showGiven(x: unknown): string {
	return x instanceof Tensor ? `${x.dtype} ${showShape(x.shape)}` : describe(x);
}

/** A shape in Python. */
export function tuple(shape: Shape): string {
	return `(${shape.join(", ")}${shape.length === 1 ? "," : ""})`;
}

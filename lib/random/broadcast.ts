import { broadcastShapes, checkShape, type Shape } from "../core/shape.ts";
import type { Tensor } from "../core/tensor.ts";
import { broadcastTo } from "../structure/broadcasting.ts";
import { checkFits } from "./arguments.ts";

/**
 * Parameters of a distribution in the shape of what is drawn; left out, that to which they
 * broadcast.
 * @throws ShapeError when they do not broadcast to it
 */
export function checkBroadcast(
	op: string,
	parameters: Readonly<Record<string, Tensor>>,
	shape: Shape | undefined,
): Tensor[] {
	const entries = Object.entries(parameters);
	const full =
		shape ??
		broadcastShapes(
			op,
			entries.map(([, x]) => x.shape),
		);
	checkShape(op, full);
	return entries.map(([name, x]) => {
		checkFits(op, name, x.shape, full);
		return broadcastTo(x, full);
	});
}

import { allocate, type DType } from "../core/dtype.ts";
import { broadcastNumber } from "../core/lift.ts";
import { checkFunction, checkOptions } from "../core/options.ts";
import type { Shape } from "../core/shape.ts";
import { Tensor } from "../core/tensor.ts";
import { stack } from "../ops/joining.ts";
import { permute, reshape } from "../structure/layout.ts";
import { pushforward } from "./forward.ts";
import type { Linearization } from "./linearization.ts";
import { pullback } from "./reverse.ts";
import { checkFloat, gradientOf, orZeros, run } from "./run.ts";

/** The structure of Y with, in place of each tensor, the structure of X. */
export type Jacobian<Y, X> = Y extends Tensor ? X : { [K in keyof Y]: Jacobian<Y[K], X> };

/** Options of `jacobian`. */
export interface JacobianOptions {
	/**
	 * `"reverse"` takes one pass for each element of the result, `"forward"` one for each element of
	 * the argument; left out: whichever takes fewer.
	 */
	readonly mode?: "reverse" | "forward";
}

/**
 * All partial derivatives of a function with respect to its first argument. For a tensor of shape S
 * and a result of shape R the Jacobian has shape R followed by S; with nested structures, the
 * structure of the result with that of the argument at each leaf.
 * @throws GradientError when a leaf of the argument or of the result is not a float tensor
 */
export function jacobian<X, Rest extends unknown[], Y>(
	f: (x: X, ...rest: Rest) => Y,
	options: JacobianOptions = {},
): (x: X, ...rest: Rest) => Jacobian<Y, X> {
	checkFunction("jacobian", f);
	checkOptions("jacobian", options, { mode: ["reverse", "forward"] });
	return (x, ...rest) => jacobianOf("jacobian", f, options, x, rest);
}

function jacobianOf<X, Rest extends unknown[], Y>(
	op: string,
	f: (x: X, ...rest: Rest) => Y,
	options: JacobianOptions,
	x: X,
	rest: Rest,
): Jacobian<Y, X> {
	const made = run(op, f, x, rest);
	checkFloat(op, "result", made.y);
	const [ins, outs] = [made.x.leaves, made.y.leaves];
	const count = (leaves: readonly Tensor[]) => leaves.reduce((n, leaf) => n + leaf.size, 0);
	for (const y of outs) {
		for (const x of ins) checkRoom(op, y, x);
	}
	const mode = options.mode ?? (count(outs) <= count(ins) ? "reverse" : "forward");
	const rows =
		mode === "reverse" ? byRows(made.graph, ins, outs) : byColumns(made.graph, ins, outs);
	return made.y.rebuild<Jacobian<Y, X>>(rows.map((row) => made.x.rebuild(row)));
}

/**
 * The second derivatives of a scalar function with respect to its first argument, by forward mode
 * over reverse mode. For a tensor of shape S it has shape S followed by S; with nested structures,
 * a structure of structures: `h.w.b` holds ∂²f/∂w∂b.
 * @throws GradientError as `grad` does
 */
export function hessian<X, Rest extends unknown[]>(
	f: (x: X, ...rest: Rest) => Tensor,
): (x: X, ...rest: Rest) => Jacobian<X, X> {
	checkFunction("hessian", f);
	const gradient = (x: X, ...rest: Rest) => gradientOf("hessian", f, x, rest)[1];
	return (x, ...rest) => jacobianOf("hessian", gradient, { mode: "forward" }, x, rest);
}

/**
 * blocks[o][i], the Jacobian of result o with respect to input i, by a reverse pass for each
 * element of the results.
 */
function byRows(graph: Linearization, ins: readonly Tensor[], outs: readonly Tensor[]): Tensor[][] {
	return outs.map((out, o) => {
		const rows = alongUnits(outs, o, (g) => orZeros(pullback(graph, g), ins));
		return ins.map((input, i) => {
			const shape = [...out.shape, ...input.shape];
			return reshape(
				stackOrZeros(
					rows.map((row) => row[i]!),
					input.dtype,
					shape,
				),
				shape,
			);
		});
	});
}

/** The same by a forward pass for each element of the inputs. */
function byColumns(
	graph: Linearization,
	ins: readonly Tensor[],
	outs: readonly Tensor[],
): Tensor[][] {
	const columns = ins.map((_, i) =>
		alongUnits(ins, i, (dx) => orZeros(pushforward(graph, dx), outs)),
	);
	return outs.map((out, o) =>
		ins.map((input, i) => {
			const stacked = stackOrZeros(
				columns[i]!.map((column) => column[o]!),
				out.dtype,
				[input.size, ...out.shape],
			);
			const last = [...out.shape.map((_, axis) => axis + 1), 0];
			return reshape(permute(stacked, last), [...out.shape, ...input.shape]);
		}),
	);
}

/**
 * Asks the engine, who alone knows, whether it can hold the Jacobian of y with respect to x.
 * @throws ShapeError where it cannot
 */
function checkRoom(op: string, y: Tensor, x: Tensor): void {
	allocate(x.dtype, y.size * x.size, op);
}

/**
 * What `pass` gives for each of the vectors with one element of leaf `at` set to 1; null stands for
 * zero at the other leaves.
 */
function alongUnits<T>(
	leaves: readonly Tensor[],
	at: number,
	pass: (unit: (Tensor | null)[]) => T,
): T[] {
	const { dtype, shape, size } = leaves[at]!;
	return Array.from({ length: size }, (_, k) => {
		const storage = allocate(dtype, size);
		storage[k] = 1;
		const unit = new Tensor(storage, dtype, shape);
		return pass(leaves.map((_, i) => (i === at ? unit : null)));
	});
}

/**
 * Parts stacked along a new first axis; with no parts, zeros of the given shape, which then has no
 * elements.
 */
function stackOrZeros(parts: readonly Tensor[], dtype: DType, shape: Shape): Tensor {
	return parts.length === 0 ? broadcastNumber("jacobian", 0, dtype, shape) : stack(parts);
}

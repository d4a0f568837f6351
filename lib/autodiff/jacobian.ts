import { debugState } from "../core/debug-state.ts";
import { allocate } from "../core/dtype.ts";
import { checkFunction, checkOptions } from "../core/options.ts";
import { tracing } from "../core/tape.ts";
import { Tensor } from "../core/tensor.ts";
import { unstack } from "../ops/arranging.ts";
import { expandDims, permute, reshape } from "../structure/layout.ts";
import { ExampleValueError, runFullBatch } from "./batching.ts";
import { pushforward } from "./forward.ts";
import { JacobianRows } from "./jacobian-rows.ts";
import type { Linearization } from "./linearization.ts";
import { pullback } from "./reverse.ts";
import { checkFloat, gradientOf, orZeros, run } from "./run.ts";

/** The structure of Y with, in place of each tensor, the structure of X. */
export type Jacobian<Y, X> = Y extends Tensor ? X : { [K in keyof Y]: Jacobian<Y[K], X> };

/** Options of `jacobian`. */
export interface JacobianOptions {
	/**
	 * `"reverse"` takes cotangents back, one for each element of the result, `"forward"` takes
	 * tangents on, one for each element of the argument; left out: whichever are fewer.
	 */
	readonly mode?: "reverse" | "forward";
}

/**
 * All partial derivatives of a function with respect to its first argument. For a tensor of shape S
 * and a result of shape R the Jacobian has shape R followed by S; with nested structures, the
 * structure of the result with that of the argument at each leaf. One pass takes all cotangents, or
 * tangents, or as many of them as memory allows.
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
 * blocks[o][i], the Jacobian of result o with respect to input i, by reverse passes, each for as
 * many elements of the results at once as memory allows.
 */
function byRows(graph: Linearization, ins: readonly Tensor[], outs: readonly Tensor[]): Tensor[][] {
	return outs.map((out, o) => {
		const rows = alongUnits(graph, outs, o, ins, (g) => orZeros(pullback(graph, g), ins));
		return ins.map((input, i) => reshape(rows[i]!, [...out.shape, ...input.shape]));
	});
}

/** The same by forward passes for elements of the inputs. */
function byColumns(
	graph: Linearization,
	ins: readonly Tensor[],
	outs: readonly Tensor[],
): Tensor[][] {
	const columns = ins.map((_, i) =>
		alongUnits(graph, ins, i, outs, (dx) => orZeros(pushforward(graph, dx), outs)),
	);
	return outs.map((out, o) =>
		ins.map((input, i) => {
			const last = [...out.shape.map((_, axis) => axis + 1), 0];
			return reshape(permute(columns[i]![o]!, last), [...out.shape, ...input.shape]);
		}),
	);
}

/**
 * Asks the engine, who alone knows, whether it can hold the Jacobian of y with respect to x.
 * @throws ShapeError where it cannot
 */
function checkRoom(op: string, y: Tensor, x: Tensor): void {
	if (y.size * x.size > MOST_ELEMENTS) allocate(x.dtype, y.size * x.size, op);
}

/** What `pass` gives for units side by side: at once, or one by one where it looks at them. */
function passes(block: Tensor, pass: (unit: Tensor) => readonly Tensor[]): (readonly Tensor[])[] {
	const { differentiating } = debugState;
	try {
		return [runFullBatch(block.shape[0]!, [block], [true], ([unit]) => pass(unit!))];
	} catch (error) {
		if (!(error instanceof ExampleValueError)) throw error;
		debugState.differentiating = differentiating;
		return unstack(block).map((unit) => pass(unit).map((x) => expandDims(x, 0)));
	}
}

/**
 * So many elements may the largest tensor of a pass have; in a trace, where memory is planned for
 * all of them and each pass makes the program longer, so many times more.
 */
const MOST_ELEMENTS = 2 ** 19;
const MORE_IN_TRACE = 4;

/**
 * What `pass` gives for the vectors with one element of leaf `at` set to 1, side by side along a
 * first axis: a tensor for each of `results`. Null stands for zero at the other leaves.
 */
function alongUnits(
	{ nodes }: Linearization,
	leaves: readonly Tensor[],
	at: number,
	results: readonly Tensor[],
	pass: (unit: (Tensor | null)[]) => readonly Tensor[],
): Tensor[] {
	const { dtype, shape, size } = leaves[at]!;
	const largest = nodes.reduce((most, { value }) => Math.max(most, value.size), size);
	const most = tracing.depth > 0 ? MORE_IN_TRACE * MOST_ELEMENTS : MOST_ELEMENTS;
	const count = Math.max(1, Math.floor(most / largest));
	const wholes = results.map((result) => new JacobianRows(size, result));
	for (let from = 0; from < size; from += count) {
		const rows = Math.min(count, size - from);
		const units = allocate(dtype, rows * size);
		for (let i = 0; i < rows; i++) units[i * size + from + i] = 1;
		const block = new Tensor(units, dtype, [rows, ...shape]);
		const passAt = (unit: Tensor) => pass(leaves.map((_, i) => (i === at ? unit : null)));
		for (const part of passes(block, passAt)) {
			for (const [i, x] of part.entries()) wholes[i]!.add(x);
		}
	}
	return wholes.map((whole) => whole.joined());
}

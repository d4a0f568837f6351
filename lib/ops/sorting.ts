import { allocate, type DType, type TypedArray } from "../core/dtype.ts";
import { ShapeError } from "../core/error.ts";
import { axisBehind } from "../core/lead.ts";
import { asTensor } from "../core/lift.ts";
import { apply, defineOp, type Op, type OpFunction } from "../core/op.ts";
import { checkNoMore } from "../core/options.ts";
import { normalizeAxis } from "../core/shape.ts";
import { elements } from "../core/strided.ts";
import { Tensor, type TensorLike } from "../core/tensor.ts";
import { orderLines, sortLines } from "../kernels/sorting.ts";
import { call } from "../notation/call.ts";
import { permute } from "../structure/layout.ts";
import { takeAlongAxis } from "./indexing.ts";
import { slice } from "./slicing.ts";

/** A tensor made of the lines along an axis, each of n neighbours. */
function overLines(
	x: Tensor,
	axis: number,
	dtype: DType,
	fill: (lines: TypedArray, n: number, out: TypedArray) => void,
): Tensor {
	const { shape } = x;
	const order = shape.map((_, i) => i).filter((i) => i !== axis);
	const lines = elements(permute(x, [...order, axis]));
	const n = shape[axis]!;
	const out = allocate(dtype, x.size);
	fill(lines, n, out);
	const made = [...shape.filter((_, i) => i !== axis), n];
	const back = shape.map((_, i) => (i < axis ? i : i === axis ? shape.length - 1 : i - 1));
	return permute(new Tensor(out, dtype, made), back);
}

/**
 * `takeAlongAxis` of x and its `argsort`, where nobody asks where the elements came from. It is
 * never recorded; compiled programs put it there.
 */
const sortedOp: Op<"sort", { axis: number }> = {
	name: "sort",
	infer: ([x]) => x!,
	evaluate: ([x], { axis }, { dtype }) => overLines(x!, axis, dtype, sortLines),
	differential: null,
	print: ([x], { axis }) => `np.sort(${x}, axis=${axis})`,
};

const argsortOp: Op<"argsort", { axis: number; descending: boolean }> = {
	name: "argsort",
	lead: axisBehind,
	infer: ([x]) => ({ shape: x!.shape, dtype: "int32" }),
	evaluate: ([x], { axis, descending }, { dtype }) =>
		overLines(x!, axis, dtype, (lines, n, out) =>
			orderLines(lines, n, descending, out as Int32Array),
		),
	differential: null,
	typescript: (args, { axis, descending }) =>
		descending
			? `topK(${args[0]}, ${args[0]}.shape[${axis}], ${axis})[1]`
			: call("argsort", args, axis),
	loops: { kind: "call", of: "sorted order" },
	traits: { sorts: ({ axis, descending }) => (descending ? null : { axis, op: sortedOp }) },
	print: ([x], { axis, descending }) =>
		`np.argsort(${descending ? "-" : ""}${x}, axis=${axis}, kind="stable")`,
	jax: ([x], { axis, descending }) =>
		`jnp.argsort(${descending ? "-" : ""}${x}, axis=${axis}, stable=True).astype("int32")`,
	sample: (draw) => {
		const shape = draw.shape({ minRank: 1 });
		const params = {
			axis: draw.integer(0, shape.length - 1),
			descending: draw.integer(0, 1) === 1,
		};
		return { inputs: [draw.tensor(shape)], params };
	},
};

/**
 * The indices, int32, that sort x along an axis, the smallest first: `takeAlongAxis` with them
 * gives `sort`. Stable: of equal elements the first comes first. NaN comes last, as in NumPy.
 * Constant: no gradient.
 * @throws ShapeError for a scalar, or an axis out of range.
 */
export const argsort: OpFunction<"argsort", (x: TensorLike, axis?: number) => Tensor> = defineOp(
	argsortOp,
	(value: TensorLike, axis = -1, ...more: unknown[]): Tensor => {
		checkNoMore("argsort", more, "it ascends; topK descends");
		const x = asTensor("argsort", value);
		const along = normalizeAxis("argsort", axis, x.rank);
		return apply(argsortOp, [x], { axis: along, descending: false });
	},
);

/**
 * The elements along an axis in ascending order, NaN last. Stable: at a tie the first of the equal
 * elements comes first, with its gradient. A cotangent goes back to where its element came from,
 * that of a NaN too.
 * @throws ShapeError for a scalar, or an axis out of range.
 */
export function sort(x: TensorLike, axis = -1, ...more: never[]): Tensor {
	checkNoMore("sort", more, "it ascends; topK descends");
	const t = asTensor("sort", x);
	const along = normalizeAxis("sort", axis, t.rank);
	if (t.node === null) return apply(sortedOp, [t], { axis: along });
	return takeAlongAxis(t, argsort(t, along), along);
}

/**
 * The k greatest elements along an axis, the greatest first, and their indices, int32. At a tie the
 * lower index comes first; NaN counts as greater than everything, as in NumPy's order. Only the
 * values carry a gradient.
 * @throws ShapeError for a scalar, an axis out of range, or a k that is not from 0 to the size of
 * the axis.
 */
export function topK(x: TensorLike, k: number, axis = -1): [values: Tensor, indices: Tensor] {
	const t = asTensor("topK", x);
	const along = normalizeAxis("topK", axis, t.rank);
	const size = t.shape[along]!;
	if (!Number.isInteger(k) || k < 0 || k > size) {
		throw new ShapeError(
			`topK: expected a whole number from 0 to ${size}, the size of axis ${along}, got ${k}`,
		);
	}
	const order = apply(argsortOp, [t], { axis: along, descending: true });
	const indices = slice(order, ...new Array<null>(along).fill(null), [0, k]);
	return [takeAlongAxis(t, indices, along), indices];
}

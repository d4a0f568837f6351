import { dtype as dtypeKind } from "../core/argument-kinds.ts";
import { allocate, type DType, type TypedArray } from "../core/dtype.ts";
import { DTypeError } from "../core/error.ts";
import { alike } from "../core/lead.ts";
import { asTensor, vector } from "../core/lift.ts";
import { apply, type Convention, defineOp, type OpFunction } from "../core/op.ts";
import { checkArgument } from "../core/options.ts";
import { elements } from "../core/strided.ts";
import { Tensor, type TensorLike } from "../core/tensor.ts";
import { call } from "../notation/call.ts";
import { named } from "../notation/mathematics.ts";
import { linear } from "../structure/linear.ts";

/**
 * The same values in another dtype. To int32 the fraction is dropped, towards 0; to bool everything
 * but 0 is true (NaN too); to float32 values are rounded, beyond its range to ±∞: all as in NumPy.
 * Between float dtypes it is linear, and a gradient is cast back; to int32 and bool the result is a
 * constant.
 * @throws DTypeError for an unknown dtype, and where a value does not fit into int32: NaN, ±∞ or
 * from 2³¹ on.
 */
export const astype: OpFunction<"astype", (x: TensorLike, dtype: DType) => Tensor> = defineOp(
	linear<"astype", { dtype: DType }>({
		name: "astype",
		lead: alike,
		lowering: "cast",
		infer: ([x], { dtype }) => ({ shape: x!.shape, dtype }),
		evaluate: ([x], _, { shape, dtype }) => {
			const out = allocate(dtype, x!.size);
			if (dtype === "int32") truncate(elements(x!), out);
			else if (dtype === "bool") testNonzero(elements(x!), out);
			else out.set(elements(x!));
			return new Tensor(out, dtype, shape);
		},
		transpose: (g, _, from) => astype(g, from.dtype),
		typescript: (args, { dtype }) => call("astype", args, dtype),
		latex: ([x], { dtype }) => named(dtype, [x!]),
		print: ([x], { dtype }) => `${x}.astype("${dtype}")`,
		// Only to dtypes without rounding that differences would see, but for these: a value that is
		// rounded is a step, and has the derivative of what is not.
		sample: (draw) => ({
			inputs: [draw.tensor(draw.shape())],
			params: { dtype: draw.pick<DType>(["int32", "bool"]) },
		}),
		conventions: [unrounded("float64", "float32"), unrounded("float32", "float64")],
	}),
	(value: TensorLike, dtype: DType): Tensor => {
		const x = asTensor("astype", value);
		checkArgument("astype", "the dtype", dtype, dtypeKind);
		return x.dtype === dtype ? x : apply(astype.op, [x], { dtype });
	},
);

/** Its derivative between float dtypes is 1, at numbers that both have. */
/* @__NO_SIDE_EFFECTS__ */
function unrounded(from: DType, to: DType): Convention<{ dtype: DType }> {
	const x = new Tensor(allocate(from, 2).fill(0.5), from, [2]);
	return { inputs: [x], params: { dtype: to }, gradients: [vector([1, 1])] };
}

function truncate(values: TypedArray, out: TypedArray): void {
	for (let i = 0; i < out.length; i++) {
		const value = Math.trunc(values[i]!);
		if (value !== (value | 0)) {
			throw new DTypeError(
				`astype: expected values that fit into int32, got ${values[i]}; replace them first, for example with where or clip`,
			);
		}
		out[i] = value;
	}
}

function testNonzero(values: TypedArray, out: TypedArray): void {
	for (let i = 0; i < out.length; i++) out[i] = values[i] === 0 ? 0 : 1;
}

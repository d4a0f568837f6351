import { asVector, partsOf } from "../autodiff/call.ts";
import type { DType } from "../core/dtype.ts";
import type { TensorType } from "../core/op.ts";
import { sizeOf } from "../core/shape.ts";
import type { Tensor } from "../core/tensor.ts";
import { astype } from "../ops/cast.ts";

// An op has one result. Several travel as one vector; of several dtypes in float64, which holds the
// values of all others.

/** The type in which tensors of these types travel; a single one travels as it is. */
export function packedType(types: readonly TensorType[]): TensorType {
	if (types.length === 1) return types[0]!;
	const dtypes = new Set(types.map(({ dtype }) => dtype));
	const [dtype = "float64"] = dtypes;
	const size = types.reduce((total, { shape }) => total + sizeOf(shape), 0);
	return { shape: [size], dtype: dtypes.size > 1 ? "float64" : dtype };
}

/** The tensors as one, in this dtype. */
export function pack(tensors: readonly Tensor[], dtype: DType): Tensor {
	const [first, ...rest] = tensors.map((x) => astype(x, dtype));
	if (rest.length === 0 && first !== undefined) return first;
	return asVector([first!, ...rest]);
}

/** The tensors of these types, of which others may come after. */
export function unpack(packed: Tensor, types: readonly TensorType[], others = false): Tensor[] {
	if (types.length === 1 && !others) return [packed];
	const parts = partsOf(
		packed,
		types.map(({ shape }) => shape),
	);
	return parts.map((part, i) => astype(part, types[i]!.dtype));
}

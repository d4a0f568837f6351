import type { DType } from "../core/dtype.ts";
import { broadcastNumber } from "../core/lift.ts";
import type { TensorType } from "../core/op.ts";
import { sizeOf } from "../core/shape.ts";
import type { Tensor } from "../core/tensor.ts";
import { astype } from "../ops/cast.ts";
import { concat } from "../ops/joining.ts";
import { slice } from "../ops/slicing.ts";
import { reshape } from "../structure/layout.ts";

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
	return concat([first!, ...rest].map((x) => reshape(x, [x.size])));
}

/** The tensors of these types, of which others may come after. */
export function unpack(packed: Tensor, types: readonly TensorType[], others = false): Tensor[] {
	if (types.length === 1 && !others) return [packed];
	let start = 0;
	return types.map(({ shape, dtype }) => {
		const part = reshape(slice(packed, [start, start + sizeOf(shape)]), shape);
		start += part.size;
		return astype(part, dtype);
	});
}

/** The tensors, with zeros of these types in place of null. */
export function orZerosOf(
	types: readonly TensorType[],
	tensors: readonly (Tensor | null)[],
): Tensor[] {
	return types.map(
		({ shape, dtype }, i) => tensors[i] ?? broadcastNumber("zeros", 0, dtype, shape),
	);
}

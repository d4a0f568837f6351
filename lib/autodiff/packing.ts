import { zeros } from "../core/create.ts";
import type { DType } from "../core/dtype.ts";
import type { TensorType } from "../core/op.ts";
import { type Shape, sizeOf } from "../core/shape.ts";
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
	const all = tensors.map((x) => astype(x, dtype));
	return all.length === 1 ? all[0]! : asVector(all);
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

/** The elements of tensors as one vector; of none, in float64. */
export function asVector(tensors: readonly Tensor[]): Tensor {
	if (tensors.length === 0) return zeros([0]);
	return concat(tensors.map((x) => reshape(x, [x.size])));
}

/** The tensors of these shapes that a vector is made of. */
export function partsOf(vector: Tensor, shapes: readonly Shape[]): Tensor[] {
	let start = 0;
	return shapes.map((shape) => {
		const part = reshape(slice(vector, [start, start + sizeOf(shape)]), shape);
		start += part.size;
		return part;
	});
}

import * as kind from "../core/argument-kinds.ts";
import { calledAs } from "../core/called-as.ts";
import { allocate, commonDType, type DType } from "../core/dtype.ts";
import { DomainError } from "../core/error.ts";
import { alike } from "../core/lead.ts";
import { asTensor, broadcastNumber } from "../core/lift.ts";
import { apply, defineOp, type Op, type OpFunction } from "../core/op.ts";
import { checkOptions } from "../core/options.ts";
import { checkShape, sizeOf } from "../core/shape.ts";
import { elements } from "../core/strided.ts";
import { Tensor, type TensorLike } from "../core/tensor.ts";
import { type Indices, indicesOf, sumDType } from "../kernels/indices.ts";
import { call } from "../notation/call.ts";
import { broadcastTo } from "../structure/broadcasting.ts";
import { add } from "./arithmetic.ts";
import { gatheredShape, ungather } from "./index-tuples.ts";

export { gather } from "./index-tuples.ts";

/**
 * x with updates added at many index tuples, as `gather` reads them; the updates broadcast to the
 * shape that `gather` would give. Repeated indices accumulate in their order.
 * @throws DomainError for an index out of range
 * @throws ShapeError for updates or indices that do not fit
 * @throws DTypeError for indices that are not int32, float32 beside float64, or a sum that
 * overflows int32
 */
export function scatterAdd(x: TensorLike, indices: Indices, updates: TensorLike): Tensor {
	const t = asTensor("scatterAdd", x);
	const at = indicesOf("scatterAdd", indices);
	const added =
		typeof updates === "number"
			? broadcastNumber("scatterAdd", updates, sumDType(t), [])
			: asTensor("scatterAdd", updates);
	commonDType("scatterAdd", t.dtype, added.dtype);
	const shape = gatheredShape("scatterAdd", t.shape, at);
	return calledAs("scatterAdd", () => add(t, ungather(broadcastTo(added, shape), at, t.shape)));
}

const oneHotOp: Op<"oneHot", { depth: number; dtype: DType }> = {
	name: "oneHot",
	lead: alike,
	lowering: "ones",
	infer: ([indices], { depth, dtype }) => ({ shape: [...indices!.shape, depth], dtype }),
	evaluate: ([indices], { depth }, { shape, dtype }) => {
		const given = elements(indices!);
		const out = allocate(dtype, sizeOf(shape));
		for (let i = 0; i < given.length; i++) {
			const index = given[i]!;
			if (index < 0 || index >= depth) {
				throw new DomainError(`oneHot: expected indices from 0 to ${depth - 1}, got ${index}`);
			}
			out[i * depth + index] = 1;
		}
		return new Tensor(out, dtype, shape);
	},
	differential: null,
	typescript: (args, { depth, dtype }) =>
		call("oneHot", args, depth, dtype === "float64" ? undefined : { dtype }),
	loops: {
		kind: "element",
		at: ([indices], index) => `${indices!.at(index.slice(0, -1))} === ${index.at(-1)} ? 1 : 0`,
	},
	print: ([indices], { depth, dtype }) =>
		`np.eye(${depth}${dtype === "float64" ? "" : `, dtype=np.${dtype}`})[${indices}]`,
	traits: { zeros: true, distribution: (_, out) => [out.length - 1] },
	sample: (draw) => {
		const shape = draw.shape({ maxRank: 2 });
		const depth = draw.integer(1, 4);
		const indices = Int32Array.from({ length: sizeOf(shape) }, () => draw.integer(0, depth - 1));
		return { inputs: [new Tensor(indices, "int32", shape)], params: { depth, dtype: "int32" } };
	},
};

/**
 * For each index a row of zeros with a 1 at that place, along a new last axis of size `depth`;
 * float64 unless `dtype` says otherwise. A negative index is refused: as a label it usually stands
 * for "none". Constant: no gradient.
 * @throws DomainError for an index that is not from 0 to depth − 1
 * @throws DTypeError for indices that are not int32
 */
export const oneHot: OpFunction<
	"oneHot",
	(indices: Indices, depth: number, options?: { readonly dtype?: DType }) => Tensor
> = defineOp(
	oneHotOp,
	(indices: Indices, depth: number, options?: { readonly dtype?: DType }): Tensor => {
		checkShape("oneHot", [depth]);
		const { dtype = "float64" } = checkOptions("oneHot", options, { dtype: kind.dtype });
		return apply(oneHotOp, [indicesOf("oneHot", indices)], { depth, dtype });
	},
);

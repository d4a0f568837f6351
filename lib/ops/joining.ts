import { allocate, commonDType } from "../core/dtype.ts";
import { ShapeError } from "../core/error.ts";
import { axisBehind } from "../core/lead.ts";
import { arithmetic, asTensor, broadcastNumber, commonArgumentDType } from "../core/lift.ts";
import { linearMap } from "../core/linear-map.ts";
import { apply, defineOp, type Op, type OpFunction } from "../core/op.ts";
import { normalizeAxis, rowMajorStrides, showShape, sizeOf } from "../core/shape.ts";
import { Tensor, type TensorLike } from "../core/tensor.ts";
import { place } from "../kernels/place.ts";
import { affine } from "../notation/plain.ts";
import { expandDims } from "../structure/layout.ts";
import { type SliceRange, sectionsOf, wholeAxis } from "./ranges.ts";
import { slice, sliceOf, unslice } from "./sections.ts";

/**
 * The arguments as tensors; a plain number becomes a scalar of the dtype in which the tensors meet.
 */
function asTensors(op: string, values: readonly TensorLike[]): Tensor[] {
	if (!Array.isArray(values)) {
		throw new ShapeError(
			`${op}: expected an array of tensors; to join x and y, write ${op}([x, y])`,
		);
	}
	if (values.length === 0) throw new ShapeError(`${op}: expected at least one tensor, got none`);
	const lifted = arithmetic.lift(commonArgumentDType(op, values));
	return values.map((x: TensorLike) => {
		if (x instanceof Tensor) return x;
		return typeof x === "number" ? broadcastNumber(op, x, lifted, []) : asTensor(op, x);
	});
}

/** The ranges that lie before and on `axis`: all of the axes before it, and a stretch of it. */
function stretch(axis: number, start: number, size: number): SliceRange[] {
	return [...new Array<null>(axis).fill(null), [start, start + size]];
}

const concatOp: Op<"concat", { axis: number }> = {
	name: "concat",
	lead: axisBehind,
	lowering: "placement",
	infer: ([first, ...rest], { axis }) => {
		const shape = [...first!.shape];
		let dtype = first!.dtype;
		for (const x of rest) {
			shape[axis]! += x.shape[axis]!;
			dtype = commonDType("concat", dtype, x.dtype);
		}
		return { shape, dtype };
	},
	evaluate: (inputs, { axis }, { shape, dtype }) => {
		const out = allocate(dtype, sizeOf(shape));
		const strides = rowMajorStrides(shape);
		let offset = 0;
		for (const x of inputs) {
			place(x, out, { strides, offset });
			offset += x.shape[axis]! * strides[axis]!;
		}
		return new Tensor(out, dtype, shape);
	},
	differential: (i, inputs, out, { axis }) => {
		let start = 0;
		for (let k = 0; k < i; k++) start += inputs[k]!.shape[axis]!;
		const ranges = stretch(axis, start, inputs[i]!.shape[axis]!);
		const { shape } = out;
		return linearMap(
			"place in the whole",
			(dx) => unslice(dx, shape, ...ranges),
			(g) => slice(g, ...ranges),
			{ map: sliceOf(shape, sectionsOf("concat", ranges, shape)) },
		);
	},
	typescript: (args, { axis }) => `concat([${args.join(", ")}], ${axis})`,
	loops: {
		kind: "place",
		fill: () => "0",
		to: (args, i, index, { axis }) => {
			const start = args.slice(0, i).reduce((total, x) => total + x.shape[axis]!, 0);
			return index.with(axis, affine(index[axis]!, 1, start));
		},
		adds: false,
	},
	print: (args, { axis }) => `np.concatenate((${args.join(", ")},), axis=${axis})`,
	traits: {
		places: ({ axis }, inputs) => {
			let end = 0;
			return inputs.map((shape) => {
				const start = end;
				end += shape[axis]!;
				return shape.map((size, i) => ({ ...wholeAxis(size), start: i === axis ? start : 0 }));
			});
		},
	},
	sample: (draw) => {
		const shape = draw.shape({ minRank: 1, maxRank: 3 });
		const axis = draw.integer(0, shape.length - 1);
		const part = () => shape.map((size, i) => (i === axis ? draw.integer(0, 3) : size));
		const inputs = Array.from({ length: draw.integer(1, 3) }, () => draw.tensor(part()));
		return { inputs, params: { axis } };
	},
};

/**
 * The tensors one after the other along an axis: all other sizes are equal. Of one float dtype;
 * int32 and bool give way to it. The derivative with respect to each is its part of the whole.
 * @throws ShapeError for no tensors, scalars, ranks or other sizes that differ
 * @throws DTypeError for float32 beside float64
 */
export const concat: OpFunction<
	"concat",
	(tensors: readonly TensorLike[], axis?: number) => Tensor
> = defineOp(concatOp, (tensors: readonly TensorLike[], axis = 0): Tensor => {
	const inputs = asTensors("concat", tensors);
	const [first] = inputs;
	if (first!.rank === 0) {
		throw new ShapeError("concat: expected tensors with at least one axis; scalars go to stack");
	}
	const along = normalizeAxis("concat", axis, first!.rank);
	const fits = (x: Tensor) =>
		x.rank === first!.rank && x.shape.every((size, i) => i === along || size === first!.shape[i]);
	if (!inputs.every(fits)) {
		throw new ShapeError(
			`concat: expected shapes that differ only along axis ${along}, got ` +
				inputs.map((x) => showShape(x.shape)).join(", "),
		);
	}
	return apply(concatOp, inputs, { axis: along });
});

/**
 * The tensors, all of one shape, side by side along a new axis that stands at `axis` in the result.
 * @throws ShapeError for no tensors, shapes that differ, an axis out of range
 * @throws DTypeError for float32 beside float64
 */
export function stack(tensors: readonly TensorLike[], axis = 0): Tensor {
	const inputs = asTensors("stack", tensors);
	const [first] = inputs;
	const along = normalizeAxis("stack", axis, first!.rank + 1);
	if (inputs.some((x) => showShape(x.shape) !== showShape(first!.shape))) {
		throw new ShapeError(
			`stack: expected tensors of one shape, got ${inputs.map((x) => showShape(x.shape)).join(", ")}`,
		);
	}
	return concat(
		inputs.map((x) => expandDims(x, along)),
		along,
	);
}

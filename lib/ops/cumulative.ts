import * as kind from "../core/argument-kinds.ts";
import { commonDType } from "../core/dtype.ts";
import { axisBehind } from "../core/lead.ts";
import { arithmetic, asTensor } from "../core/lift.ts";
import { compose, type LinearMap, linearMap } from "../core/linear-map.ts";
import { apply, type Draw, defineOp, type OpFunction, type TensorType } from "../core/op.ts";
import { checkOptions, type OptionKinds } from "../core/options.ts";
import { normalizeAxis } from "../core/shape.ts";
import type { Tensor, TensorLike } from "../core/tensor.ts";
import { scanKernel } from "../kernels/scan.ts";
import { alignArguments } from "../kinds/align.ts";
import { call } from "../notation/call.ts";
import * as s from "../scalar/index.ts";
import { type ScanWalk, scanned } from "../scalar/scan.ts";
import { reshape } from "../structure/layout.ts";
import { linear } from "../structure/linear.ts";
import { scale } from "./scaling-maps.ts";
import { shift } from "./shift.ts";

/** How a cumulative op walks along its axis. */
export interface ScanOptions {
	/** From the last element to the first; left out: from the first on. */
	readonly reverse?: boolean;
	/** Each result is made of the elements before it, without its own; left out: with it. */
	readonly exclusive?: boolean;
}

const SCAN_OPTIONS: OptionKinds<ScanOptions> = { reverse: kind.flag, exclusive: kind.flag };

/** The type of a public function that accumulates along an axis. */
export type Cumulative<Name extends string> = OpFunction<
	Name,
	(x: TensorLike, axis?: number, options?: ScanOptions) => Tensor
>;

/** The tensor and the parameters; without an axis the tensor is flattened, as NumPy does. */
function alongAxis(
	op: string,
	value: TensorLike,
	axis: number | undefined,
	options?: ScanOptions,
): [Tensor, ScanWalk] {
	const { reverse = false, exclusive = false } = checkOptions(op, options, SCAN_OPTIONS);
	const x = asTensor(op, value);
	return axis === undefined
		? [reshape(x, [x.size]), { axis: 0, reverse, exclusive }]
		: [x, { axis: normalizeAxis(op, axis, x.rank), reverse, exclusive }];
}

function inferScan([x]: readonly Tensor[]): TensorType {
	return { shape: x!.shape, dtype: arithmetic.result(x!.dtype) };
}

/** `np.cumsum(x, axis=0)`; with options, which NumPy lacks, as a function of its own. */
function printScan(name: string, x: string, { axis, reverse, exclusive }: ScanWalk): string {
	const options = `${reverse ? ", reverse=True" : ""}${exclusive ? ", exclusive=True" : ""}`;
	return `${options === "" ? "np." : ""}${name}(${x}, axis=${axis}${options})`;
}

function callScan(
	name: string,
	args: readonly string[],
	{ axis, reverse, exclusive }: ScanWalk,
): string {
	const options = { ...(reverse ? { reverse } : {}), ...(exclusive ? { exclusive } : {}) };
	return call(name, args, axis, reverse || exclusive ? options : undefined);
}

function sampleScan(draw: Draw) {
	const shape = draw.shape({ minRank: 1 });
	const params = {
		axis: draw.integer(0, shape.length - 1),
		reverse: draw.integer(0, 1) === 1,
		exclusive: draw.integer(0, 1) === 1,
	};
	return { inputs: [draw.tensor(shape, { min: -1.5, max: 1.5 })], params };
}

const totals = scanned(
	0,
	(total, _, x) => s.add(total, x!),
	(walk: ScanWalk) => walk,
);
const products = scanned(
	1,
	(product, _, x) => s.mul(product, x!),
	(walk: ScanWalk) => walk,
);
/** b alone at the beginning, whatever a is. */
const recurrences = scanned(
	0,
	(y, isFirst, a, b) => s.select(isFirst, b!, s.add(s.mul(a!, y), b!)),
	({ axis, reverse }: RecurrenceParams) => ({ axis, reverse, exclusive: false }),
);

/**
 * The sums of the elements up to each one, along an axis; without an axis, of the flattened tensor.
 * Int32 and bool give int32. Its transpose sums from the other end.
 * @throws DTypeError when an int32 sum overflows.
 */
export const cumsum: Cumulative<"cumsum"> = defineOp(
	linear<"cumsum", ScanWalk>({
		name: "cumsum",
		lead: axisBehind,
		infer: inferScan,
		evaluate: scanKernel("cumsum", totals),
		scan: totals,
		transpose: (g, { axis, reverse, exclusive }) =>
			cumsum(g, axis, { reverse: !reverse, exclusive }),
		typescript: (args, params) => callScan("cumsum", args, params),
		print: ([x], params) => printScan("cumsum", x!, params),
		sample: sampleScan,
	}),
	(value: TensorLike, axis?: number, options?: ScanOptions): Tensor => {
		const [x, params] = alongAxis("cumsum", value, axis, options);
		return apply(cumsum.op, [x], params);
	},
);

/**
 * The products of the elements up to each one, along an axis; without an axis, of the flattened
 * tensor. The gradient is exact where elements are 0, to any order: it never divides. Int32 and
 * bool give int32.
 * @throws DTypeError when an int32 product overflows.
 */
export const cumprod: Cumulative<"cumprod"> = defineOp(
	{
		name: "cumprod",
		lead: axisBehind,
		infer: inferScan,
		evaluate: scanKernel("cumprod", products),
		scan: products,
		differential: (_, [x], out, { axis, reverse, exclusive }: ScanWalk) => {
			// yₖ = xₖ·yₖ₋₁ gives dyₖ = xₖ·dyₖ₋₁ + yₖ₋₁·dxₖ, a recurrence of the same kind.
			const before = exclusive ? out : cumprod(x!, axis, { reverse, exclusive: true });
			const inclusive = compose(scale(before), recurrence(x!, axis, reverse));
			return exclusive ? compose(inclusive, shifting(axis, reverse ? -1 : 1)) : inclusive;
		},
		typescript: (args, params: ScanWalk) => callScan("cumprod", args, params),
		print: ([x], params: ScanWalk) => printScan("cumprod", x!, params),
		sample: sampleScan,
	},
	(value: TensorLike, axis?: number, options?: ScanOptions): Tensor => {
		const [x, params] = alongAxis("cumprod", value, axis, options);
		return apply(cumprod.op, [x], params);
	},
);

type RecurrenceParams = {
	readonly axis: number;
	readonly reverse: boolean;
};

/**
 * yₖ = aₖ·yₖ₋₁ + bₖ along an axis (the last one unless said), from y₀ = b₀ on; a₀ is not used.
 * `reverse` runs from the last element to the first. Arguments broadcast. Linear in b, with the
 * reversed recurrence as its transpose.
 * @throws ShapeError for an axis out of range: a scalar has none.
 * @throws DTypeError when an int32 result overflows.
 */
export const linearRecurrence: OpFunction<
	"linearRecurrence",
	(a: TensorLike, b: TensorLike, axis?: number, options?: { readonly reverse?: boolean }) => Tensor
> = defineOp(
	{
		name: "linearRecurrence",
		lead: axisBehind,
		infer: ([a, b]) => ({
			shape: a!.shape,
			dtype: arithmetic.result(commonDType("linearRecurrence", a!.dtype, b!.dtype)),
		}),
		evaluate: scanKernel("linearRecurrence", recurrences),
		scan: recurrences,
		differential: (i, [a], out, { axis, reverse }: RecurrenceParams) => {
			// dyₖ = aₖ·dyₖ₋₁ + (yₖ₋₁·daₖ + dbₖ)
			const solve = recurrence(a!, axis, reverse);
			return i === 1 ? solve : compose(scale(shift(out, reverse ? -1 : 1, axis)), solve);
		},
		typescript: (args, { axis, reverse }: RecurrenceParams) =>
			call("linearRecurrence", args, axis, reverse ? { reverse } : undefined),
		print: ([a, b], { axis, reverse }: RecurrenceParams) =>
			`linear_recurrence(${a}, ${b}, axis=${axis}${reverse ? ", reverse=True" : ""})`,
		sample: (draw) => {
			const { inputs, params } = sampleScan(draw);
			const b = draw.tensor(inputs[0]!.shape);
			return {
				inputs: [...inputs, b],
				params: { axis: params.axis, reverse: params.reverse },
			};
		},
	},
	(
		first: TensorLike,
		second: TensorLike,
		axis = -1,
		options?: { readonly reverse?: boolean },
	): Tensor => {
		const kinds = { reverse: kind.flag };
		const { reverse = false } = checkOptions("linearRecurrence", options, kinds);
		const inputs = alignArguments("linearRecurrence", [first, second], arithmetic);
		const at = normalizeAxis("linearRecurrence", axis, inputs[0]!.rank);
		return apply(linearRecurrence.op, inputs, { axis: at, reverse });
	},
);

/**
 * db ↦ the recurrence with factors a and terms db; g ↦ λ with λₖ = aₖ₊₁·λₖ₊₁ + gₖ is its transpose.
 */
function recurrence(a: Tensor, axis: number, reverse: boolean): LinearMap {
	return linearMap(
		"linear recurrence",
		(db) => linearRecurrence(a, db, axis, { reverse }),
		(g) => linearRecurrence(shift(a, reverse ? 1 : -1, axis), g, axis, { reverse: !reverse }),
	);
}

/** dx ↦ dx moved along an axis. */
function shifting(axis: number, steps: number): LinearMap {
	return linearMap(
		"shift",
		(dx) => shift(dx, steps, axis),
		(g) => shift(g, -steps, axis),
	);
}

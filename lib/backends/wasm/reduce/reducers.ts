import type { Local } from "../../../asm/function.ts";
import { f64x2, i32x4, i64x2, v128 } from "../../../asm/simd.ts";
import { type DType, isFloat } from "../../../core/dtype.ts";
import type { PassReduction } from "../../../schedule/kernel.ts";
import { cast, lanesOf, madeOf, toMask, type VectorValue } from "../elementwise/value.ts";
import type { Code, Floats, Vector } from "../math/floats.ts";
import {
	LIFT,
	leftRange,
	noExponents,
	normalize,
	putTogether,
	takeMantissa,
	watch,
} from "./scaled.ts";

/**
 * How the elements of a slice become one. The order in which they are combined is not that of the
 * slice.
 */
export interface LaneReducer {
	/** In what it is computed, for elements of a dtype. */
	readonly kind: (dtype: DType) => VectorValue["kind"];
	/** What combines with anything to that thing itself. */
	readonly identity: (kind: VectorValue["kind"]) => Vector;
	readonly combine: (code: Code, kind: VectorValue["kind"], x: Vector, y: Vector) => Vector;
}

/** The extreme of numbers, NaN if one is; of bools as int32. */
function extreme(
	start: number,
	integerStart: number,
	ofFloats: (lanes: Floats) => (x: Vector, y: Vector) => Vector,
	ofIntegers: (x: Vector, y: Vector) => Vector,
): LaneReducer {
	const floats = (kind: VectorValue["kind"]) => lanesOf(kind as "float32" | "float64");
	return {
		kind: (dtype) => (dtype === "bool" ? "int32" : dtype),
		identity: (kind) => (kind === "int32" ? i32x4.const(integerStart) : floats(kind).const(start)),
		combine: (code, kind, x, y) => {
			if (kind === "int32") return ofIntegers(x, y);
			const lanes = floats(kind);
			const other = code.let(y);
			// The one instruction keeps a NaN in x; one in y shows as a lane of nothing but ones, which
			// is a NaN.
			return v128.or(ofFloats(lanes)(x, other), lanes.ne(other, other));
		},
	};
}

/** Numbers in float64, whatever they are. */
function inDouble(start: number, combine: (x: Vector, y: Vector) => Vector): LaneReducer {
	return {
		kind: () => "float64",
		identity: () => f64x2.const(start),
		combine: (_code, _kind, x, y) => combine(x, y),
	};
}

/** Truth. */
function ofTruth(start: 0 | -1, combine: (x: Vector, y: Vector) => Vector): LaneReducer {
	return {
		kind: () => "mask32",
		identity: () => i32x4.const(start),
		combine: (_code, _kind, x, y) => combine(x, y),
	};
}

/** What slices are reduced by. */
export const reducers = {
	total: inDouble(0, (x, y) => f64x2.add(x, y)),
	factors: inDouble(1, (x, y) => f64x2.mul(x, y)),
	/** The same, with mantissas and exponents. */
	"scaled factors": inDouble(1, (x, y) => f64x2.mul(x, y)),
	greatest: extreme(Number.NEGATIVE_INFINITY, -(2 ** 31), (lanes) => lanes.pmax, i32x4.max),
	least: extreme(Number.POSITIVE_INFINITY, 2 ** 31 - 1, (lanes) => lanes.pmin, i32x4.min),
	every: ofTruth(-1, (x, y) => v128.and(x, y)),
	some: ofTruth(0, (x, y) => v128.or(x, y)),
} as const satisfies Record<string, LaneReducer>;

/** The name of a way to reduce, of those that kernels state and of those that this backend adds. */
export type RunningName = keyof typeof reducers;

/** One result of a slice, as a kernel states it or in another way. */
export interface RunningReduction extends Omit<PassReduction, "by"> {
	readonly by: RunningName;
}

/** A running result, in four lanes that each have some of the elements. */
export interface Running {
	readonly reducer: LaneReducer;
	readonly value: VectorValue;
	/**
	 * Where sums of float64 are kept that are compensated: a run of terms is summed by itself in
	 * `value`, and runs are added up here together with what rounding loses (D. E. Knuth; T. J.
	 * Dekker), so the error does not grow with their number.
	 */
	readonly compensated: { readonly sum: VectorValue; readonly lost: VectorValue } | null;
	/** Where `value` holds products of mantissas: the exponents that belong to them. */
	readonly exponents: readonly Local<"v128">[] | null;
	/** Where `value` holds lifted products: the bits that they and those beside them have all had. */
	readonly common: Local<"v128"> | null;
}

/** Four lanes of what a result begins with. */
function start(code: Code, kind: VectorValue["kind"], by: Vector): VectorValue {
	return madeOf(code, kind, kind === "float64" ? [by, by] : [by]);
}

/** Running results of no elements yet, side by side. */
export function startRunning(
	code: Code,
	name: RunningName,
	dtype: DType,
	compensate: boolean,
	abreast: number,
): Running[] {
	const reducer: LaneReducer = reducers[name];
	const kind = reducer.kind(dtype);
	const identities = () => start(code, kind, reducer.identity(kind));
	const isLifted = name === "factors" && isFloat(dtype);
	const common = isLifted ? code.let(i64x2.const(-1)) : null;
	return Array.from({ length: abreast }, () => ({
		reducer,
		value: isLifted ? start(code, kind, f64x2.const(LIFT)) : identities(),
		compensated: compensate ? { sum: identities(), lost: identities() } : null,
		exponents: name === "scaled factors" ? noExponents(code) : null,
		common,
	}));
}

/** Whether runs of elements of this dtype are worth adding up with compensation. */
export function compensates(name: RunningName, dtype: DType): boolean {
	// Float32 and int32 in float64 have digits to spare.
	return name === "total" && dtype === "float64";
}

/** Takes four more elements in; those outside of the mask do not count. */
export function takeIn(
	code: Code,
	{ reducer, value, exponents }: Running,
	elements: VectorValue,
	inside: VectorValue | null,
): void {
	const { kind } = value;
	const given =
		kind === "mask32"
			? toMask(code, elements, 32)
			: cast(code, elements, kind as Exclude<DType, "bool">);
	const mask = inside === null ? null : toMask(code, inside, kind === "float64" ? 64 : 32);
	for (const [i, part] of value.parts.entries()) {
		const lanes = given.parts[i]!;
		const counted =
			mask === null ? lanes : v128.bitselect(lanes, reducer.identity(kind), mask.parts[i]!);
		const term = exponents === null ? counted : takeMantissa(code, counted, exponents[i]!);
		code.set(part, reducer.combine(code, kind, part, term));
	}
}

/** Whether this is a product that has to be looked after. */
export function isWatched({ common }: Running): boolean {
	return common !== null;
}

/**
 * Sees whether a lifted product has become small: at the latest when it has taken in two factors.
 */
export function lookAfter(code: Code, { value, common }: Running): void {
	if (common !== null) watch(code, common, value.parts);
}

/**
 * Ends a run of terms: adds it to the compensated sum and begins a new one, or has the exponent of
 * a product take over.
 */
export function endRun(code: Code, { reducer, value, compensated, exponents }: Running): void {
	for (const [i, term] of value.parts.entries()) {
		if (exponents !== null) normalize(code, term, exponents[i]!);
		if (compensated === null) continue;
		const [sum, lost] = [compensated.sum.parts[i]!, compensated.lost.parts[i]!];
		addExactly(code, sum, lost, term);
		code.set(term, reducer.identity(value.kind));
	}
}

/** sum + term, and what rounding it loses is added to `lost`. */
function addExactly(
	code: Code,
	sum: Local<"v128">,
	lost: Local<"v128">,
	term: Local<"v128">,
): void {
	const next = code.let(f64x2.add(sum, term));
	const back = code.let(f64x2.sub(next, sum));
	const error = f64x2.add(f64x2.sub(sum, f64x2.sub(next, back)), f64x2.sub(term, back));
	code.set(lost, f64x2.add(lost, error));
	code.set(sum, next);
}

/** How running results that share a slice are combined; lifted ones stay so. */
function combining(code: Code, { reducer, value, common }: Running) {
	return (x: Vector, y: Vector): Local<"v128"> => {
		const other = common === null ? y : f64x2.mul(y, 1 / LIFT);
		const combined = code.let(reducer.combine(code, value.kind, x, other));
		if (common !== null) watch(code, common, [combined]);
		return combined;
	};
}

/**
 * A result in four lanes that are still apart, with the exponents of its lanes where it is a
 * product of mantissas.
 */
interface Joined {
	readonly value: VectorValue;
	readonly exponents: readonly Local<"v128">[] | null;
}

/** The results of several running ones that share a slice. */
function joined(code: Code, running: readonly Running[]): Joined {
	for (const one of running) {
		endRun(code, one);
		lookAfter(code, one);
	}
	const combine = combining(code, running[0]!);
	const values = running.map((one) => total(code, one));
	const value = values.reduce(({ kind, parts }, other) => ({
		kind,
		parts: parts.map((part, i) => combine(part, other.parts[i]!)),
	}));
	const exponents = running.map((one) => one.exponents ?? []);
	const sums = exponents.reduce((a, b) => a.map((x, i) => code.let(i64x2.add(x, b[i]!))));
	return { value, exponents: sums.length === 0 ? null : sums };
}

/** Reduces the same elements again, in another way. */
type Again = (by: RunningName) => VectorValue;

/**
 * The value; where it is a product that left the range of numbers on the way, what it is `again`.
 */
function checked(
	code: Code,
	{ reducer, common }: Running,
	value: VectorValue,
	again: Again,
): VectorValue {
	if (reducer !== reducers.factors) return value;
	const { kind, parts } = value;
	const lowered = common === null ? parts : parts.map((part) => f64x2.mul(part, 1 / LIFT));
	const made = madeOf(code, kind, lowered);
	code.if(leftRange(code, common, parts), () => {
		const { parts: scaled } = again("scaled factors");
		for (const [i, part] of made.parts.entries()) code.set(part, scaled[i]!);
	});
	return made;
}

/** The result of each lane by itself. */
export function laneByLane(code: Code, running: Running, again: Again): VectorValue {
	const { value, exponents } = joined(code, [running]);
	if (exponents !== null) return putTogether(code, value, exponents);
	return checked(code, running, value, again);
}

function total(code: Code, { value, compensated }: Running): VectorValue {
	if (compensated === null) return value;
	const { sum, lost } = compensated;
	return madeOf(
		code,
		"float64",
		sum.parts.map((part, i) => {
			// Where the sum is infinite nothing is lost, but the formula gives NaN.
			const known = v128.and(lost.parts[i]!, f64x2.eq(lost.parts[i]!, lost.parts[i]!));
			return f64x2.add(part, known);
		}),
	);
}

/** The one result of several running ones and all four lanes, in all of them. */
export function acrossLanes(code: Code, running: readonly Running[], again: Again): VectorValue {
	const { value, exponents } = joined(code, running);
	const { kind, parts } = value;
	const combine = combining(code, running[0]!);
	const [x, y] = parts;
	if (y === undefined) {
		const pairs = combine(x!, i32x4.shuffle(x!, x!, [2, 3, 0, 1]));
		return { kind, parts: [combine(pairs, i32x4.shuffle(pairs, pairs, [1, 0, 3, 2]))] };
	}
	const swapped = (pair: Vector) => i64x2.shuffle(pair, pair, [1, 0]);
	const pair = combine(x!, y);
	const all = combine(pair, swapped(pair));
	if (exponents === null) return checked(code, running[0]!, { kind, parts: [all, all] }, again);
	const sum = code.let(i64x2.add(exponents[0]!, exponents[1]!));
	const whole = code.let(i64x2.add(sum, swapped(sum)));
	const { parts: made } = putTogether(code, { kind, parts: [all] }, [whole]);
	return { kind, parts: [made[0]!, made[0]!] };
}

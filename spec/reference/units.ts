import type { DType } from "../../lib/core/dtype.ts";
import {
	abs,
	approximate,
	type Big,
	big,
	neg,
	ONE,
	rankOf,
	scaled,
	sign,
	sub,
} from "./big-float.ts";

// How far a number is from the truth.

export type FloatType = Extract<DType, "float32" | "float64">;

/** The bits of a fraction, and the exponents of the first number too large and of the least. */
const FORMATS = {
	float32: { fraction: 23, greatest: 128, least: -149 },
	float64: { fraction: 52, greatest: 1024, least: -1074 },
};

/** The unit in the last place of a number of this size. */
function unitOf(size: Big, dtype: FloatType): Big {
	const { fraction, greatest, least } = FORMATS[dtype];
	if (sign(size) === 0) return scaled(ONE, least);
	const rank = Number(rankOf(size) < BigInt(greatest) ? rankOf(size) : greatest - 1);
	return scaled(ONE, Math.max(rank - fraction, least));
}

/** How far a number is from the truth. */
export interface Distance {
	/** In units of the last place of the truth, or of the size that it is measured by. */
	readonly units: number;
	/** In units of the least number there is. */
	readonly least: number;
}

/** Infinity counts as what it stands for, the first number that is too large. */
export function distance(got: number, truth: Big, dtype: FloatType, size = abs(truth)): Distance {
	const { greatest, least } = FORMATS[dtype];
	const infinite = Number.POSITIVE_INFINITY;
	if (Number.isNaN(got)) return { units: infinite, least: infinite };
	const bound = scaled(ONE, greatest);
	const within = (x: Big) => {
		if (sign(sub(abs(x), bound)) < 0) return x;
		return sign(x) < 0 ? neg(bound) : bound;
	};
	const actual = Number.isFinite(got) ? big(got) : got < 0 ? neg(bound) : bound;
	const rest = abs(sub(actual, within(truth)));
	const inUnits = (unit: Big) => approximate({ ...rest, exponent: rest.exponent - unit.exponent });
	return { units: inUnits(unitOf(size, dtype)), least: inUnits(scaled(ONE, least)) };
}

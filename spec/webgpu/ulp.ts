const values = new Float32Array(1);
const words = new Int32Array(values.buffer);

/** Which number of float32 it is, in their order; 0 and −0 are the same, ∞ is the last. */
function ordinal(x: number): number {
	values[0] = x;
	return words[0]! < 0 ? -(words[0]! & 0x7fffffff) : words[0]!;
}

/**
 * A device need not have numbers below 2⁻¹²⁶, also not as a part of a sum or as a factor: by so
 * much what it has may be off.
 */
const TINY = 2 ** -123;

/**
 * How many numbers of float32 lie from what a device has to a number of float64; ∞ where one is NaN
 * and the other is not, or a zero has the wrong sign.
 */
export function distance(got: number, exact: number): number {
	const want = Math.fround(exact);
	if (Object.is(got, want)) return 0;
	if (Number.isNaN(got) || Number.isNaN(want)) return Number.POSITIVE_INFINITY;
	if (got === 0 && exact === 0) return Number.POSITIVE_INFINITY;
	return Math.abs(got - want) < TINY ? 0 : Math.abs(ordinal(got) - ordinal(want));
}

type Distance = (got: number, exact: number, given: readonly number[]) => number;

/** The distance in units of parts that cancel, where these are greater. */
const amongParts = (parts: (exact: number, given: readonly number[]) => number): Distance => {
	return (got, exact, given) => {
		const by = distance(got, exact);
		const greatest = parts(exact, given);
		if (!(greatest > Math.abs(exact))) return by;
		return Math.min(by, Math.abs(got - exact) / (greatest * 2 ** -23));
	};
};

/** The greater number, and what is added to that. */
function besideGreater(exact: number, given: readonly number[]): number {
	const greater = Math.max(...given);
	return Math.max(Math.abs(greater), Math.abs(exact - greater));
}

const ofBeta = amongParts((_, [a, b]) => 1 + (a! + b!) * Math.log(1 + a! + b!));

const DISTANCES: Record<string, Distance> = {
	// It is nothing far below 0, and the sign of that does not matter.
	silu: (got, exact) => distance(got + 0, exact + 0),
	logAddExp: amongParts(besideGreater),
	logSubExp: amongParts(besideGreater),
	// The sign of a zero is not kept, and the rest of a tiny divisor is no number of the device's.
	floorDivide: (got, exact, [, y]) => (Math.abs(y!) < 2 ** -100 ? 0 : distance(got + 0, exact + 0)),
	// The argument is taken off a number that is nearly as large.
	normalHazardRest: amongParts((_, [x]) => Math.abs(x!)),
	// Logarithms of gamma functions that cancel; where the sum is no float32, it knows nothing.
	betaln: (got, exact, given) => {
		const sum = given[0]! + given[1]!;
		return sum >= 2 ** 128 ? 0 : ofBeta(got, exact, given);
	},
	// They have a zero, where two parts are the same.
	geluSlope: amongParts(() => 0.25),
	siluSlope: amongParts(() => 0.25),
	// They have zeros where parts cancel: near 1 and 2, and below 0, where they are reflected: there
	// π·x is rounded, of which the cotangent takes up to five times as much.
	digamma: amongParts((_, [x]) =>
		x! < 0
			? Math.max(Math.abs(Math.PI / Math.tan(Math.PI * x!)), Math.log(1 - x!), 5)
			: Math.abs(Math.log(x!)) + 0.5 / x!,
	),
	lgamma: amongParts((_, [x]) =>
		x! < 0 ? Math.max(-Math.log(Math.abs(Math.sin(Math.PI * x!))), -x! * Math.log(1 - x!)) : 0.5,
	),
};

/** What says how far off a result is of the function or op with this name, and these arguments. */
export function distanceFor(name: string): Distance {
	return DISTANCES[name] ?? distance;
}

let state = 1;

/** 32 random bits, the same in each run. */
export function word(): number {
	state = (Math.imul(state, 1664525) + 1013904223) | 0;
	return Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) >>> 0;
}

/** Numbers of float32 around which functions do something special. */
export const SPECIAL: readonly number[] = [
	...[0, 0.25, 0.5, 1, 1.5, 2, 2.5, 3, 10, 88, 88.72283, 88.72284, 89, 100, 104, 1e-3, 1e-10],
	...[0.1, 0.7, 1e10, 1e20, 2 ** 23, 2 ** 24 - 1, 2 ** 24, 2 ** 31, 2 ** -126, 2 ** 127, 400],
	...[3.4028234663852886e38, Math.PI, Math.PI / 2, Math.PI / 4, 0.99999994, 1.0000001, 0.46875],
	...[Number.POSITIVE_INFINITY, 127.5, 128, 126, 149, 150, 16, 65536, 1.9999999],
]
	.flatMap((x) => [x, -x])
	.concat(Number.NaN)
	.map(Math.fround);

const bits = new Uint32Array(1);
const float = new Float32Array(bits.buffer);

/** A random number of all sizes, but for those that a device takes for 0; every other everyday. */
export function randomFloat(): number {
	bits[0] = word();
	const exponent = bits[0]! & 1 ? 119 + (word() >>> 28) : (bits[0]! >>> 23) & 255;
	bits[0] = (bits[0]! & 0x807fffff) | (Math.max(exponent, 1) << 23);
	return float[0]!;
}

/** Special numbers, of two arguments in all pairs, and then random ones. */
export function sampleFloats(size: number, argument: number, arity: number): Float32Array {
	const n = SPECIAL.length;
	return Float32Array.from({ length: size }, (_, i) =>
		i < n ** arity ? SPECIAL[Math.floor(i / n ** argument) % n]! : randomFloat(),
	);
}

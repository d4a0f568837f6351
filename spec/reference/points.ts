import type { Definition } from "./elementwise.ts";
import type { FloatType } from "./units.ts";

// Where elementwise ops are measured: all over the range of a dtype, and where functions turn.

/** Numbers that always come out the same. */
function generator(seed: number): () => number {
	let state = seed >>> 0;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let t = Math.imul(state ^ (state >>> 15), 1 | state);
		t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
		return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
	};
}

/** The exponents of the least and the greatest number. */
const RANGE = { float64: [-1074, 1024], float32: [-149, 128] } as const;

/** Those of the least normal and the greatest number. */
const NORMAL = { float64: [-1022, 1024], float32: [-126, 128] } as const;

/** Where formulas change over, results saturate, or derivatives cross zero. */
const TURNS = [
	[0.46875, 0.75, 1, 1.278, Math.SQRT2, 3, 4, 5.66, 16, 17.3],
	[26.5, 36.7, 38.4, 88.7, 103, 709.7, 745],
].flat();

/** Of each order of magnitude that matters, where ops of one argument are measured in any case. */
const SIZES = [1e-300, 1e-30, 1e-8, 0.5, 5, 20, 103, 741, 1e10, 1e30, 1e160, 1e300];

/** One number, in a third of the cases of any size, and else where functions are at home. */
function draw(random: () => number, dtype: FloatType): number {
	const sign = random() < 0.5 ? -1 : 1;
	const kind = Math.floor(random() * 6);
	const [low, high] = RANGE[dtype];
	if (kind < 2) return sign * 2 ** (low + random() * (high - low));
	const near = (x: number, bits: number) =>
		sign * x * (1 + (random() - 0.5) * 2 ** -Math.floor(random() * bits));
	if (kind === 2) return near(TURNS[Math.floor(random() * TURNS.length)]!, 8);
	if (kind === 3) return near(1, 50);
	if (kind === 4) return sign * random() * 40;
	return sign * 2 ** ((random() - 0.5) * 40);
}

const rounded = { float64: (x: number) => x, float32: Math.fround };

function fixedPoints(dtype: FloatType, where: Definition["where"]): number[][] {
	return SIZES.flatMap((size) => [size, -size])
		.map(rounded[dtype])
		.filter((x) => x !== 0 && Number.isFinite(x) && (where?.(x, 1, NORMAL[dtype]) ?? true))
		.map((x) => [x]);
}

/** So many points where an op is defined, and the fixed ones; two arguments are often of a size. */
export function pointsFor(
	{ arity, where }: Definition,
	dtype: FloatType,
	count: number,
	seed = 1,
): number[][] {
	const random = generator(seed);
	const points = arity === 1 ? fixedPoints(dtype, where) : [];
	const total = points.length + count;
	while (points.length < total) {
		const x = rounded[dtype](draw(random, dtype));
		const other =
			random() < 0.5
				? draw(random, dtype)
				: x * 2 ** ((random() - 0.5) * 8) * (random() < 0.5 ? -1 : 1);
		const y = rounded[dtype](other);
		if (x === 0 || y === 0 || !Number.isFinite(x) || !Number.isFinite(y)) continue;
		if (where === undefined || where(x, y, NORMAL[dtype])) points.push(arity === 1 ? [x] : [x, y]);
	}
	return points;
}

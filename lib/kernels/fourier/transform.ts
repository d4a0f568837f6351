import { type FourierPass, passOfRadix, type RunPass, rootsOfOne } from "./passes.ts";
import { Tables } from "./tables.ts";

/** Real and imaginary parts. */
export type ReAndIm = readonly [re: Float64Array, im: Float64Array];

/**
 * A transform of n complex numbers, Σⱼ xⱼ·e^(−2πi·jk/n). It is given them in `parts`, which it may
 * use up, and returns arrays that hold the result until it is called again. With both parts
 * exchanged, going in and coming out, it is the transform with the other sign.
 */
export type Transform = (parts: ReAndIm) => ReAndIm;

/** The transform of some length. */
export interface FourierPlan {
	readonly transform: Transform;
	/** Arrays of that length, to be filled. */
	readonly parts: ReAndIm;
}

/** The greatest prime that a pass is made for; what has a greater one is a convolution. */
const GREATEST_RADIX = 13;

const plans = /* @__PURE__ */ new Tables<FourierPlan>((n) => {
	const radices = radicesOf(n);
	return radices === null ? byConvolution(n) : byPasses(n, radices);
});

/** How to transform n numbers, n ≥ 1. */
export function planFor(n: number): FourierPlan {
	return plans.get(n);
}

/**
 * Two pairs of arrays. They lie a little apart: at equal places of arrays that begin a power of two
 * apart there is the same line of a processor's cache, and each would drive out the other.
 */
function twoPairs(n: number): readonly [ReAndIm, ReAndIm] {
	const [GAP, BYTES] = [8, 8];
	const { buffer } = new Float64Array(4 * (n + GAP));
	const [a, b, c, d] = [0, 1, 2, 3].map((k) => new Float64Array(buffer, k * (n + GAP) * BYTES, n));
	return [
		[a!, b!],
		[c!, d!],
	];
}

/** The radices whose product is n, fours first; null where a prime is too great. */
function radicesOf(n: number): number[] | null {
	const radices: number[] = [];
	let rest = n;
	for (const radix of [4, 2, 3, 5, 7, 11, GREATEST_RADIX]) {
		for (; rest % radix === 0; rest /= radix) radices.push(radix);
	}
	return rest === 1 ? radices : null;
}

function byPasses(n: number, radices: readonly number[]): FourierPlan {
	const [cosines, sines] = rootsOfOne(n);
	let s = 1;
	const passes = radices.map((radix): [RunPass, FourierPass] => {
		const m = n / s / radix;
		const roots = new Float64Array(2 * m * (radix - 1));
		for (let p = 0, at = 0; p < m; p++) {
			for (let j = 1; j < radix; j++, at += 2) {
				roots[at] = cosines[p * j * s]!;
				roots[at + 1] = -sines[p * j * s]!;
			}
		}
		s *= radix;
		return [passOfRadix(radix), { radix, m, s: s / radix, roots }];
	});
	const [parts, others] = twoPairs(n);
	const transform: Transform = (given) => {
		let from = given;
		let to = others;
		for (const [run, pass] of passes) {
			run(pass, from[0], from[1], to[0], to[1]);
			[from, to] = [to, from];
		}
		return from;
	};
	return { transform, parts };
}

/**
 * By a convolution with a chirp, e^(πi·j²/n), whose length is ours to choose (L. Bluestein, "A
 * linear filtering approach to the computation of the discrete Fourier transform", 1970).
 */
function byConvolution(n: number): FourierPlan {
	const size = roundLengthFrom(2 * n - 1);
	const convolved = planFor(size);
	const [cosines, sines] = rootsOfOne(2 * n);
	const [parts, [chirpR, chirpI]] = twoPairs(n);
	const [re, im] = convolved.parts;
	re.fill(0);
	im.fill(0);
	// j² modulo 2n, one after the other: a float64 does not hold every j².
	for (let j = 0, square = 0; j < n; square = (square + 2 * j + 1) % (2 * n), j++) {
		chirpR[j] = cosines[square]!;
		chirpI[j] = -sines[square]!;
		re[j] = re[(size - j) % size] = cosines[square]! / size;
		im[j] = im[(size - j) % size] = sines[square]! / size;
	}
	const [fullR, fullI] = convolved.transform(convolved.parts);
	const [spectrumR, spectrumI] = [fullR.slice(), fullI.slice()];
	const transform: Transform = ([xr, xi]) => {
		re.fill(0);
		im.fill(0);
		multiply(xr, xi, chirpR, chirpI, re, im);
		const [fr, fi] = convolved.transform(convolved.parts);
		multiply(fr, fi, spectrumR, spectrumI, re, im);
		// Back: with the parts exchanged.
		const [backI, backR] = convolved.transform([im, re]);
		multiply(backR, backI, chirpR, chirpI, xr, xi);
		return [xr, xi];
	};
	return { transform, parts };
}

/** to = x·y, as long as y. */
function multiply(
	xr: Float64Array,
	xi: Float64Array,
	yr: Float64Array,
	yi: Float64Array,
	toR: Float64Array,
	toI: Float64Array,
): void {
	for (let i = 0; i < yr.length; i++) {
		const a = xr[i]!;
		const b = xi[i]!;
		const c = yr[i]!;
		const d = yi[i]!;
		toR[i] = a * c - b * d;
		toI[i] = a * d + b * c;
	}
}

/** The least length from n on that is a power of two, or a few times one. */
function roundLengthFrom(n: number): number {
	return Math.min(...[1, 3, 5, 9, 15].map((k) => k * 2 ** Math.ceil(Math.log2(n / k))));
}

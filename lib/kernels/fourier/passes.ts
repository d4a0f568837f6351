/**
 * One pass of a transform: its numbers are `radix` parts of `m` groups of `s`, and each group of
 * the result holds the transforms of the parts' groups, turned by `roots` (C. Van Loan,
 * "Computational Frameworks for the Fast Fourier Transform", 1992, the algorithm of Stockham: what
 * it leaves is in order).
 */
export interface FourierPass {
	readonly radix: number;
	readonly m: number;
	readonly s: number;
	/** cos and −sin of group p and part j ≥ 1, one after the other: radix − 1 pairs for each p. */
	readonly roots: Float64Array;
}

/** Runs a pass from one pair of arrays, real and imaginary parts, to another. */
export type RunPass = (
	pass: FourierPass,
	re: Float64Array,
	im: Float64Array,
	toRe: Float64Array,
	toIm: Float64Array,
) => void;

// Each pass reads all that it needs of a place before it writes: engines read again what may have
// been written over, which takes half as long again.

const runPass2: RunPass = ({ m, s, roots }, re, im, toRe, toIm) => {
	const half = m * s;
	for (let p = 0, o = 0; p < m; p++, o += s) {
		const c = roots[2 * p]!;
		const d = roots[2 * p + 1]!;
		for (let i = p * s, end = i + s; i < end; i++, o++) {
			const ar = re[i]!;
			const ai = im[i]!;
			const br = re[i + half]!;
			const bi = im[i + half]!;
			toRe[o] = ar + br;
			toIm[o] = ai + bi;
			turnInto(toRe, toIm, o + s, ar - br, ai - bi, c, d);
		}
	}
};

const HEIGHT = Math.sqrt(3) / 2;

const runPass3: RunPass = ({ m, s, roots }, re, im, toRe, toIm) => {
	const [part, part2] = [m * s, 2 * m * s];
	for (let p = 0, o = 0; p < m; p++, o += 2 * s) {
		const at = 4 * p;
		const c1 = roots[at]!;
		const d1 = roots[at + 1]!;
		const c2 = roots[at + 2]!;
		const d2 = roots[at + 3]!;
		for (let i = p * s, end = i + s; i < end; i++, o++) {
			const ar = re[i]!;
			const ai = im[i]!;
			const br = re[i + part]!;
			const bi = im[i + part]!;
			const cr = re[i + part2]!;
			const ci = im[i + part2]!;
			const sumR = br + cr;
			const sumI = bi + ci;
			const evenR = ar - 0.5 * sumR;
			const evenI = ai - 0.5 * sumI;
			const oddR = HEIGHT * (bi - ci);
			const oddI = HEIGHT * (cr - br);
			toRe[o] = ar + sumR;
			toIm[o] = ai + sumI;
			turnInto(toRe, toIm, o + s, evenR + oddR, evenI + oddI, c1, d1);
			turnInto(toRe, toIm, o + 2 * s, evenR - oddR, evenI - oddI, c2, d2);
		}
	}
};

const runPass4: RunPass = ({ m, s, roots }, re, im, toRe, toIm) => {
	const [part, part2, part3] = [m * s, 2 * m * s, 3 * m * s];
	for (let p = 0, o = 0; p < m; p++, o += 3 * s) {
		const at = 6 * p;
		const c1 = roots[at]!;
		const d1 = roots[at + 1]!;
		const c2 = roots[at + 2]!;
		const d2 = roots[at + 3]!;
		const c3 = roots[at + 4]!;
		const d3 = roots[at + 5]!;
		for (let i = p * s, end = i + s; i < end; i++, o++) {
			const ar = re[i]!;
			const ai = im[i]!;
			const br = re[i + part]!;
			const bi = im[i + part]!;
			const cr = re[i + part2]!;
			const ci = im[i + part2]!;
			const dr = re[i + part3]!;
			const di = im[i + part3]!;
			const sumR = ar + cr;
			const sumI = ai + ci;
			const apartR = ar - cr;
			const apartI = ai - ci;
			const evenR = br + dr;
			const evenI = bi + di;
			const oddR = bi - di;
			const oddI = dr - br;
			toRe[o] = sumR + evenR;
			toIm[o] = sumI + evenI;
			turnInto(toRe, toIm, o + s, apartR + oddR, apartI + oddI, c1, d1);
			turnInto(toRe, toIm, o + 2 * s, sumR - evenR, sumI - evenI, c2, d2);
			turnInto(toRe, toIm, o + 3 * s, apartR - oddR, apartI - oddI, c3, d3);
		}
	}
};

const [COS1, COS2] = [(Math.sqrt(5) - 1) / 4, -(Math.sqrt(5) + 1) / 4];
const [SIN1, SIN2] = [Math.sqrt((5 + Math.sqrt(5)) / 8), Math.sqrt((5 - Math.sqrt(5)) / 8)];

const runPass5: RunPass = ({ m, s, roots }, re, im, toRe, toIm) => {
	const [part, part2, part3, part4] = [m * s, 2 * m * s, 3 * m * s, 4 * m * s];
	for (let p = 0, o = 0; p < m; p++, o += 4 * s) {
		const at = 8 * p;
		const c1 = roots[at]!;
		const d1 = roots[at + 1]!;
		const c2 = roots[at + 2]!;
		const d2 = roots[at + 3]!;
		const c3 = roots[at + 4]!;
		const d3 = roots[at + 5]!;
		const c4 = roots[at + 6]!;
		const d4 = roots[at + 7]!;
		for (let i = p * s, end = i + s; i < end; i++, o++) {
			const ar = re[i]!;
			const ai = im[i]!;
			const br = re[i + part]!;
			const bi = im[i + part]!;
			const cr = re[i + part2]!;
			const ci = im[i + part2]!;
			const dr = re[i + part3]!;
			const di = im[i + part3]!;
			const er = re[i + part4]!;
			const ei = im[i + part4]!;
			const nearR = br + er;
			const nearI = bi + ei;
			const farR = cr + dr;
			const farI = ci + di;
			const nearDR = br - er;
			const nearDI = bi - ei;
			const farDR = cr - dr;
			const farDI = ci - di;
			const even1R = ar + COS1 * nearR + COS2 * farR;
			const even1I = ai + COS1 * nearI + COS2 * farI;
			const even2R = ar + COS2 * nearR + COS1 * farR;
			const even2I = ai + COS2 * nearI + COS1 * farI;
			const odd1R = SIN1 * nearDI + SIN2 * farDI;
			const odd1I = -SIN1 * nearDR - SIN2 * farDR;
			const odd2R = SIN2 * nearDI - SIN1 * farDI;
			const odd2I = SIN1 * farDR - SIN2 * nearDR;
			toRe[o] = ar + nearR + farR;
			toIm[o] = ai + nearI + farI;
			turnInto(toRe, toIm, o + s, even1R + odd1R, even1I + odd1I, c1, d1);
			turnInto(toRe, toIm, o + 2 * s, even2R + odd2R, even2I + odd2I, c2, d2);
			turnInto(toRe, toIm, o + 3 * s, even2R - odd2R, even2I - odd2I, c3, d3);
			turnInto(toRe, toIm, o + 4 * s, even1R - odd1R, even1I - odd1I, c4, d4);
		}
	}
};

/** Any odd radix: parts j and radix − j of the result are made of the same two sums. */
const runPassOdd: RunPass = ({ radix, m, s, roots }, re, im, toRe, toIm) => {
	const [part, half] = [m * s, (radix - 1) / 2];
	const [cosines, sines] = rootsOfOne(radix);
	// Sums and differences of parts k and radix − k, for k from 1: four numbers each.
	const folded = new Float64Array(4 * half + 4);
	for (let p = 0; p < m; p++) {
		const turns = 2 * p * (radix - 1) - 2;
		for (let i = p * s, o = radix * p * s; i < (p + 1) * s; i++, o++) {
			const firstR = re[i]!;
			const firstI = im[i]!;
			let totalR = firstR;
			let totalI = firstI;
			for (let k = 1, a = i + part, b = i + (radix - 1) * part; k <= half; k++) {
				const ar = re[a]!;
				const ai = im[a]!;
				const br = re[b]!;
				const bi = im[b]!;
				folded[4 * k] = ar + br;
				folded[4 * k + 1] = ai + bi;
				folded[4 * k + 2] = br - ar;
				folded[4 * k + 3] = ai - bi;
				totalR += ar + br;
				totalI += ai + bi;
				a += part;
				b -= part;
			}
			toRe[o] = totalR;
			toIm[o] = totalI;
			for (let j = 1; j <= half; j++) {
				let evenR = firstR;
				let evenI = firstI;
				let oddR = 0;
				let oddI = 0;
				for (let k = 1, turn = j; k <= half; k++) {
					const c = cosines[turn]!;
					const d = sines[turn]!;
					evenR += c * folded[4 * k]!;
					evenI += c * folded[4 * k + 1]!;
					oddR += d * folded[4 * k + 3]!;
					oddI += d * folded[4 * k + 2]!;
					turn += j;
					if (turn >= radix) turn -= radix;
				}
				const back = radix - j;
				const at = turns + 2 * j;
				const end = turns + 2 * back;
				const c = roots[at]!;
				const d = roots[at + 1]!;
				const e = roots[end]!;
				const f = roots[end + 1]!;
				turnInto(toRe, toIm, o + j * s, evenR + oddR, evenI + oddI, c, d);
				turnInto(toRe, toIm, o + back * s, evenR - oddR, evenI - oddI, e, f);
			}
		}
	}
};

/** Writes re + i·im, turned by the root c + i·d. */
function turnInto(
	toRe: Float64Array,
	toIm: Float64Array,
	o: number,
	re: number,
	im: number,
	c: number,
	d: number,
): void {
	toRe[o] = re * c - im * d;
	toIm[o] = re * d + im * c;
}

const own: Readonly<Record<number, RunPass>> = {
	2: runPass2,
	3: runPass3,
	4: runPass4,
	5: runPass5,
};

/** How to run a pass of this radix: 2, 4, or odd. */
export function passOfRadix(radix: number): RunPass {
	return own[radix] ?? runPassOdd;
}

/**
 * The cosines and sines of 2πk/n, k from 0 to n − 1, each computed of an angle of at most π/4: they
 * are as exact as those functions, and symmetric.
 */
export function rootsOfOne(n: number): readonly [Float64Array, Float64Array] {
	const [cosines, sines] = [new Float64Array(n), new Float64Array(n)];
	for (let k = 0; 2 * k <= n; k++) {
		// Quarters of a turn, and what is left to the nearest of them.
		const quarter = Math.round((4 * k) / n);
		const rest = ((4 * k - quarter * n) / n) * (Math.PI / 2);
		const c = Math.cos(rest);
		const s = Math.sin(rest);
		const cosine = quarter === 0 ? c : quarter === 1 ? -s : -c;
		const sine = quarter === 0 ? s : quarter === 1 ? c : -s;
		if (k > 0) {
			cosines[n - k] = cosine;
			sines[n - k] = -sine;
		}
		cosines[k] = cosine;
		sines[k] = sine;
	}
	return [cosines, sines];
}

import type { TypedArray } from "../../core/dtype.ts";
import { rootsOfOne } from "./passes.ts";
import { Tables } from "./tables.ts";
import { type FourierPlan, planFor, type ReAndIm } from "./transform.ts";

// Transforms of the lines of a row-major tensor, n numbers each. Complex ones lie as two lines, the
// real parts and then the imaginary ones. All are computed in float64 and multiplied by `factor`.

/** Each pair of lines by its transform, Σⱼ xⱼ·e^(∓2πi·jk/n): the upper sign unless `inverse`. */
export function transformLines(
	x: TypedArray,
	n: number,
	inverse: boolean,
	factor: number,
	out: TypedArray,
): void {
	const plan = planFor(n);
	for (let start = 0; start < x.length; start += 2 * n) {
		plan.parts[0].set(x.subarray(start, start + n));
		plan.parts[1].set(x.subarray(start + n, start + 2 * n));
		const [re, im] = run(plan, inverse);
		write(re, n, factor, out, start);
		write(im, n, factor, out, start + n);
	}
}

/** The transform of a plan's own parts, with one sign or the other. */
function run({ transform, parts: [re, im] }: FourierPlan, inverse: boolean): ReAndIm {
	if (!inverse) return transform([re, im]);
	const [backI, backR] = transform([im, re]);
	return [backR, backI];
}

function write(from: Float64Array, n: number, factor: number, out: TypedArray, o: number): void {
	if (factor === 1) out.set(n === from.length ? from : from.subarray(0, n), o);
	else for (let i = 0; i < n; i++) out[o + i] = from[i]! * factor;
}

/** What a transform of n real numbers needs: it is one of n/2 complex ones where n is even. */
interface RealPlan {
	readonly plan: FourierPlan;
	/** Room for the numbers that are not conjugate to others. */
	readonly half: ReAndIm;
	/** Of n, where n is even. */
	readonly roots: ReAndIm | null;
}

const realPlans = /* @__PURE__ */ new Tables((n): RealPlan => {
	const m = Math.floor(n / 2) + 1;
	const isEven = n % 2 === 0;
	return {
		plan: planFor(isEven ? n / 2 : n),
		half: [new Float64Array(m), new Float64Array(m)],
		roots: isEven ? rootsOfOne(n) : null,
	};
});

/**
 * Each line of n real numbers by the first ⌊n/2⌋ + 1 numbers of its transform: the others are
 * conjugate to these. Those that stand for two are multiplied by `middle` as well.
 */
export function transformRealLines(
	x: TypedArray,
	n: number,
	middle: number,
	factor: number,
	out: TypedArray,
): void {
	const { plan, half, roots } = realPlans.get(n);
	const [re, im] = half;
	const m = re.length;
	for (let start = 0, o = 0; start < x.length; start += n, o += 2 * m) {
		if (roots === null) {
			plan.parts[0].set(x.subarray(start, start + n));
			plan.parts[1].fill(0);
			const [allR, allI] = run(plan, false);
			re.set(allR.subarray(0, m));
			im.set(allI.subarray(0, m));
		} else {
			readPairs(x, start, plan.parts);
			fromPairs(run(plan, false), roots, half);
		}
		if (middle !== 1) multiplyMiddle(half, n, middle);
		write(re, m, factor, out, o);
		write(im, m, factor, out, o + m);
	}
}

/**
 * Each pair of lines of ⌊n/2⌋ + 1 numbers, those that stand for two multiplied by `middle`, by the
 * n real numbers whose transform they begin, not divided by n. Where a number is its own conjugate
 * its imaginary part has no influence.
 */
export function transformToRealLines(
	x: TypedArray,
	n: number,
	middle: number,
	factor: number,
	out: TypedArray,
): void {
	const { plan, half, roots } = realPlans.get(n);
	const [re, im] = half;
	const m = re.length;
	for (let start = 0, o = 0; o < out.length; start += 2 * m, o += n) {
		re.set(x.subarray(start, start + m));
		im.set(x.subarray(start + m, start + 2 * m));
		im[0] = 0;
		if (n % 2 === 0) im[m - 1] = 0;
		if (middle !== 1) multiplyMiddle(half, n, middle);
		if (roots === null) {
			withConjugates(half, plan.parts);
			write(run(plan, true)[0], n, factor, out, o);
		} else {
			toPairs(half, roots, plan.parts);
			writePairs(run(plan, true), factor, out, o);
		}
	}
}

/** Those of the first half of n numbers that are not their own conjugates. */
function multiplyMiddle([re, im]: ReAndIm, n: number, middle: number): void {
	for (let k = 1; 2 * k < n; k++) {
		re[k]! *= middle;
		im[k]! *= middle;
	}
}

/** All of an odd number of numbers, from the first half of them. */
function withConjugates([re, im]: ReAndIm, [toR, toI]: ReAndIm): void {
	toR.set(re);
	toI.set(im);
	for (let k = 1; k < re.length; k++) {
		toR[toR.length - k] = re[k]!;
		toI[toI.length - k] = -im[k]!;
	}
}

/** Two real numbers as one complex one, so that a transform of half the length does. */
function readPairs(x: TypedArray, start: number, [re, im]: ReAndIm): void {
	for (let j = 0, i = start; j < re.length; j++, i += 2) {
		re[j] = x[i]!;
		im[j] = x[i + 1]!;
	}
}

function writePairs([re, im]: ReAndIm, factor: number, out: TypedArray, o: number): void {
	for (let j = 0, i = o; j < re.length; j++, i += 2) {
		out[i] = re[j]! * factor;
		out[i + 1] = im[j]! * factor;
	}
}

/**
 * From the transform Z of such pairs, h of them, that of the real numbers: Xₖ = Eₖ + wᵏ·Oₖ and
 * Xₕ₋ₖ = conj(Eₖ − wᵏ·Oₖ) with E = (Zₖ + conj Zₕ₋ₖ)/2 and O = (Zₖ − conj Zₕ₋ₖ)/2i, the transforms
 * of the numbers at even and at odd places.
 */
function fromPairs([re, im]: ReAndIm, [cosines, sines]: ReAndIm, [toR, toI]: ReAndIm): void {
	const h = re.length;
	toR[0] = re[0]! + im[0]!;
	toR[h] = re[0]! - im[0]!;
	toI[0] = toI[h] = 0;
	for (let k = 1, back = h - 1; k <= back; k++, back--) {
		const evenR = 0.5 * (re[k]! + re[back]!);
		const evenI = 0.5 * (im[k]! - im[back]!);
		const oddR = 0.5 * (im[k]! + im[back]!);
		const oddI = 0.5 * (re[back]! - re[k]!);
		const turnedR = oddR * cosines[k]! + oddI * sines[k]!;
		const turnedI = oddI * cosines[k]! - oddR * sines[k]!;
		toR[back] = evenR - turnedR;
		toI[back] = turnedI - evenI;
		toR[k] = evenR + turnedR;
		toI[k] = evenI + turnedI;
	}
}

/**
 * And back, without dividing by 2: Zₖ = E + S and Zₕ₋ₖ = conj(E − S) with E = Xₖ + conj Xₕ₋ₖ and
 * S = i·w⁻ᵏ·(Xₖ − conj Xₕ₋ₖ).
 */
function toPairs([re, im]: ReAndIm, [cosines, sines]: ReAndIm, [toR, toI]: ReAndIm): void {
	const h = toR.length;
	toR[0] = re[0]! + re[h]!;
	toI[0] = re[0]! - re[h]!;
	for (let k = 1, back = h - 1; k <= back; k++, back--) {
		const evenR = re[k]! + re[back]!;
		const evenI = im[k]! - im[back]!;
		const apartR = re[k]! - re[back]!;
		const apartI = im[k]! + im[back]!;
		const turnedR = -apartI * cosines[k]! - apartR * sines[k]!;
		const turnedI = apartR * cosines[k]! - apartI * sines[k]!;
		toR[back] = evenR - turnedR;
		toI[back] = turnedI - evenI;
		toR[k] = evenR + turnedR;
		toI[k] = evenI + turnedI;
	}
}

import * as assert from "uvu/assert";
import { max, min, Tensor } from "../../lib/index.ts";
import { pairwiseSum } from "../../lib/kernels/pairwise.ts";
import { sumKernels, vectorExtreme } from "../../lib/kernels/vector-reductions.ts";
import { suite } from "../suite.ts";

const LENGTHS = [1, 127, 128, 131, 255, 256, 257, 1000, 4095, 4096, 4097, 4111, 9000, 2 ** 15];
const extremes = ["greatest", "least"] as const;

/** Of all sizes; every sum of some of these is rounded. */
function numbers(Floats: typeof Float32Array | typeof Float64Array) {
	return new Floats(2 ** 15 + 3).map((_, i) => Math.sin(i * i) * 10 ** (i % 7));
}

/** The plain rule: the first of equal ones stays. */
function plainExtreme(x: Float32Array | Float64Array, which: "greatest" | "least"): number {
	let made = x[0]!;
	for (const value of x) {
		if (which === "greatest" ? value > made : value < made) made = value;
		if (Number.isNaN(value)) return value;
	}
	return made;
}

/** To the bit; NaN is one. */
function same(actual: number | undefined, expected: number | undefined, what = ""): void {
	assert.ok(Object.is(actual, expected), `${what}: ${actual} for ${expected}`);
}

suite("kernels/vector-reductions", (test) => {
	for (const Floats of [Float32Array, Float64Array]) {
		const x = numbers(Floats);
		// From so many elements on there is code.
		sumKernels.slice(x, 0, x.length);

		test(`sums of ${Floats.name} have the bits of the plain loop, from any place on`, () => {
			for (const n of LENGTHS) {
				for (const start of [0, 3]) {
					same(sumKernels.slice(x, start, n), pairwiseSum(x, start, n), `${n}`);
				}
			}
			same(sumKernels.slice(new Floats(400).fill(1).fill(NaN, 300, 301), 0, 400), NaN);
			same(sumKernels.slice(new Floats(300).fill(-0), 0, 300), 0);
		});

		test(`extremes of ${Floats.name} are those of the plain loop, whatever is beyond the end`, () => {
			for (const n of LENGTHS) {
				for (const which of extremes) {
					const part = x.slice(3, 3 + n);
					const found = vectorExtreme(x, 3, n, which);
					same(found, n < 128 ? undefined : plainExtreme(part, which), `${which} of ${n}`);
					// An extreme behind the slice, in the window from before, does not count.
					const beyond = new Floats(n + 20).fill(which === "least" ? -9 : 9).fill(1, 0, n);
					if (n >= 128) same(vectorExtreme(beyond, 0, n, which), 1);
				}
			}
		});

		test(`a NaN or an infinity of ${Floats.name} shows wherever it stands, and of zeros the first`, () => {
			for (const at of [0, 1, 15, 16, 100, 270, 299]) {
				for (const special of [NaN, Infinity, -Infinity, 5]) {
					const y = new Floats(300).fill(1);
					y[at] = special;
					for (const which of extremes) {
						same(vectorExtreme(y, 0, 300, which), plainExtreme(y, which));
					}
				}
			}
			for (const first of [0, -0]) {
				const zeros = new Floats(300).fill(-first);
				zeros[0] = first;
				const t = new Tensor(zeros, Floats === Float32Array ? "float32" : "float64", [300]);
				assert.ok(Object.is(max(t).item(), first) && Object.is(min(t).item(), first));
			}
		});
	}
});

import * as assert from "uvu/assert";
import {
	transformLines,
	transformRealLines,
	transformToRealLines,
} from "../../../lib/kernels/fourier/lines.ts";
import { rootsOfOne } from "../../../lib/kernels/fourier/passes.ts";
import { Tables } from "../../../lib/kernels/fourier/tables.ts";
import { suite } from "../../suite.ts";

/** Numbers between −1 and 1, always the same ones. */
const noise = (n: number) => Float64Array.from({ length: n }, (_, i) => Math.sin(i * i + 0.7 * i));

/** Number k of the transform, as its definition has it. */
function numberOf(x: Float64Array, n: number, k: number, sign: 1 | -1): [number, number] {
	const [cosines, sines] = rootsOfOne(n);
	let [re, im] = [0, 0];
	for (let j = 0, turn = 0; j < n; j++, turn = (turn + k) % n) {
		const [c, s] = [cosines[turn]!, sign * sines[turn]!];
		re += x[j]! * c - x[n + j]! * s;
		im += x[n + j]! * c + x[j]! * s;
	}
	return [re, im];
}

function isNear(x: number, y: number, n: number, what: string): void {
	assert.ok(Math.abs(x - y) <= 4e-16 * n + 1e-14, `${what}: ${x} is not ${y}`);
}

// Every length that has its own way: passes of each radix, alone and one after the other, primes
// that are too great for one, and what is made of these.
const lengths = [
	...Array.from({ length: 70 }, (_, i) => i + 1),
	...[77, 97, 121, 125, 128, 143, 169, 210, 243, 256, 289, 343, 512, 625, 1000, 1009, 2310],
];

suite("kernels/fourier/lines", (test) => {
	test("each number is the sum that defines it, at every length and with both signs", () => {
		for (const n of lengths) {
			const x = noise(2 * n);
			const out = new Float64Array(2 * n);
			for (const sign of [1, -1] as const) {
				transformLines(x, n, sign > 0, 1, out);
				for (let k = 0; k < n; k += Math.ceil(n / 40)) {
					const [re, im] = numberOf(x, n, k, sign);
					isNear(out[k]!, re, n, `re of ${k} of ${n}`);
					isNear(out[n + k]!, im, n, `im of ${k} of ${n}`);
				}
			}
		}
	});

	test("of real numbers it is the half of the same, and there and back they are themselves", () => {
		for (const n of lengths) {
			const m = Math.floor(n / 2) + 1;
			const x = noise(n);
			const pairs = new Float64Array(2 * n);
			pairs.set(x);
			const [all, half, back] = [2 * n, 2 * m, n].map((size) => new Float64Array(size));
			transformLines(pairs, n, false, 1, all!);
			transformRealLines(x, n, 1, 1, half!);
			transformToRealLines(half!, n, 1, 1 / n, back!);
			for (let k = 0; k < m; k++) {
				isNear(half![k]!, all![k]!, n, `re of ${k} of ${n}`);
				isNear(half![m + k]!, all![n + k]!, n, `im of ${k} of ${n}`);
			}
			for (let j = 0; j < n; j++) isNear(back![j]!, x[j]!, 1, `${j} of ${n}`);
		}
	});

	test("a million numbers are as exact as few: their error grows with the logarithm", () => {
		for (const n of [2 ** 20, 3 ** 12, 65537, 1e5]) {
			const m = Math.floor(n / 2) + 1;
			const x = noise(n);
			const [half, back] = [new Float64Array(2 * m), new Float64Array(n)];
			transformRealLines(x, n, 1, 1, half);
			transformToRealLines(half, n, 1, 1 / n, back);
			const worst = x.reduce((most, each, j) => Math.max(most, Math.abs(each - back[j]!)), 0);
			assert.ok(worst < 5e-15, `${n}: ${worst}`);
		}
	});

	test("lines do not see each other: each has the bits that it has alone", () => {
		for (const n of [8, 15, 17]) {
			const x = noise(6 * n);
			const [out, alone] = [new Float64Array(6 * n), new Float64Array(2 * n)];
			transformLines(x, n, false, 0.5, out);
			for (let start = 0; start < 6 * n; start += 2 * n) {
				transformLines(x.slice(start, start + 2 * n), n, false, 0.5, alone);
				assert.equal(out.slice(start, start + 2 * n), alone);
			}
		}
	});

	test("the roots of one are exact where they can be, and symmetric", () => {
		for (const n of [1, 2, 3, 8, 12, 1000]) {
			const [cosines, sines] = rootsOfOne(n);
			for (let k = 1; k < n; k++) {
				assert.is(cosines[k], cosines[n - k]);
				assert.is(sines[k]! + sines[n - k]!, 0);
			}
		}
		assert.equal(
			rootsOfOne(4).map((part) => [...part].map((x) => x + 0)),
			[
				[1, 0, -1, 0],
				[0, 1, 0, -1],
			],
		);
	});

	test("tables are kept for the lengths that were asked for last, and made again for others", () => {
		const made: number[] = [];
		const tables = new Tables((n) => made.push(n));
		for (const n of [2 ** 19, 10, 2 ** 19, 2 ** 18, 10, 2 ** 19]) tables.get(n);
		assert.equal(made, [2 ** 19, 10, 2 ** 18]);
		tables.get(2 ** 19 + 1);
		for (const n of [2 ** 19 + 1, 2 ** 19]) tables.get(n);
		assert.equal(made, [2 ** 19, 10, 2 ** 18, 2 ** 19 + 1, 2 ** 19]);
		tables.get(2 ** 21);
		tables.get(2 ** 21);
		assert.is(made.length, 6);
	});
});

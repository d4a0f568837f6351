import * as assert from "uvu/assert";
import type { Tensor } from "../../lib/index.ts";

/** Mean, variance, skew and excess kurtosis. */
export function moments(
	x: Tensor,
): [mean: number, variance: number, skew: number, kurtosis: number] {
	const values = [...x.data];
	const average = (f: (value: number) => number) =>
		values.reduce((sum, value) => sum + f(value), 0) / values.length;
	const mean = average((value) => value);
	const variance = average((value) => (value - mean) ** 2);
	const skew = average((value) => (value - mean) ** 3) / variance ** 1.5;
	return [mean, variance, skew, average((value) => (value - mean) ** 4) / variance ** 2 - 3];
}

/** Asserts that a statistic lies within five of its standard errors. */
export function within(actual: number, expected: number, standardError: number): void {
	const distance = Math.abs(actual - expected) / standardError;
	assert.ok(distance < 5, `expected ${expected}, got ${actual}: ${distance} standard errors`);
}

/** Pearson's correlation of two samples. */
export function correlation(x: Tensor, y: Tensor): number {
	const [mx, vx] = moments(x);
	const [my, vy] = moments(y);
	return x.sub(mx).mul(y.sub(my)).mean().item() / Math.sqrt(vx * vy);
}

/** How often each of the numbers from 0 comes. */
export function counts(x: Tensor, kinds: number): number[] {
	const found = new Array<number>(kinds).fill(0);
	for (const value of x.data) found[value]!++;
	return found;
}

/**
 * Asserts that counts are as even as chance has them: χ² within five standard deviations of its
 * mean.
 */
export function even(found: readonly number[]): void {
	const expected = found.reduce((sum, count) => sum + count) / found.length;
	const chi2 = found.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
	within(chi2, found.length - 1, Math.sqrt(2 * (found.length - 1)));
}

import * as assert from "uvu/assert";
import type { Tensor } from "../../lib/index.ts";

/**
 * Fails unless floats differ by at most so much of the greatest of them, or of `least` where that
 * is more, and all else is equal.
 */
export function nearSingle(
	actual: Tensor,
	expected: Tensor,
	name: string,
	bound = 4e-6,
	least = 0,
): void {
	assert.is(actual.dtype, expected.dtype, name);
	assert.equal(actual.shape, expected.shape, name);
	const [a, e] = [Array.from(actual.data), Array.from(expected.data)];
	const scale = e.reduce((most, x) => Math.max(most, Number.isFinite(x) ? Math.abs(x) : 0), least);
	for (const [i, x] of e.entries()) {
		const y = a[i]!;
		if (Object.is(x, y) || x === y) continue;
		const isClose = expected.dtype === "float32" && Math.abs(x - y) <= bound * scale;
		assert.ok(isClose, `${name}: element ${i} is ${y}, expected ${x}`);
	}
}

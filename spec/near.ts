import * as assert from "uvu/assert";
import { Tensor } from "../lib/index.ts";

/** Nested numbers, as a tensor or as arrays. */
export type Values = Tensor | number | boolean | readonly Values[];

function flatten(values: Values): { shape: string; flat: number[] } {
	if (values instanceof Tensor) return { shape: `(${values.shape})`, flat: [...values.data] };
	const sizes: number[] = [];
	const flat: number[] = [];
	const visit = (x: Values, depth: number): void => {
		if (!Array.isArray(x)) {
			flat.push(Number(x));
			return;
		}
		sizes[depth] = x.length;
		for (const item of x) visit(item, depth + 1);
	};
	visit(values, 0);
	return { shape: `(${sizes})`, flat };
}

/**
 * Asserts the same shape and elements within `tolerance`, relative to the greater of 1 and the
 * expected size; NaN equals NaN, an infinity itself.
 */
export function near(actual: Values, expected: Values, tolerance = 1e-12): void {
	const a = flatten(actual);
	const e = flatten(expected);
	if (a.shape !== e.shape) assert.unreachable(`expected shape ${e.shape}, got ${a.shape}`);
	for (let i = 0; i < e.flat.length; i++) {
		const [x, y] = [a.flat[i]!, e.flat[i]!];
		if (Object.is(x, y) || x === y) continue;
		if (Math.abs(x - y) <= tolerance * Math.max(1, Math.abs(y))) continue;
		assert.unreachable(`element ${i}: expected ${y}, got ${x} (tolerance ${tolerance})`);
	}
}

/** Asserts the same shape and exactly the same elements; NaN equals NaN. */
export function same(actual: Values, expected: Values): void {
	near(actual, expected, 0);
}

/** Asserts that `f` throws an error of this class whose message contains `text`. */
export function refuses(
	f: () => unknown,
	type: new (message: string) => Error,
	text: string,
): void {
	try {
		f();
	} catch (error) {
		assert.instance(error, type);
		assert.ok(
			(error as Error).message.includes(text),
			`"${(error as Error).message}" does not say "${text}"`,
		);
		return;
	}
	assert.unreachable(`expected a ${type.name}`);
}

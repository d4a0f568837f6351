import type { SentNumbers } from "../peers-python.ts";

/** Why two are not the same, within a share of 1 or of the greatest element; or null. */
export function difference(a: SentNumbers, b: SentNumbers, tolerance: number): string | null {
	if (a.dtype !== b.dtype) return `${a.dtype} is not ${b.dtype}`;
	if (`${a.shape}` !== `${b.shape}`) return `the shape (${a.shape}) is not (${b.shape})`;
	const sizes = b.data.map((x) => Math.abs(Number(x))).filter(Number.isFinite);
	const scale = sizes.reduce((most, x) => Math.max(most, x), 1);
	const isNear = (x: number, y: number) =>
		Object.is(x, y) || x === y || Math.abs(x - y) <= tolerance * scale;
	const at = a.data.findIndex((x, i) => !isNear(Number(x), Number(b.data[i]!)));
	return at < 0 ? null : `at ${at} of (${a.shape}), ${a.data[at]} is not ${b.data[at]}`;
}

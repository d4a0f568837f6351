import { join } from "node:path";
import { type JaxOptions, toJax } from "../../lib/export/index.ts";
import type { Tensor } from "../../lib/index.ts";
import { askPeers, type SentNumbers, sentNumbers } from "../peers-python.ts";

/** A function of a list of tensors that gives a list of tensors, with arguments to try it on. */
export interface Case {
	readonly name: string;
	readonly f: (args: readonly Tensor[]) => readonly Tensor[];
	readonly args: readonly Tensor[];
	/** How far results may be off, of 1 or of their greatest element. */
	readonly tolerance: number;
}

/** What is wrong with the modules written of these functions, run in JAX: a line each. */
export function faultsInJax(cases: readonly Case[], options: JaxOptions = {}): string[] {
	const faults: string[] = [];
	const written = cases.flatMap((one) => {
		try {
			const expected = one.f(one.args).map(sentNumbers);
			return [{ ...one, expected, text: toJax(one.f as never, { args: one.args }, options) }];
		} catch (error) {
			faults.push(`${one.name}: ${error}`);
			return [];
		}
	});
	const asked = written.map(({ text, args }) => [
		text,
		args.map(sentNumbers),
		/enable_x64/.test(text),
	]);
	const outcomes = askPeers<{ value?: SentNumbers[]; error?: string }[]>(
		join(import.meta.dirname, "modules.py"),
		asked,
	);
	for (const [i, { value, error }] of outcomes.entries()) {
		const { name, text, expected, tolerance } = written[i]!;
		const why = error ?? expected.map((x, k) => difference(value![k]!, x, tolerance)).find(Boolean);
		if (why) faults.push(`${name}: ${why}\n${text}`);
	}
	return faults;
}

/** Why two are not the same, within a share of 1 or of the greatest element; or null. */
function difference(a: SentNumbers, b: SentNumbers, tolerance: number): string | null {
	if (a.dtype !== b.dtype) return `${a.dtype} is not ${b.dtype}`;
	if (`${a.shape}` !== `${b.shape}`) return `the shape (${a.shape}) is not (${b.shape})`;
	const sizes = b.data.map((x) => Math.abs(Number(x))).filter(Number.isFinite);
	const scale = sizes.reduce((most, x) => Math.max(most, x), 1);
	const isNear = (x: number, y: number) =>
		Object.is(x, y) || x === y || Math.abs(x - y) <= tolerance * scale;
	const at = a.data.findIndex((x, i) => !isNear(Number(x), Number(b.data[i]!)));
	return at < 0 ? null : `at ${at} of (${a.shape}), ${a.data[at]} is not ${b.data[at]}`;
}

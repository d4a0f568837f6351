import { join } from "node:path";
import { type JaxOptions, toJax } from "../../lib/export/index.ts";
import { askPeers, type SentNumbers, sentNumbers } from "../peers-python.ts";
import type { Case } from "./cases.ts";
import { difference } from "./difference.ts";

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

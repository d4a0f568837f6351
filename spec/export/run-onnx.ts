import { join } from "node:path";
import { toOnnx } from "../../lib/export/onnx/index.ts";
import { askPeers, type SentNumbers, sentNumbers } from "../peers-python.ts";
import type { Case } from "./cases.ts";
import { difference } from "./difference.ts";

/** What has become of functions as models. */
export interface RunModels {
	/** How many were run. */
	readonly run: number;
	/** What is wrong with them: a line each. */
	readonly faults: readonly string[];
	/** The ops for which others were refused. */
	readonly refused: readonly string[];
}

/** Writes functions as models, which ONNX checks and ONNX Runtime runs. */
export function runInOnnx(cases: readonly Case[]): RunModels {
	const [faults, refused]: string[][] = [[], []];
	const written = cases.flatMap((one) => {
		const expected = one.f(one.args).map(sentNumbers);
		try {
			return [{ ...one, expected, model: toOnnx(one.f as never, { args: one.args }) }];
		} catch (error) {
			const op = /the function applies (\w+).*, which has no form in ONNX/.exec(String(error))?.[1];
			if (op === undefined) faults!.push(`${one.name}: ${error}`);
			else refused!.push(op);
			return [];
		}
	});
	const asked = written.map(({ model, args }) => [
		Buffer.from(model).toString("base64"),
		args.map(sentNumbers),
	]);
	const outcomes = askPeers<{ value?: SentNumbers[]; error?: string }[]>(
		join(import.meta.dirname, "models.py"),
		asked,
	);
	for (const [i, { value, error }] of outcomes.entries()) {
		const { name, expected, tolerance } = written[i]!;
		const why = error ?? expected.map((x, k) => difference(value![k]!, x, tolerance)).find(Boolean);
		if (why) faults!.push(`${name}: ${why}`);
	}
	return { run: written.length, faults: faults!, refused: refused! };
}

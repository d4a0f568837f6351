import { join } from "node:path";
import { type OnnxOptions, toOnnx } from "../../lib/export/onnx/index.ts";
import type { Tensor } from "../../lib/index.ts";
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
export function runInOnnx(cases: readonly Case[], options: OnnxOptions = {}): RunModels {
	const [faults, refused]: string[][] = [[], []];
	const written = cases.flatMap((one) => {
		const expected = one.f(one.args).map(sentNumbers);
		try {
			return [{ ...one, expected, model: toOnnx(one.f as never, { args: one.args }, options) }];
		} catch (error) {
			const op = /the function applies (\w+).*, which has no form in ONNX/.exec(String(error))?.[1];
			if (op === undefined) faults!.push(`${one.name}: ${error}`);
			else refused!.push(op);
			return [];
		}
	});
	const outcomes = askOnnx(written.map(({ model, args }) => ({ model, args })));
	for (const [i, outcome] of outcomes.entries()) {
		const { name, expected, tolerance } = written[i]!;
		const why = wrongIn(outcome, expected, tolerance);
		if (why) faults!.push(`${name}: ${why}`);
	}
	return { run: written.length, faults: faults!, refused: refused! };
}

/** A model, with arguments that it is run on. */
interface Asked {
	readonly model: Uint8Array;
	readonly args: readonly Tensor[];
	/** How many steps are taken, and how many results are arguments of the next; left out: one. */
	readonly steps?: number;
	readonly handed?: number;
}

/** What ONNX Runtime gives for a model, or why it gives nothing. */
interface Outcome {
	readonly value?: readonly SentNumbers[];
	readonly error?: string;
}

/** What ONNX Runtime gives for models; of several steps all last results, too. */
export function askOnnx(asked: readonly Asked[]): Outcome[] {
	return askPeers<Outcome[]>(
		join(import.meta.dirname, "models.py"),
		asked.map(({ model, args, steps = 1, handed = 0 }) => [
			Buffer.from(model).toString("base64"),
			args.map(sentNumbers),
			steps,
			handed,
		]),
	);
}

/** Why an outcome is not what was expected; undefined where it is. */
export function wrongIn(
	{ value, error }: Outcome,
	expected: readonly SentNumbers[],
	tolerance: number,
): string | undefined {
	if (error !== undefined) return error;
	return (
		expected.map((x, k) => difference(value![k]!, x, tolerance)).find((why) => why !== null) ??
		undefined
	);
}

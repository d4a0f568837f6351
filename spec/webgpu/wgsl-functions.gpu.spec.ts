import * as assert from "uvu/assert";
import { termOf } from "../../lib/scalar/formula.ts";
import * as functions from "../../lib/scalar/functions.ts";
import * as library from "../../lib/scalar/library.ts";
import { termEvaluator } from "../../lib/scalar/numbers.ts";
import type { CallTerm, Scalar, Term } from "../../lib/scalar/scalar.ts";
import type { Expression } from "../../lib/schedule/expression.ts";
import type { KernelOf } from "../../lib/schedule/kernel.ts";
import { suite } from "../suite.ts";
import { onDevice } from "./run-kernel.ts";
import { distanceFor, sampleFloats } from "./ulp.ts";

/** How many arguments each function is tried on. */
const SIZE = Number(process.env.SAMPLES ?? 200_000);
/** How many functions share a shader. */
const TOGETHER = 5;

/**
 * By how many units in the last place functions may be off; the others by four. Some need no
 * rounding; a density over its tail is a quotient of two that are off themselves, and so is what
 * the logarithm of a share is made of; ψ is the sum of a logarithm and a series.
 */
const BOUNDS: Readonly<Record<string, number>> = {
	...{ sign: 0, round: 0, remainder: 0, floorMod: 0 },
	digamma: 6,
	normalHazard: 6,
	logNormalCumulative: 6,
};

const all = Object.entries({ ...library, ...functions }).map(([name, f]) => {
	const { of } = (f as (...x: number[]) => CallTerm)(0, 0);
	const call = (...args: Scalar[]) => ({ kind: "call", type: "number", of, args }) as const;
	return { name, arity: of.arity, term: termOf(call, of.arity) };
});

function loopOf(terms: readonly Term[], arity: number): KernelOf<"loop"> {
	const operand = { dtype: "float32", strides: [1] } as const;
	const args = Array.from({ length: arity }, (_, index): Expression => ({ kind: "input", index }));
	const outputs = terms.map((term) => {
		return { ...operand, value: { kind: "formula", term, args, dtype: "float32" } as const };
	});
	return { kind: "loop", loop: { shape: [SIZE], inputs: args.map(() => operand), outputs } };
}

suite("WGSL of functions", (test) => {
	for (const arity of [1, 2]) {
		const same = all.filter((f) => f.arity === arity);
		const inputs = Array.from({ length: arity }, (_, k) => sampleFloats(SIZE, k, arity));
		for (let first = 0; first < same.length; first += TOGETHER) {
			const batch = same.slice(first, first + TOGETHER);
			test(batch.map(({ name }) => name).join(", "), async () => {
				const kernel = loopOf(
					batch.map(({ term }) => term),
					arity,
				);
				const reads = inputs.map((array) => ({ array }));
				const writes = batch.map(() => ({ array: new Float32Array(SIZE) }));
				const { outputs } = await onDevice(kernel, reads, writes);
				for (const [k, { name, term }] of batch.entries()) {
					const evaluate = termEvaluator(term);
					let off = { by: 0, given: [] as number[], got: 0 };
					for (let i = 0; i < SIZE; i++) {
						const given = inputs.map((x) => x[i]!);
						const got = outputs[k]![i]!;
						const by = distanceFor(name)(got, evaluate(...given), given);
						if (by > off.by) off = { by, given, got };
					}
					if (process.env.SAMPLES) console.log(name, off.by, off.given, off.got);
					const bound = BOUNDS[name] ?? 4;
					assert.ok(off.by <= bound, `${name}(${off.given}) is ${off.got}`);
				}
			});
		}
	}
});

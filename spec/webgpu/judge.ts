import * as fc from "fast-check";
import { draws } from "../../lib/check/arbitrary-draw.ts";
import { randomDirection } from "../../lib/check/derivatives.ts";
import { programs } from "../../lib/check/programs.ts";
import type { RandomProgram } from "../../lib/check/random-program.ts";
import { compile, javascriptBackend } from "../../lib/compile/index.ts";
import type { Draw } from "../../lib/core/op.ts";
import { type Tensor, vjp } from "../../lib/index.ts";
import { backend } from "./backend.ts";
import { singleFunction } from "./single-programs.ts";

/** What became of a program: compared, or no number of float32 says much about it. */
export type Outcome = "the same" | "lost in rounding";

/** Beyond so much of the greatest element rounding to float32 has changed what is computed. */
const LOST = 1e-3;
/** The device may be so many times as far off as JavaScript, which rounds each op once. */
const TIMES = 32;
/** Values lie about 1: what they cancel to is not more exact than they are. */
const LEAST = 4e-6;

const numbers = (x: Tensor) => Array.from(x.data);
const greatest = (values: readonly number[]) =>
	values.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
const distance = (a: readonly number[], b: readonly number[]) =>
	greatest(a.map((x, i) => (Object.is(x, b[i]) ? 0 : x - b[i]!)));

/**
 * Throws unless the device gives the values and the gradients of a program in float32, as near to
 * those of float64 as JavaScript does, but for a factor.
 */
export async function judgeOnDevice(program: RandomProgram, draw: Draw): Promise<Outcome> {
	const gpu = await backend();
	const u = program.run(program.args).map((y) => randomDirection(y, draw));
	const exact = [...program.run(program.args), ...vjp(program.run, program.args)[1](u)];
	const { f, args } = singleFunction(program, u);
	const here = compile(f, { backend: javascriptBackend })(args);
	const there = await gpu.read(compile(f, { backend: gpu })(args));
	let outcome: Outcome = "the same";
	for (const [i, x] of exact.entries()) {
		const [a, b, e] = [numbers(there[i]!), numbers(here[i]!), numbers(x)];
		const scale = greatest(e);
		const off = distance(b, e);
		if (!(off <= LOST * scale)) {
			outcome = "lost in rounding";
			continue;
		}
		const bound = TIMES * off + LEAST * Math.max(1, scale);
		const by = distance(a, b);
		if (!(by <= bound)) {
			throw new Error(`result ${i}: ${a} on the device, ${b} in JavaScript, off by ${by}`);
		}
	}
	return outcome;
}

/** Random programs from a seed on; how many of them were compared. */
export async function judgeMany(seed: number, runs: number): Promise<Record<Outcome, number>> {
	const counts: Record<Outcome, number> = { "the same": 0, "lost in rounding": 0 };
	await fc.assert(
		fc.asyncProperty(programs(), draws(), async (program, draw) => {
			counts[await judgeOnDevice(program, draw)]++;
		}),
		{ numRuns: runs, seed, includeErrorInReport: true, endOnFailure: true },
	);
	return counts;
}

import { checkDerivatives, nearIn, randomDirection } from "../../lib/check/derivatives.ts";
import type { RandomProgram } from "../../lib/check/random-program.ts";
import type { Draw } from "../../lib/core/op.ts";
import { vjp } from "../../lib/index.ts";
import { executors, type VectorFunction } from "./executors.ts";

/**
 * Throws unless reverse mode, forward mode and differences agree to second order, and every
 * executor gives the values and the gradients that calling the program gives.
 */
export function judge(program: RandomProgram, draw: Draw): void {
	const { run, args } = program;
	checkDerivatives("the program", run, args, draw, 2);
	const u = run(args).map((y) => randomDirection(y, draw));
	const gradient: VectorFunction = (x) => vjp(run, x)[1](u);
	for (const { name, prepare, tolerance } of executors) {
		for (const [what, f] of [
			["value", run],
			["gradient", gradient],
		] as const) {
			const expected = f(args);
			for (const [i, actual] of prepare(f)(args).entries()) {
				nearIn(name, `its ${what} ${i + 1}`, actual, expected[i]!, tolerance);
			}
		}
	}
}

import { flatten } from "../../lib/core/tree.ts";
import { ones, type Tensor } from "../../lib/index.ts";
import type { Program } from "../../lib/program/program.ts";
import { simpleProgram } from "../../lib/program/simple-program.ts";
import { trace } from "../../lib/program/trace.ts";
import { type KernelSchedule, scheduleOf } from "../../lib/schedule/schedule.ts";

/** The program of a function as `compile` plans it: its result may be nested. */
export function programOf<Args extends unknown[]>(
	f: (...args: Args) => unknown,
	...args: Args
): Program {
	const { leaves, rebuild } = flatten("programOf", args, "arguments");
	const { program } = trace(leaves, (tracked) => {
		return flatten("programOf", f(...(rebuild(tracked) as Args)), "result").leaves;
	});
	return simpleProgram(program);
}

/** Its schedule. */
export function planned<Args extends unknown[]>(
	f: (...args: Args) => unknown,
	...args: Args
): KernelSchedule {
	return scheduleOf(programOf(f, ...args));
}

/** The schedule of a function of one tensor of ones. */
export function plannedAt(shape: number[], f: (x: Tensor) => unknown): KernelSchedule {
	return planned(f, ones(shape));
}

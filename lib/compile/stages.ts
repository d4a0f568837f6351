import { type Callee, call } from "../wasm/assembler.ts";
import { opsIn, scalarImports } from "../wasm/elementwise/expression.ts";
import type { FunctionBuilder, Local } from "../wasm/function.ts";
import { i32 } from "../wasm/scalar.ts";
import type { Locations, StepFunction } from "./locations.ts";
import { expressionsIn, type Step, workOf } from "./steps.ts";

/** Less work than so many operations on elements is done before another thread has joined in. */
const LEAST_WORK = 20_000;

/** Whether several threads do parts of a step. */
export function isShared(step: Step, { extent, grain }: StepFunction): boolean {
	return workOf(step) >= LEAST_WORK && extent >= 2 * grain && canMove(step);
}

/** Whether a step calls no function but those that a worker can find in `Math`. */
function canMove(step: Step): boolean {
	const functions = Object.values(scalarImports(opsIn(expressionsIn(step))));
	return functions.every((f) => nameInMath(f) !== undefined);
}

/** What the function is called in `Math`, if it is one of these. */
export function nameInMath(f: (...x: number[]) => number): string | undefined {
	const names = Object.getOwnPropertyNames(Math) as Exclude<keyof Math, symbol>[];
	return names.find((name) => (Math[name] as unknown) === f);
}

/** A step of a stage. */
interface Part {
	readonly step: StepFunction;
	readonly shared: boolean;
}

interface Context {
	/** The number of the thread that runs the code, and how many take part: all or one. */
	readonly thread: Local<"i32">;
	readonly count: Local<"i32">;
	readonly threads: number;
	readonly barrier: Callee<readonly [], "none"> | null;
	readonly locations: Locations;
}

/**
 * Writes the steps of a stage. The first thread does alone what is not shared; all meet before a step that is, and after it, so that
 * nobody reads what is not there yet or overwrites what is still read.
 */
export function writeStage(f: FunctionBuilder, parts: readonly Part[], context: Context): void {
	const { thread, count, threads, barrier, locations } = context;
	const all = ({ extent }: StepFunction): [number, number] => [0, extent];
	const run = (
		{ callee, addresses, works }: StepFunction,
		[from, to]: [number, number],
		at: number,
	) => {
		const workspace = works ? [i32.const(locations.workspace + at * locations.workspaceBytes)] : [];
		f.do(call(callee, ...addresses, ...workspace, i32.const(from), i32.const(to)));
	};
	const meet = () => {
		if (barrier !== null) f.if(i32.gt(count, 1), () => f.do(call(barrier)));
	};
	let apart = false;
	for (const { step, shared } of parts) {
		if (!shared) {
			f.if(i32.eqz(thread), () => run(step, all(step), 0));
			apart = true;
			continue;
		}
		if (apart) meet();
		apart = false;
		f.if(
			i32.eq(count, 1),
			() => run(step, all(step), 0),
			() => {
				for (const [at, range] of ranges(step, threads).entries()) {
					f.if(i32.eq(thread, at), () => run(step, range, at));
				}
			},
		);
		meet();
	}
}

/** A range for each thread, that begins at a multiple of the grain. */
function ranges({ extent, grain }: StepFunction, threads: number): [number, number][] {
	const border = (at: number) =>
		at === threads ? extent : Math.min(extent, grain * Math.round((at * extent) / threads / grain));
	return Array.from({ length: threads }, (_, at) => [border(at), border(at + 1)]);
}

import { type Callee, callTo, type ModuleBuilder } from "../../asm/assembler.ts";
import type { Expr } from "../../asm/expression.ts";
import type { Local } from "../../asm/function.ts";
import { i32, select } from "../../asm/scalar.ts";
import { formulasIn } from "../../schedule/expression.ts";
import { expressionsIn, type Kernel, workOf } from "../../schedule/kernel.ts";
import { allSteps, type Step } from "../../schedule/step.ts";
import { scalarImports } from "./elementwise/expression.ts";
import type { KernelFunction } from "./kernel-function.ts";
import type { Locations } from "./locations.ts";
import type { SharedStep, Sharing } from "./work-queue.ts";

/** Less work than so many operations on elements is done before another thread has joined in. */
const LEAST_WORK = 20_000;
/** Products and convolutions do about so many times as many in that time. */
const PRODUCT_SPEED = 10;
/** A program is done before others have begun, if all that they could share is less than this. */
const LEAST_IN_ALL = 80_000;
/**
 * A step has up to so many chunks for each thread: the more there are, the less there is to wait
 * for at the end.
 */
const CHUNKS = 4;

/** A step as a function of a module, called with these addresses. */
export interface StepFunction extends KernelFunction {
	readonly addresses: readonly Expr<"i32">[];
}

/** Whether there is enough to do for several threads, and nothing that only one can. */
function isWorthSharing(kernel: Kernel): boolean {
	return timeOf(kernel) >= LEAST_WORK && canMove(kernel);
}

/** How long a kernel takes, as a number of operations on elements. */
function timeOf(kernel: Kernel): number {
	const isProduct = kernel.kind === "product" || kernel.kind === "convolution";
	return workOf(kernel) / (isProduct ? PRODUCT_SPEED : 1);
}

/**
 * Whether a program has enough to do for several threads: steps inside of loops, which run again
 * and again, or enough in all.
 */
export function isWorthThreads(outermost: readonly Step[]): boolean {
	const shared = allSteps(outermost).filter(({ kernel }) => isWorthSharing(kernel));
	const time = shared.reduce((sum, { kernel }) => sum + timeOf(kernel), 0);
	return time >= LEAST_IN_ALL || shared.some((step) => !outermost.includes(step));
}

/** Whether several threads do parts of a step with this kernel. */
export function isShared(kernel: Kernel, { extent, grain }: KernelFunction): boolean {
	return extent >= 2 * grain && isWorthSharing(kernel);
}

/** Whether a kernel calls no function but those that a worker can find in `Math`. */
function canMove(kernel: Kernel): boolean {
	const functions = Object.values(scalarImports(formulasIn(expressionsIn(kernel))));
	return functions.every((f) => nameInMath(f) !== undefined);
}

/** What the function is called in `Math`, if it is one of these. */
export function nameInMath(f: (...x: number[]) => unknown): string | undefined {
	const names = Object.getOwnPropertyNames(Math) as Exclude<keyof Math, symbol>[];
	return names.find((name) => (Math[name] as unknown) === f);
}

/** Defines the chunks of a step that threads share. Each thread has its own workspace. */
export function defineChunks(
	m: ModuleBuilder,
	name: string,
	step: StepFunction,
	threads: number,
	locations: Locations,
): SharedStep {
	const { extent, grain, least = grain } = step;
	const grains = Math.ceil(extent / grain);
	const most = Math.max(threads, Math.min(CHUNKS * threads, Math.floor(extent / least)));
	const chunks = Math.min(grains, most);
	// The first chunks have a grain more than the others if that is needed.
	const [each, longer] = [Math.floor(grains / chunks), grains % chunks];
	const start = (chunk: Local<"i32">) => {
		const longerBefore = select(i32.lt(chunk, longer), chunk, i32.const(longer));
		return i32.mul(i32.add(i32.mul(chunk, each), longerBefore), grain);
	};
	const work = m.define(name, ["i32", "i32"], "none", (f, chunk, thread) => {
		const from = f.let(start(chunk));
		const to = f.let(start(f.let(i32.add(chunk, 1))));
		f.if(i32.gt(to, extent), () => f.set(to, i32.const(extent)));
		const own = i32.mul(thread, locations.workspaceBytes);
		f.do(called(step, i32.add(own, locations.workspace), from, to));
	});
	return { chunks, work };
}

/** An engine takes too long over a function that calls many thousands of others. */
const MOST_CALLS = 256;

/**
 * Defines a stage: its steps one after the other, the shared ones by all threads. A part of one,
 * such as what a loop repeats, is defined without `sharing`: the stage takes care of that.
 */
export function defineStage(
	m: ModuleBuilder,
	name: string,
	steps: readonly (StepFunction | Callee<readonly [], "none">)[],
	sharing: Sharing | null,
	{ workspace }: Locations,
): Callee<readonly [], "none"> {
	const parts: Callee<readonly [], "none">[] = [];
	for (let from = 0; from < steps.length; from += MOST_CALLS) {
		const part = m.define(`${name}, part ${parts.length}`, [], "none", (f) => {
			for (const step of steps.slice(from, from + MOST_CALLS)) {
				if ("index" in step) f.do(callTo(step));
				else f.do(called(step, i32.const(workspace), i32.const(0), i32.const(step.extent)));
			}
		});
		parts.push(part);
	}
	return m.define(name, [], "none", (f) => {
		if (sharing !== null) f.do(callTo(sharing.close));
		for (const part of parts) f.do(callTo(part));
	});
}

/** A call that does a range of a step. */
function called(
	{ callee, addresses, works }: StepFunction,
	workspace: Expr<"i32">,
	from: Expr<"i32">,
	to: Expr<"i32">,
): Expr<"none"> {
	return callTo(callee, ...addresses, ...(works ? [workspace] : []), from, to);
}

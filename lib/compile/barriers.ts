import { type Callee, call, type ModuleBuilder } from "../wasm/assembler.ts";
import { atomic } from "../wasm/atomic.ts";
import type { FunctionBuilder } from "../wasm/function.ts";
import { i32, i64 } from "../wasm/scalar.ts";

// How threads wait for each other, in words of shared memory from address 0 on.

/** Counts the stages that the threads were called to; they wait for it to change. */
const CALLS = 0;
/** The stage that they were called to; −1 to end. */
const STAGE = 4;
/** How many threads have come to the barrier, and how often all have. */
const ARRIVED = 8;
const PASSED = 12;
/** How many threads wait for their first call or have had it. */
const READY = 16;

/** The words as indices into an Int32Array, for those who call the threads. */
export const WORDS = { calls: CALLS / 4, stage: STAGE / 4, ready: READY / 4 };

/** Bytes of the words: a cache line. */
export const CONTROL = 64;

/** About 100 µs of looking whether a word has changed; then the thread sleeps. */
const LOOKS = 50_000;

/** Waits until a word is no longer what it was. */
function awaitChange(f: FunctionBuilder, word: number, was: ReturnType<typeof f.let<"i32">>): void {
	const looks = f.let(i32.const(LOOKS));
	f.while(i32.eq(atomic.load(word), was), () => {
		f.if(
			looks,
			() => f.set(looks, i32.sub(looks, 1)),
			() => f.do(atomic.wait(word, was, i64.const(-1))),
		);
	});
}

/** Defines the function that all of so many threads call and that returns once all have. */
export function defineBarrier(m: ModuleBuilder, threads: number): Callee<readonly [], "none"> {
	return m.define("barrier", [], "none", (f) => {
		const passed = f.let(atomic.load(PASSED));
		f.if(
			i32.eq(atomic.add(ARRIVED, 1), threads - 1),
			() => {
				f.store(atomic, ARRIVED, 0);
				f.do(atomic.add(PASSED, 1));
				f.do(atomic.notify(PASSED, threads));
			},
			() => awaitChange(f, PASSED, passed),
		);
	});
}

/** A stage that threads take part in: a function of the thread's number and of how many take part. */
export type Shared = Callee<readonly ["i32", "i32"], "none">;

/** Defines what a thread but the first does: it waits to be called, does its part of that stage, and waits again. */
export function defineServe(
	m: ModuleBuilder,
	threads: number,
	stages: readonly { readonly index: number; readonly callee: Shared }[],
): void {
	m.define("serve", ["i32"], "none", (f, thread) => {
		const called = f.let(atomic.load(CALLS));
		f.do(atomic.add(READY, 1));
		f.loop((again) => {
			awaitChange(f, CALLS, called);
			f.set(called, atomic.load(CALLS));
			const stage = f.let(atomic.load(STAGE));
			for (const { index, callee } of stages) {
				f.if(i32.eq(stage, index), () => f.do(call(callee, thread, i32.const(threads))));
			}
			f.goto(again, i32.ge(stage, 0));
		});
	});
}

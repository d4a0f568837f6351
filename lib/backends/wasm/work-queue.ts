import { type Callee, callTo, type ModuleBuilder } from "../../asm/assembler.ts";
import { atomic } from "../../asm/atomic.ts";
import type { Expr } from "../../asm/expression.ts";
import type { FunctionBuilder, Local } from "../../asm/function.ts";
import { i32, i64, select } from "../../asm/scalar.ts";

// How threads share the steps of a program.
//
// A step's work lies in chunks. Whoever has time claims one, the caller of the program like the
// workers, so nobody waits for a thread that has not begun: what it has not claimed, others do. All
// that threads know of each other is one word of shared memory, the ticket: the step that is open,
// which of its chunks are left, and how many workers are at one.
//
// 1. The caller opens a step: it stores a ticket with all chunks left, and wakes who sleeps.
// 2. A claim replaces the ticket by one with a chunk less, if it is still the ticket that was read.
// So it is for the step that is open at this moment, however late a thread comes, and no two
// threads get the same chunk. A worker takes the last chunk and enters itself in the same moment,
// and subtracts itself when the chunk is done; the caller takes the first one. So in a training
// loop each finds in its cache, mostly, what it worked on the time before.
// 3. When none are left, the caller waits until no worker is entered. Only then does it go on, and
// open the next step.
//
// All changes of the ticket are atomic, so what a thread stored before one is seen by those who
// read the ticket after it. Who sleeps does so only if the ticket is still the one with nothing to
// do that was read, and whatever could end that wakes all sleepers after it has changed the ticket:
// no wake-up is lost. A caller that may not sleep, as on the main thread of a page, looks on until
// the chunks that were begun are done. A negative ticket ends the workers; it comes from outside,
// when the program is no longer needed or one of them has failed.

/**
 * Where the ticket is. It has four numbers of 16 bits: chunks left from and to below, workers
 * entered, and the step.
 */
export const TICKET = 0;
/** Where workers count how many of them have begun. */
export const BEGUN = 56;
/** Bytes of a cache line, which has nothing else on it but these and `FAILED`. */
export const CONTROL = 64;

/** The most steps that threads can share. */
export const MOST_SHARED = 1 << 15;

const FROM = 1n;
const TO = 1n << 16n;
const ENTERED = 1n << 32n;
const STEP = 1n << 48n;

type Ticket = Local<"i64">;
const low = (ticket: Ticket): Expr<"i32"> => i32.and(i32.wrap(ticket), 0xffff);
const high = (ticket: Ticket): Expr<"i32"> => i32.shrU(i32.wrap(ticket), 16);
const isOpen = (ticket: Ticket): Expr<"i32"> => i32.lt(low(ticket), high(ticket));
const entered = (ticket: Ticket): Expr<"i32"> => i32.and(i32.wrap(i64.shrU(ticket, 32)), 0xffff);
const stepOf = (ticket: Ticket): Expr<"i32"> => i32.wrap(i64.shrU(ticket, 48));

/**
 * How often to look at the ticket before sleeping: some ten microseconds. Waking up takes as long,
 * and longer.
 */
const LOOKS = 50_000;

/** Whom to wake: everybody. */
const ALL = -1;

/** A step that threads share. */
export interface SharedStep {
	/** Fewer than 2¹⁶. */
	readonly chunks: number;
	/** Does a chunk: its number, and that of the thread. */
	readonly work: Callee<readonly ["i32", "i32"], "none">;
}

/** What a caller calls. */
export interface Sharing {
	/**
	 * Withdraws what a call that was cut short has left open, and waits for those who are still at
	 * it.
	 */
	readonly close: Callee<readonly [], "none">;
	/** For each step, its work, done when this returns. */
	readonly run: readonly Callee<readonly [], "none">[];
}

/**
 * Defines how some steps are shared, and `serve`, which a worker calls with its number, from 1 on.
 *
 * @param sleeps whether the caller may sleep
 */
export function defineSharing(
	m: ModuleBuilder,
	steps: readonly SharedStep[],
	sleeps: boolean,
): Sharing {
	const close = defineClose(m, sleeps);
	const claim = steps.map((step, index) => defineClaim(m, step, index));
	const run = steps.map(({ chunks }, index) =>
		m.define(`share ${index}`, [], "none", (f) => {
			f.store(atomic.i64, TICKET, i64.const(STEP * BigInt(index) + TO * BigInt(chunks)));
			f.do(atomic.notify(TICKET, ALL));
			f.do(callTo(claim[index]!, i32.const(0)));
			f.do(callTo(close));
		}),
	);
	defineServe(m, claim);
	return { close, run };
}

/** Leaves no chunk to be claimed, and returns when no worker is at one. */
function defineClose(m: ModuleBuilder, sleeps: boolean): Sharing["close"] {
	return m.define("close", [], "none", (f) => {
		f.do(atomic.i64.and(TICKET, i64.const(~(TO * 0xffffn))));
		watch(f, sleeps, (ticket) => {
			f.if(i64.lt(ticket, 0), () => f.trap());
			f.if(i32.eqz(entered(ticket)), () => f.return());
		});
	});
}

type Claim = Callee<readonly ["i32"], "none">;

/** Defines a function that claims and does chunks of a step until none are left. */
function defineClaim(m: ModuleBuilder, { work }: SharedStep, index: number): Claim {
	return m.define(`claim ${index}`, ["i32"], "none", (f, thread) => {
		const change = f.let(select(thread, i64.const(ENTERED - TO), i64.const(FROM)));
		f.loop((again) => {
			const ticket = f.let(atomic.i64.load(TICKET));
			f.if(i32.ne(stepOf(ticket), index), () => f.return());
			f.if(i32.eqz(isOpen(ticket)), () => f.return());
			const found = atomic.i64.compareExchange(TICKET, ticket, i64.add(ticket, change));
			f.goto(again, i64.ne(found, ticket));
			f.do(callTo(work, select(thread, i32.sub(high(ticket), 1), low(ticket)), thread));
			f.if(thread, () => {
				f.do(atomic.i64.sub(TICKET, i64.const(ENTERED)));
				f.do(atomic.notify(TICKET, ALL));
			});
			f.goto(again);
		});
	});
}

/**
 * Defines what a worker does: it looks for an open step, does what it can claim of it, and looks
 * again.
 */
function defineServe(m: ModuleBuilder, claims: readonly Claim[]): void {
	m.define("serve", ["i32"], "none", (f, thread) => {
		watch(f, true, (ticket, looks) => {
			f.if(i64.lt(ticket, 0), () => f.return());
			f.if(isOpen(ticket), () => {
				callClaim(f, claims, f.let(stepOf(ticket)), thread);
				// A caller that has claimed nothing is not running. It may wait for this processor, so it
				// gets it soon.
				f.set(ticket, atomic.i64.load(TICKET));
				f.set(looks, select(low(ticket), i32.const(LOOKS), i32.const(2)));
			});
		});
	});
}

/** Calls the claim of a step by its number; `first` is that of the first claim. */
function callClaim(
	f: FunctionBuilder,
	claims: readonly Claim[],
	step: Local<"i32">,
	thread: Local<"i32">,
	first = 0,
): void {
	if (claims.length === 1) {
		f.do(callTo(claims[0]!, thread));
		return;
	}
	const half = claims.length >> 1;
	f.if(
		i32.lt(step, first + half),
		() => callClaim(f, claims.slice(0, half), step, thread, first),
		() => callClaim(f, claims.slice(half), step, thread, first + half),
	);
}

/**
 * Looks at the ticket again and again, and sleeps, if it may, until something wakes it when none of
 * so many looks is left.
 */
function watch(
	f: FunctionBuilder,
	sleeps: boolean,
	body: (ticket: Ticket, looks: Local<"i32">) => void,
): void {
	const looks = f.let(i32.const(LOOKS));
	f.loop((again) => {
		const ticket = f.let(atomic.i64.load(TICKET));
		body(ticket, looks);
		f.set(looks, i32.sub(looks, 1));
		f.goto(again, looks);
		if (sleeps) f.do(atomic.i64.wait(TICKET, ticket));
		f.set(looks, i32.const(LOOKS));
		f.goto(again);
	});
}

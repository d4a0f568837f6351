import { type Callee, callTo, type ModuleBuilder } from "../../asm/assembler.ts";
import type { FunctionBuilder } from "../../asm/function.ts";
import { f32, f64, i8, i32, i64 } from "../../asm/scalar.ts";
import { BYTES, type DType } from "../../core/dtype.ts";
import type { LoopBody } from "../../schedule/step.ts";
import { addressOf, type Locations } from "./locations.ts";
import { FAILED } from "./math/failure.ts";

type Part = Callee<readonly [], "none">;

/** Defines a function that does a round again and again. */
export function defineRepeat(
	m: ModuleBuilder,
	name: string,
	count: number,
	round: Part,
	bodies: readonly LoopBody[],
	locations: Locations,
): Part {
	const { start, move } = movesOf(bodies, locations);
	return m.define(name, [], "none", (f) => {
		start(f);
		f.for(0, count, 1, () => {
			f.do(callTo(round));
			move(f);
		});
	});
}

/**
 * Defines a function that does rounds as long as a test holds, up to so many, and then what is to
 * be done at the end. Where something could not be computed, it ends at once: a test may never fail
 * then.
 */
export function defineWhile(
	m: ModuleBuilder,
	name: string,
	most: number | null,
	parts: readonly Part[],
	bodies: readonly LoopBody[],
	locations: Locations,
): Part {
	const [test, round, end] = parts as [Part, Part, Part];
	const { start, move } = movesOf(bodies, locations);
	const [holds] = bodies[0]!.outputs;
	return m.define(name, [], "none", (f) => {
		start(f);
		const left = most === null ? null : f.let(i64.const(BigInt(most)));
		f.block((out) => {
			f.loop((again) => {
				if (left !== null) f.goto(out, i64.eq(left, 0));
				f.do(callTo(test));
				f.goto(out, isZero[holds!.dtype](addressOf({ buffer: holds!, offset: 0 }, locations)));
				f.goto(out, i32.load(FAILED));
				f.do(callTo(round));
				move(f);
				if (left !== null) f.set(left, i64.sub(left, 1));
				f.goto(again);
			});
		});
		f.do(callTo(end));
	});
}

type Address = ReturnType<typeof addressOf>;

/** Whether there is a 0 at an address. */
const isZero = {
	bool: (at: Address) => i32.eqz(i8.loadU(at)),
	int32: (at: Address) => i32.eqz(i32.load(at)),
	float32: (at: Address) => f32.eq(f32.load(at), 0),
	float64: (at: Address) => f64.eq(f64.load(at), 0),
} satisfies Record<DType, unknown>;

/**
 * What moves from round to round has its address in a slot of memory, where a round reads it, in
 * whichever thread: how it begins, and how it moves on.
 */
function movesOf(bodies: readonly LoopBody[], locations: Locations) {
	const moving = bodies.flatMap(({ places }) =>
		[...places].flatMap(([buffer, place]) => {
			const slot = locations.slots.get(buffer);
			return slot === undefined ? [] : [{ slot, place, bytes: place.stride * BYTES[buffer.dtype] }];
		}),
	);
	return {
		start: (f: FunctionBuilder) => {
			for (const { slot, place } of moving) {
				f.store(i32, slot, addressOf(place.starts[0], locations));
			}
		},
		move: (f: FunctionBuilder) => {
			for (const { slot, place, bytes } of moving) {
				const [start, other] = place.starts.map((each) => addressOf(each, locations));
				const now = i32.load(slot);
				// Of two addresses, the other one is their sum less the one.
				const next = other === undefined ? now : i32.sub(i32.add(start!, other), now);
				f.store(i32, slot, i32.add(next, bytes));
			}
		},
	};
}

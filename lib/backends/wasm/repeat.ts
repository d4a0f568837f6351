import { type Callee, callTo, type ModuleBuilder } from "../../asm/assembler.ts";
import { i32 } from "../../asm/scalar.ts";
import { BYTES } from "../../core/dtype.ts";
import type { LoopBody } from "../../schedule/step.ts";
import { addressOf, type Locations } from "./locations.ts";

/**
 * Defines a function that does a round again and again. What moves from round to round has its
 * address in a slot of memory, where the round reads it, in whichever thread.
 */
export function defineRepeat(
	m: ModuleBuilder,
	name: string,
	count: number,
	round: Callee<readonly [], "none">,
	{ places }: LoopBody,
	locations: Locations,
): Callee<readonly [], "none"> {
	const moving = [...places].flatMap(([buffer, place]) => {
		const slot = locations.slots.get(buffer);
		return slot === undefined ? [] : [{ slot, place, bytes: place.stride * BYTES[buffer.dtype] }];
	});
	return m.define(name, [], "none", (f) => {
		for (const { slot, place } of moving) {
			f.store(i32, slot, addressOf(place.starts[0], locations));
		}
		f.for(0, count, 1, () => {
			f.do(callTo(round));
			for (const { slot, place, bytes } of moving) {
				const [start, other] = place.starts.map((each) => addressOf(each, locations));
				const now = i32.load(slot);
				// Of two addresses, the other one is their sum less the one.
				const next = other === undefined ? now : i32.sub(i32.add(start!, other), now);
				f.store(i32, slot, i32.add(next, bytes));
			}
		});
	});
}

import { type Callee, callTo, type ModuleBuilder } from "../../asm/assembler.ts";
import { i8, i32 } from "../../asm/scalar.ts";
import type { BufferView } from "../../schedule/buffers.ts";
import { addressOf, type Locations } from "./locations.ts";
import { fail } from "./math/failure.ts";

/** Defines a function that does one of several things, by the number that is found in memory. */
export function defineChoice(
	m: ModuleBuilder,
	name: string,
	index: BufferView,
	branches: readonly Callee<readonly [], "none">[],
	locations: Locations,
): Callee<readonly [], "none"> {
	return m.define(name, [], "none", (f) => {
		const address = addressOf(index, locations);
		const which = f.let(index.buffer.dtype === "bool" ? i8.loadU(address) : i32.load(address));
		for (const [i, branch] of branches.entries()) {
			f.if(i32.eq(which, i), () => {
				f.do(callTo(branch));
				f.return();
			});
		}
		fail(f);
	});
}

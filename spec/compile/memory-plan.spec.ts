import * as fc from "fast-check";
import * as assert from "uvu/assert";
import { type Buffer, bytesOf } from "../../lib/compile/buffers.ts";
import { ALIGNMENT, type Lifetime, planMemory } from "../../lib/compile/memory-plan.ts";
import { suite } from "../suite.ts";

const lifetime = fc
	.tuple(fc.nat(300), fc.constantFrom("float64", "bool"), fc.nat(9), fc.nat(4))
	.map(([size, dtype, from, steps]): Lifetime => {
		const buffer: Buffer = { dtype: dtype as "float64", size, use: { kind: "scratch" } };
		return { buffer, from, to: from + steps };
	});

suite("compile/memory-plan", (test) => {
	test("no two buffers that are needed at the same time overlap, and all lie within the plan", () => {
		fc.assert(
			fc.property(fc.array(lifetime, { maxLength: 20 }), (lifetimes) => {
				const { offsets, bytes } = planMemory(lifetimes);
				const placed = lifetimes.map(({ buffer, ...time }) => {
					const start = offsets.get(buffer)!;
					return { start, end: start + bytesOf(buffer), ...time };
				});
				for (const [i, a] of placed.entries()) {
					assert.is(a.start % ALIGNMENT, 0);
					assert.ok(a.end <= bytes);
					for (const b of placed.slice(i + 1)) {
						const together = a.from <= b.to && b.from <= a.to;
						if (together) assert.ok(a.end <= b.start || b.end <= a.start);
					}
				}
			}),
		);
	});

	test("a chain of buffers, each needed for two steps, takes the room of two", () => {
		const chain = Array.from({ length: 10 }, (_, at): Lifetime => {
			return {
				buffer: { dtype: "float64", size: 800, use: { kind: "scratch" } },
				from: at,
				to: at + 1,
			};
		});
		assert.is(planMemory(chain).bytes, 2 * 6400);
	});
});

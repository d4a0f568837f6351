import * as fc from "fast-check";
import * as assert from "uvu/assert";
import { programs } from "../../lib/check/programs.ts";
import { compile } from "../../lib/compile/index.ts";
import { ones, type Tensor } from "../../lib/index.ts";
import { simplify } from "../../lib/program/simplify.ts";
import { type Buffer, bytesOf } from "../../lib/schedule/buffers.ts";
import { lifetimesOf } from "../../lib/schedule/lifetimes.ts";
import { ALIGNMENT, aligned, type Lifetime, planMemory } from "../../lib/schedule/memory.ts";
import { scheduleOf } from "../../lib/schedule/schedule.ts";
import { suite } from "../suite.ts";

const scratch = (size: number): Buffer => ({ dtype: "float64", size, use: { kind: "scratch" } });

const lifetime = fc
	.tuple(fc.nat(300), fc.constantFrom("float64", "bool"), fc.nat(9), fc.nat(4))
	.map(([size, dtype, from, steps]): Lifetime => {
		const buffer: Buffer = { dtype: dtype as "float64", size, use: { kind: "scratch" } };
		return { buffers: [buffer], from, to: from + steps };
	});

suite("compile/memory-plan", (test) => {
	/** Whether everything lies where it may. */
	function isSound(lifetimes: readonly Lifetime[]): boolean {
		const { offsets, bytes } = planMemory(lifetimes);
		const placed = lifetimes.map(({ buffers, ...time }) => {
			const buffer = buffers[0]!;
			const start = offsets.get(buffer)!;
			return { start, end: start + bytesOf(buffer), ...time };
		});
		return placed.every((a, i) => {
			if (a.start % ALIGNMENT !== 0 || a.end > bytes) return false;
			return placed.slice(i + 1).every((b) => {
				const together = a.from <= b.to && b.from <= a.to;
				const isEmpty = a.start === a.end || b.start === b.end;
				return isEmpty || !together || a.end <= b.start || b.end <= a.start;
			});
		});
	}

	test("no two buffers that are needed at the same time overlap, and all lie within the plan", () => {
		fc.assert(fc.property(fc.array(lifetime, { maxLength: 20 }), isSound));
	});

	/** Bytes that are needed at the same time at some moment: no plan takes less. */
	function mostAtOnce(lifetimes: readonly Lifetime[]): number {
		const moments = lifetimes.map(({ from }) =>
			lifetimes
				.filter((other) => other.from <= from && from <= other.to)
				.reduce((sum, { buffers }) => sum + aligned(bytesOf(buffers[0]!)), 0),
		);
		return Math.max(...moments);
	}

	test("nor do many, which take little more than what is needed at the same time", () => {
		// A multiplicative generator (Park and Miller), so that the lifetimes are always the same.
		let seed = 7;
		const draw = (below: number) => {
			seed = (seed * 48271) % 2147483647;
			return seed % below;
		};
		for (const longest of [2, 20, 1200]) {
			const many = Array.from({ length: 1200 }, (_, i): Lifetime => {
				const from = draw(1200);
				return { buffers: [scratch(i % 7 === 0 ? 0 : draw(500))], from, to: from + draw(longest) };
			});
			assert.ok(isSound(many));
			// Best fit has no bound of its own: measured are 1.02 to 1.09.
			assert.ok(planMemory(many).bytes < 1.15 * mostAtOnce(many));
		}
	});

	test("a chain of buffers, each needed for two steps, takes the room of two", () => {
		const chain = Array.from({ length: 10 }, (_, at): Lifetime => {
			return { buffers: [scratch(800)], from: at, to: at + 1 };
		});
		assert.is(planMemory(chain).bytes, 2 * 6400);
	});

	test("in the plans of random programs nothing is overwritten that is still to be read", () => {
		fc.assert(
			fc.property(programs(), ({ program }) => {
				const { steps } = scheduleOf(simplify(program).program);
				const { offsets } = planMemory(lifetimesOf(steps));
				const placed = (buffer: Buffer) => {
					const start = offsets.get(buffer);
					return start === undefined ? null : { start, end: start + bytesOf(buffer) };
				};
				for (const [at, step] of steps.entries()) {
					const later = steps.slice(at + 1).flatMap(({ reads }) => reads);
					// A loop may store where it reads, if it reads in the same order.
					const inPlace = step.kernel.kind === "loop" ? [] : step.reads;
					const written = new Set(step.writes.map(({ buffer }) => buffer));
					const kept = [...later, ...inPlace].map(({ buffer }) => buffer);
					const before = steps.slice(0, at).flatMap(({ writes }) => writes);
					for (const { buffer } of before.filter((other) => kept.includes(other.buffer))) {
						const place = placed(buffer);
						for (const out of written) {
							// Several steps may write parts of one buffer.
							if (out === buffer) continue;
							const other = placed(out);
							if (place === null || other === null) continue;
							assert.ok(place.end <= other.start || other.end <= place.start);
						}
					}
				}
			}),
			{ numRuns: 60 },
		);
	});

	test("a loop stores where it reads for the last time, but not where it reads in another order", () => {
		const scratchOf = (f: (x: Tensor) => Tensor) => compile(f).explain(ones([20, 20])).scratchBytes;
		// Cumulative sums keep the loops apart.
		assert.is(
			scratchOf((x) => x.cumsum(0).exp().cumsum(0)),
			3200,
		);
		assert.is(
			scratchOf((x) => x.cumsum(0).T.exp().cumsum(0)),
			2 * 3200,
		);
		const both = (x: Tensor) => x.cumsum(0);
		assert.is(
			scratchOf((x) => both(x).add(both(x).T).cumsum(1)),
			2 * 3200,
		);
	});
});

import * as assert from "uvu/assert";
import { type Compiled, compile } from "../../lib/compile/index.ts";
import { ProgramCache } from "../../lib/compile/program-cache.ts";
import { ones, type Tensor, zeros } from "../../lib/index.ts";
import { suite } from "../suite.ts";

suite("compile/program-cache", (test) => {
	test("what was not used for longest makes room, and the last one stays, however large it is", () => {
		const cache = new ProgramCache<{ bytes: number; name: string }>(10);
		for (const name of ["a", "b", "c"]) cache.set(name, { bytes: 4, name });
		const there = () => ["a", "b", "c", "d"].filter((name) => cache.get(name) !== undefined);
		assert.equal(there(), ["b", "c"]);
		assert.is(cache.get("b")!.name, "b");
		cache.set("a", { bytes: 4, name: "a" });
		assert.equal(there(), ["a", "b"]);
		cache.set("d", { bytes: 100, name: "d" });
		assert.equal(there(), ["d"]);
		assert.is(cache.dropped, 4);
	});

	test("a program that takes the place of another counts in its stead, and as the last one used", () => {
		const cache = new ProgramCache<{ bytes: number }>(10);
		for (const [key, bytes] of [["a", 6] as const, ["b", 4] as const, ["a", 6] as const]) {
			cache.set(key, { bytes });
		}
		assert.is(cache.dropped, 0);
		cache.set("c", { bytes: 4 });
		assert.equal(
			["a", "b", "c"].map((key) => cache.get(key)?.bytes),
			[6, undefined, 4],
		);
	});

	test("a function that calls itself while it is recorded is kept once", () => {
		let runs = 0;
		const [x, y] = [zeros([12e6]), zeros([12e6 + 1])];
		const f: Compiled<[Tensor], Tensor> = compile((v) => {
			if (++runs === 1) f(x);
			return v.sum();
		});
		// Each holds its argument, 96 MB: three of them would be more than there is room for.
		f.explain(x);
		assert.ok(f.explain(y).notes.every((note) => !note.includes("dropped")));
		assert.is(runs, 3);
	});

	test("a hundred small shapes in rotation are compiled once each", () => {
		let recorded = 0;
		const f = compile((x: Tensor) => {
			recorded++;
			return x.mul(2).add(1);
		});
		for (let round = 0; round < 2; round++) {
			for (let n = 1; n <= 100; n++)
				assert.is(
					f(ones([n]))
						.sum()
						.item(),
					3 * n,
				);
		}
		assert.is(recorded, 100);
		assert.ok(f.explain(ones([5])).notes.every((note) => !note.includes("dropped")));
	});

	test("large ones make room, and explain says so", () => {
		let recorded = 0;
		const f = compile((x: Tensor) => {
			recorded++;
			return x.sum();
		});
		// Each holds its argument, 96 MB.
		const args = [0, 1, 2].map((n) => zeros([12e6 + n]));
		for (const x of [...args, args[0]!]) f.explain(x);
		assert.is(recorded, 4);
		const note = f.explain(args[0]!).notes.at(-1);
		assert.match(note!, /^2 programs were dropped, since those of a function hold at most 256 MB/);
	});
});

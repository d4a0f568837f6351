import * as fc from "fast-check";
import * as assert from "uvu/assert";
import { vjp } from "../../lib/autodiff/transforms.ts";
import { vmap } from "../../lib/autodiff/vmap.ts";
import { draws } from "../../lib/check/arbitrary-draw.ts";
import { drawBatchOf, together } from "../../lib/check/batch-laws.ts";
import { nearIn, randomDirection } from "../../lib/check/derivatives.ts";
import { records } from "../../lib/check/records.ts";
import { compile } from "../../lib/compile/index.ts";
import { isFloat } from "../../lib/core/dtype.ts";
import { apply, random, stack, type Tensor, unstack } from "../../lib/index.ts";
import { near, same } from "../near.ts";
import { raw } from "../raw-op.ts";
import { LAW_RUNS } from "../runs.ts";
import { suite } from "../suite.ts";

suite("compile/vmap", (test) => {
	test("a compiled batch gives what it gives eagerly, for every op and its gradient", () => {
		const runs = Math.ceil(LAW_RUNS / 20);
		for (const op of records) {
			const property = fc.property(draws(), (draw) => {
				const sample = op.sample!(draw);
				const batch = drawBatchOf(op, sample, draw);
				const inputs = together(batch);
				const f = (...x: Tensor[]) => apply(op, x, sample.params);
				const batched = vmap(f, { in: batch.axes, out: batch.outAxis });
				const out = batched(...inputs);
				nearIn(op.name, "the compiled batch", compile(batched)(...inputs), out, 1e-12);
				const kept = inputs.filter(({ dtype }) => isFloat(dtype));
				if (op.differential === null || !isFloat(out.dtype) || kept.length === 0) return;
				const g = randomDirection(out, draw);
				const gradients = (x: readonly Tensor[], g: Tensor) =>
					vjp(
						(own: readonly Tensor[]) => {
							const next = own.values();
							return batched(...x.map((xi) => (isFloat(xi.dtype) ? next.next().value! : xi)));
						},
						x.filter(({ dtype }) => isFloat(dtype)),
					)[1](g);
				const compiled = compile(gradients)(inputs, g);
				for (const [i, expected] of gradients(inputs, g).entries()) {
					nearIn(op.name, `the compiled gradient ${i + 1}`, compiled[i]!, expected, 1e-11);
				}
			});
			fc.assert(property, { numRuns: runs });
		}
	});

	test("explain names an op that a batch applies one by one, and no other", () => {
		const x = random.normal(random.key(1), [5, 3]);
		const notes = compile(vmap((x: Tensor) => raw(raw(x)).exp())).explain(x).notes;
		assert.is(notes.filter((note) => note.startsWith("raw has no rule for a batch")).length, 1);
		assert.is(notes.filter((note) => note.includes("no rule")).length, 1);
	});

	test("a compiled function runs inside of a batch, and a batch of keys draws in a compiled one", () => {
		const x = random.normal(random.key(1), [5, 3]);
		same(vmap(compile((x: Tensor) => x.exp().sum()))(x), x.exp().sum(1));
		const keys = random.split(random.key(2), 5);
		const noisy = (x: Tensor, key: Tensor) => x.add(random.uniform(key, [3]));
		const alone = unstack(x).map((row, i) => noisy(row, keys[i]!));
		near(compile(vmap(noisy))(x, stack(keys)), stack(alone));
	});
});

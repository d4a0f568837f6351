import * as fc from "fast-check";
import * as assert from "uvu/assert";
import { compile } from "../../lib/compile/index.ts";
import { pad, random, type Tensor } from "../../lib/index.ts";
import { near } from "../near.ts";
import { sampled } from "../runs.ts";
import { suite } from "../suite.ts";

const x = random.normal(random.key(1), [3, 3]);

/**
 * What is made of two earlier values of one shape, without a jump: loops, normalizations, products,
 * and what is read in another order.
 */
const makers: readonly ((a: Tensor, b: Tensor) => Tensor)[] = [
	(a, b) => a.add(b),
	(a, b) => a.greater(b).where(a, b),
	(a) => a.tanh(),
	(a) => a.softmax(0),
	(a) => a.logSoftmax(1),
	(a, b) => a.matmul(b).tanh(),
	(a, b) => a.add(b.T),
	(a, b) => a.mul(b.sum(0)),
	(a) => pad(a, 1).slice([1, -1], [1, -1]),
	(a) => a.tril(-1),
];

suite("compile/fusion", (test) => {
	test("whatever reads whatever, each value that is read elsewhere is there", () => {
		const steps = fc.array(
			fc.tuple(fc.nat(makers.length - 1), fc.nat(2), fc.nat(2), fc.boolean()),
			{ minLength: 3, maxLength: 12 },
		);
		fc.assert(
			fc.property(steps, (chosen) => {
				const f = (first: Tensor) => {
					const values = [first];
					const results: Tensor[] = [];
					for (const [maker, i, j, isResult] of chosen) {
						const back = (n: number) => values[Math.max(0, values.length - 1 - n)]!;
						const made = makers[maker]!(back(i), back(j));
						values.push(made);
						if (isResult) results.push(made);
					}
					return [...results, values.at(-1)!];
				};
				const expected = f(x);
				for (const [i, y] of compile(f)(x).entries()) near(y, expected[i]!, 1e-11);
			}),
			{ numRuns: sampled(150) },
		);
	});

	test("what follows a normalization is stored only if it is the last; a value that is needed besides is computed before", () => {
		const f = (u: Tensor) => {
			const double = u.mul(2);
			return [double.add(u.softmax(0)), double];
		};
		const compiled = compile(f);
		for (const [i, y] of compiled(x).entries()) near(y, f(x)[i]!, 1e-14);
		assert.equal(
			compiled.explain(x).steps.map(({ runs, ops }) => `${runs}: ${ops.join(" ")}`),
			["reduction: softmax", "loop: mul add"],
		);
	});
});

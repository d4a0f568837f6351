import * as fc from "fast-check";
import * as assert from "uvu/assert";
import { numbersFrom, shuffled } from "../../lib/check/sampling.ts";
import { suite } from "../suite.ts";
import { judgedMutant, mutantsOf } from "./mutation/mutants.ts";
import { hasNumPy, python } from "./python.ts";
import { randomLoops } from "./random-loops.ts";

suite("derivation/random-loops", (test) => {
	test("what is printed of random loops is true, line by line", () => {
		fc.assert(
			fc.property(randomLoops(), ({ derivation }) => void derivation().verify({ forms: ["ts"] })),
			{ numRuns: 12 },
		);
		if (!hasNumPy()) return;
		fc.assert(
			fc.property(randomLoops(), ({ derivation }) => {
				derivation().verify({ forms: ["numpy"], python });
			}),
			{ numRuns: 2 },
		);
	});

	test("a changed line of random loops is named by its text", () => {
		let named = 0;
		const property = fc.property(randomLoops(), ({ derivation }) => {
			const derived = derivation();
			const all = mutantsOf("random", derived, "ts").filter(({ inLoop }) => inLoop !== null);
			for (const mutant of shuffled(all, numbersFrom(1)).slice(0, 2)) {
				const verdict = judgedMutant(mutant, derived);
				if (verdict === "missed") throw new Error(`missed: ${mutant.slip}`);
				if (verdict === "named") named++;
			}
		});
		fc.assert(property, { numRuns: 6 });
		assert.ok(named > 0);
	});
});

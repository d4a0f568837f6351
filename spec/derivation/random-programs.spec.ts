import * as fc from "fast-check";
import { suite } from "../suite.ts";
import { hasNumPy, python } from "./python.ts";
import { derivationOf, randomDerivations } from "./random-derivations.ts";

const isThere = hasNumPy();
if (!isThere)
	console.log("derivation/random-programs: no python3 with NumPy here, so NumPy is not run");

suite("derivation/random-programs", (test) => {
	test("what is printed of random functions is true, line by line, whatever names are drawn", () => {
		fc.assert(
			fc.property(randomDerivations(6), (random) => void derivationOf(random).verify()),
			{ numRuns: 30 },
		);
	});

	if (isThere) {
		test("so is what is printed of them in NumPy", () => {
			fc.assert(
				fc.property(randomDerivations(6), (random) => {
					derivationOf(random).verify({ forms: ["numpy"], python });
				}),
				{ numRuns: 3 },
			);
		});
	}
});

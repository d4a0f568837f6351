import { compositions } from "../reference/compositions.ts";
import { measured, UNITS } from "../reference/measure.ts";
import { POINTS } from "../runs.ts";
import { suite } from "../suite.ts";

suite("nn/accuracy", (test) => {
	for (const [name, { op, ...definition }] of Object.entries(compositions)) {
		test(`${name} and its first and second derivatives are within ${UNITS} units in the last place, in all of the range of float64 and float32`, () => {
			measured(op, definition, 2, POINTS);
		});
	}
});

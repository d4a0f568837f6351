import * as assert from "uvu/assert";
import { records } from "../../lib/check/records.ts";
import * as functions from "../../lib/functions.ts";
import type { Tensor } from "../../lib/index.ts";
import { definitions } from "../reference/elementwise.ts";
import { measured, UNITS } from "../reference/measure.ts";
import { specialDefinitions } from "../reference/special.ts";
import { POINTS } from "../runs.ts";
import { suite } from "../suite.ts";

/** What chooses, compares or rounds to whole numbers: nothing in it can lose digits. */
const EXACT = new Set(
	[
		"abs ceil clip equal floor greater greaterEqual isFinite isInf isNaN keepWhere less lessEqual",
		"logicalAnd logicalNot logicalOr logicalXor maskGreater maskGreaterEqual maximum minimum",
		"notEqual relu round sign where floorDivide trunc",
	].flatMap((names) => names.split(" ")),
);

/** The truth of special functions takes long: integrals and series of numbers of many digits. */
const FEW = 50;

type Ops = Record<string, (...args: readonly Tensor[]) => Tensor>;
const internal = functions.internal as unknown as Ops;
const ops: Ops = {
	...(functions as unknown as Ops),
	polygamma: (x: Tensor) => functions.polygamma(1, x),
};

suite("ops/accuracy", (test) => {
	test("every elementwise op that can lose digits is measured", () => {
		const elementwise = records.filter(({ traits }) => traits?.elementwise);
		const names = elementwise.map(({ name }) => name).filter((name) => !EXACT.has(name));
		assert.equal(names.toSorted(), Object.keys(definitions).toSorted());
	});

	for (const [name, definition] of Object.entries(definitions)) {
		// Internal ops are derivatives: their first ones are the second of those that users call.
		const [op, order] = name in internal ? [internal[name]!, 1] : [ops[name]!, 2];
		const what = order === 1 ? "its derivative" : "its first and second derivatives";
		test(`${name} and ${what} are within ${UNITS} units in the last place, in all of the range of float64 and float32`, () => {
			measured(op, definition, order, name in specialDefinitions ? Math.min(POINTS, FEW) : POINTS);
		});
	}
});

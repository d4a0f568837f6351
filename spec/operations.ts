import * as library from "../lib/scalar/library.ts";
import * as primitives from "../lib/scalar/primitives.ts";
import { constant, type Term } from "../lib/scalar/scalar.ts";
import { type Operation, operationOf } from "../lib/schedule/operations.ts";

/** How many of the first operands of a primitive are truth. */
const TRUTHS: Readonly<Record<string, number>> = { and: 2, or: 2, xor: 2, not: 1, select: 1 };

const parts = { ...primitives, ...library };

/** All primitives and functions by name: `operations.add("float64", x, y)`. */
export const operations = Object.fromEntries(
	Object.entries(parts).map(([name, make]) => {
		const truths = TRUTHS[name] ?? 0;
		const args = [0, 1, 2].map((i) => (i < truths ? primitives.equal(0, 0) : constant(0)));
		return [name, operationOf((make as (...args: Term[]) => Term)(...args))];
	}),
) as Readonly<Record<keyof typeof parts, Operation>>;

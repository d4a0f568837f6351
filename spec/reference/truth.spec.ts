import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { suite } from "../suite.ts";
import { approximate } from "./big-float.ts";
import { definitions } from "./elementwise.ts";
import { PARTS, truth } from "./truth.ts";

/** By mpmath, in 1,000 digits: `mpmath-values.py` says how. */
const rows = readFileSync(join(import.meta.dirname, "mpmath.csv"), "utf8")
	.trim()
	.split("\n")
	.map((line) => {
		const [name, ...texts] = line.split(",");
		return {
			name: name!,
			numbers: texts.map((text) => Number(text.replace("inf", "Infinity"))),
		};
	});

suite("reference/truth", (test) => {
	test("what accuracy is measured by agrees with mpmath to the last digit, however large or small the argument", () => {
		for (const { name, numbers } of rows) {
			const definition = definitions[name]!;
			const at = numbers.slice(0, definition.arity);
			const { jet } = truth(definition, at);
			for (const [i, part] of PARTS[definition.arity].slice(1).entries()) {
				const [got, expected] = [approximate(jet[part]), numbers[definition.arity + i]!];
				// One of both is cut and not rounded.
				const near = Math.abs(got - expected) <= 2 ** -52 * Math.abs(expected) + Number.MIN_VALUE;
				if (got !== expected && !near) {
					assert.unreachable(`${part} of ${name} at (${at}): ${got}, not ${expected}`);
				}
			}
		}
	});
});

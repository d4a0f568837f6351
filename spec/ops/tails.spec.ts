import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as assert from "uvu/assert";
import { compile } from "../../lib/compile/index.ts";
import * as functions from "../../lib/functions.ts";
import { grad, jvp, onesLike, type Tensor, tensor } from "../../lib/index.ts";
import { suite } from "../suite.ts";

type Derivative = (args: readonly Tensor[]) => Tensor;
type Ops = Record<string, (...args: readonly Tensor[]) => Tensor>;

/** By mpmath, in 1,000 digits: `tails.py` says how. */
const rows = readFileSync(join(import.meta.dirname, "tails.csv"), "utf8")
	.trim()
	.split("\n")
	.map((line) => {
		const [name, ...numbers] = line.split(",");
		const values = numbers.map((text) => Number(text.replace("inf", "Infinity")));
		const arity = numbers.length === 3 ? 1 : 2;
		return { name: name!, at: values.slice(0, arity), expected: values.slice(arity) };
	});

/**
 * Which derivative stands in which column, behind the first ones: by the first and then by the
 * second of these.
 */
const SECOND = {
	1: [[0, 0, 1]],
	2: [
		[0, 0, 2],
		[0, 1, 3],
		[1, 0, 3],
		[1, 1, 4],
	],
} as Record<number, [number, number, number][]>;

/**
 * How large the terms are whose difference a second derivative is, where that cancels: x² − y² over
 * r⁴, and 1/r less x²/r³. Their rounding is what can be asked of it.
 */
const terms: Record<string, (x: number, y: number, column: number) => number> = {
	atan2: (y, x, column) => (column === 3 ? 1 / Math.hypot(x, y) / Math.hypot(x, y) : 0),
	hypot: (x, y, column) => (column === 2 || column === 4 ? 1 / Math.hypot(x, y) : 0),
};

const replaced = (args: readonly Tensor[], i: number, x: Tensor) => args.with(i, x);
const reverse =
	(f: Derivative, i: number): Derivative =>
	(args) =>
		grad((x: Tensor) => f(replaced(args, i, x)).sum())(args[i]!);
const forward =
	(f: Derivative, i: number): Derivative =>
	(args) =>
		jvp((x: Tensor) => f(replaced(args, i, x)), args[i]!, onesLike(args[i]!))[1];
const modes = { reverse, forward };

suite("ops/tails", (test) => {
	for (const name of new Set(rows.map((row) => row.name))) {
		const own = rows.filter((row) => row.name === name);
		const arity = own[0]!.at.length;
		const args = Array.from({ length: arity }, (_, i) => tensor(own.map(({ at }) => at[i]!)));
		const f: Derivative = (xs) => (functions as unknown as Ops)[name]!(...xs);

		const check = (derivative: Derivative, column: number, what: string) => {
			const compiled = compile((...xs: Tensor[]) => derivative(xs));
			for (const [how, got] of [
				["eager", derivative(args)],
				["compiled", compiled(...args)],
			] as const) {
				for (const [i, { at, expected }] of own.entries()) {
					const [value, truth] = [got.data[i]!, expected[column]!];
					if (value === truth) continue;
					const [x, y = 0] = at;
					const size = Math.abs(truth) + (terms[name]?.(x!, y, column) ?? 0);
					// Two of the terms are infinite, and so there is no difference.
					if (size === Infinity && Number.isFinite(truth)) continue;
					// A subnormal number has fewer digits.
					const allowed = 1e-13 * size + 4 * Number.MIN_VALUE;
					if (Math.abs(value - truth) <= allowed) continue;
					assert.unreachable(`${what} of ${name} at (${at}), ${how}: ${value}, not ${truth}`);
				}
			}
		};

		test(`the first derivative of ${name} is right to 13 digits, however large or small the argument`, () => {
			for (const [mode, by] of Object.entries(modes)) {
				for (let i = 0; i < arity; i++) check(by(f, i), i, `${mode} mode by argument ${i + 1}`);
			}
		});

		test(`and so is the second derivative of ${name}`, () => {
			for (const [outer, by] of Object.entries(modes)) {
				for (const [inner, within] of Object.entries(modes)) {
					for (const [i, j, column] of SECOND[arity]!) {
						check(by(within(f, i), j), column, `${outer} over ${inner} mode by ${i + 1}, ${j + 1}`);
					}
				}
			}
		});
	}
});

import * as fc from "fast-check";
import * as assert from "uvu/assert";
import { draws } from "../../lib/check/arbitrary-draw.ts";
import { records } from "../../lib/check/records.ts";
import { drawFrom, numbersFrom } from "../../lib/check/sampling.ts";
import { DerivationError } from "../../lib/core/error.ts";
import type { Op } from "../../lib/core/op.ts";
import type { Data } from "../../lib/core/params.ts";
import { elements } from "../../lib/core/strided.ts";
import type { Application, LineExpression } from "../../lib/derivation/draft/model.ts";
import { LoopWriter } from "../../lib/derivation/printers/loops.ts";
import { typescriptText } from "../../lib/derivation/printers/typescript.ts";
import * as adjoint from "../../lib/index.ts";
import { latexOf } from "../../lib/notation/forms.ts";
import type { Input } from "../../lib/program/program.ts";
import { instructionOf } from "../../lib/program/program.ts";
import { near, refuses, same } from "../near.ts";
import { sampled } from "../runs.ts";
import { suite } from "../suite.ts";

const NAMES = ["x", "y", "z"];
const SPECIAL = [
	...[0, -0, 1, -1, 2, -2, 0.5, -0.5, 1000, -1000],
	...[Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN],
];

/** What is computed by as many steps as an element needs: plain loops would be pages of them. */
const WITHOUT_LOOPS = new Set(["betainc", "gammainc", "gammaincSlope", "gammaincc"]);

/** Checks something of an op on random arguments; each has a name. */
function forSamples(
	op: Op,
	check: (inputs: readonly adjoint.Tensor[], params: Data, names: string[]) => void,
): void {
	fc.assert(
		fc.property(draws(), (draw) => {
			const { inputs, params } = op.sample!(draw);
			check(inputs, params, NAMES.slice(0, inputs.length));
		}),
		{ numRuns: sampled(25) },
	);
}

/** Runs the body of a function of named values. */
function run(body: string, values: Record<string, unknown>): unknown {
	return new Function(...Object.keys(values), `"use strict";\n${body}`)(...Object.values(values));
}

/** The op applied to arguments by their names. */
function applied(op: Op, inputs: readonly adjoint.Tensor[], params: Data): Application {
	const values = inputs.map(
		({ shape, dtype }): Input => ({ kind: "input", type: { shape, dtype } }),
	);
	const args = values.map((value, i): LineExpression => ({ kind: "name", name: NAMES[i]!, value }));
	return { kind: "application", op, args, params, value: instructionOf(op, values, params) };
}

/** The loops that compute `out` as the op of named typed arrays. */
function loopsOf(op: Op, inputs: readonly adjoint.Tensor[], params: Data): string[] {
	const writer = new LoopWriter([...NAMES, "out"]);
	writer.assign("out", applied(op, inputs, params));
	return [...writer.definitions().flat(), ...writer.lines];
}

suite("ops/forms", (test) => {
	for (const op of records) {
		test(`${op.name}: the call that it prints gives the same value`, () => {
			forSamples(op, (inputs, params, names) => {
				const text = typescriptText(applied(op, inputs, params));
				const named = Object.fromEntries(names.map((name, i) => [name, inputs[i]!]));
				const value = run(`return ${text};`, {
					...adjoint,
					...adjoint.internal,
					...named,
				}) as adjoint.Tensor;
				const expected = adjoint.apply(op, inputs, params);
				assert.is(value.dtype, expected.dtype);
				same(value, expected);
			});
		});

		test(`${op.name}: the plain loops that it prints give the same value`, () => {
			forSamples(op, (inputs, params, names) => {
				if (WITHOUT_LOOPS.has(op.name)) {
					if (inputs.some(({ size }) => size === 0)) return;
					refuses(() => loopsOf(op, inputs, params), DerivationError, "no form as plain loops");
					return;
				}
				const given = inputs.map((x) => (x.rank === 0 ? x.item() : elements(x)));
				const named = Object.fromEntries(names.map((name, i) => [name, given[i]]));
				const lines = loopsOf(op, inputs, params);
				const value = run(`${lines.join("\n")}\nreturn out;`, named);
				const expected = adjoint.apply(op, inputs, params);
				const list = typeof value === "number" ? [value] : [...(value as Float64Array)];
				near(list, [...elements(expected)]);
			});
		});

		if (op.formula !== undefined) {
			test(`${op.name}: the plain loops that it prints give the same bits beside 0, ±∞ and NaN`, () => {
				const { inputs: like, params } = op.sample!(drawFrom(numbersFrom(0)));
				const points = like.reduce<number[][]>(
					(all) => all.flatMap((point) => SPECIAL.map((value) => [...point, value])),
					[[]],
				);
				const given = like.map(({ dtype }, i) =>
					dtype === "bool"
						? adjoint.tensor(points.map((point) => point[i] !== 0))
						: adjoint.tensor(points.map((point) => point[i]!)),
				);
				const named = Object.fromEntries(given.map((x, i) => [NAMES[i], elements(x)]));
				const value = run(`${loopsOf(op, given, params).join("\n")}\nreturn out;`, named);
				const expected = elements(adjoint.apply(op, given, params));
				for (const [i, actual] of (value as Float64Array).entries()) {
					assert.ok(Object.is(actual, Number(expected[i])), `${points[i]}: ${actual}`);
				}
			});
		}

		test(`${op.name}: its LaTeX names each argument and closes what it opens`, () => {
			forSamples(op, (_, params, names) => {
				const text = latexOf(op, names, params);
				for (const name of names) assert.ok(text.includes(name), text);
				assert.ok(isBalanced(text), text);
			});
		});
	}

	test("an op of a user's that states no loops is refused with the ways out", () => {
		const { loops: _, ...record } = adjoint.inverse.op;
		refuses(
			() => loopsOf({ ...record, name: "mine" }, [adjoint.eye(2)], null),
			DerivationError,
			'mine: it has no form as plain loops; state `loops` in its record, or ask for the program against adjoint, print("ts")',
		);
	});

	test("the plain loops are those that a person would write", () => {
		const x = adjoint.zeros([2, 3]);
		const w = adjoint.zeros([3, 4]);
		assert.is(
			loopsOf(adjoint.dot.op, [x, w], null).join("\n"),
			[
				"const out = new Float64Array(8);",
				"for (let i = 0; i < 2; i++) {",
				"  for (let j = 0; j < 4; j++) {",
				"    let total = 0;",
				"    for (let k = 0; k < 3; k++) total += x[i * 3 + k] * y[k * 4 + j];",
				"    out[i * 4 + j] = total;",
				"  }",
				"}",
			].join("\n"),
		);
	});
});

/** Whether braces, brackets and \left and \right come in pairs. */
function isBalanced(text: string): boolean {
	const open: string[] = [];
	const pairs: Record<string, string> = {
		"}": "{",
		")": "(",
		"]": "[",
		"\\rvert": "\\lvert",
		"\\rVert": "\\lVert",
		"\\rfloor": "\\lfloor",
		"\\rceil": "\\lceil",
	};
	for (const [token] of text.matchAll(/\\[a-zA-Z]+|[{}()[\]]/g)) {
		if (Object.values(pairs).includes(token)) open.push(token);
		else if (pairs[token] !== undefined && open.pop() !== pairs[token]) return false;
	}
	return open.length === 0;
}

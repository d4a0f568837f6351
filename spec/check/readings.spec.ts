import * as assert from "uvu/assert";
import { checkOp } from "../../lib/check/check-op.ts";
import { LawError } from "../../lib/check/law.ts";
import { records } from "../../lib/check/records.ts";
import { compile } from "../../lib/compile/index.ts";
import type { Data } from "../../lib/core/params.ts";
import { elements } from "../../lib/core/strided.ts";
import type { Application } from "../../lib/derivation/draft/model.ts";
import { LoopWriter } from "../../lib/derivation/printers/loops.ts";
import {
	apply,
	cumsum,
	type DType,
	linearRecurrence,
	max,
	mean,
	type Op,
	prod,
	softmax,
	type Tensor,
	tensor,
} from "../../lib/index.ts";
import { maskFirst } from "../../lib/ops/mask-first.ts";
import { refuses } from "../near.ts";
import { logMeanExp, standardized } from "../own-slices.ts";
import { suite } from "../suite.ts";

const ops = [...records, logMeanExp.op, standardized.op].filter(
	(op) => op.slices !== undefined || op.scan !== undefined,
);

/** Lines of four with one or two special numbers at different places, and of nothing else. */
function lines(dtype: DType): number[][] {
	const [huge, subnormal] = dtype === "float32" ? [1e30, 1e-40] : [1e200, 5e-324];
	const special = [0, -0, 1, -1, 20, -20, Infinity, -Infinity, NaN, subnormal, huge, -huge];
	return special.flatMap((a, i) => [
		[a, a, a, a],
		[0.5, a, -1.25, 2],
		// Where two huge numbers cancel, what is left is a matter of the order of the sum.
		...special
			.filter((b) => Math.abs(b) !== huge || b !== -a)
			.map((b, k) => ((i + k) % 2 === 0 ? [b, -0.5, 1.5, a] : [a, b, 0.25, 3])),
	]);
}

/** Two readings of an op are of one class everywhere, and near each other. */
function agree(
	what: string,
	actual: ArrayLike<number>,
	expected: ArrayLike<number>,
	bound: number,
) {
	assert.is(actual.length, expected.length, what);
	for (let i = 0; i < expected.length; i++) {
		const [a, e] = [Number(actual[i]), Number(expected[i])];
		if (Object.is(a, e) || a === e) continue;
		// Not so for infinities and NaN.
		if (Math.abs(a - e) <= bound * Math.max(Math.abs(e), 1e-3)) continue;
		assert.unreachable(`${what}, element ${i}: expected ${e}, got ${a}`);
	}
}

/** Arguments of an op along an axis of x. */
function argumentsOf(op: Op, x: Tensor, axis: number): { inputs: Tensor[]; params: Data } {
	if (op === maskFirst.op) return { inputs: [x, max(x, axis, { keepDims: true })], params: null };
	if (op.scan === undefined) {
		return { inputs: [x], params: { axes: [axis], keepDims: false, all: false, ddof: 1 } };
	}
	const params = { axis, reverse: axis === 0, exclusive: axis === 0 };
	return { inputs: op === linearRecurrence.op ? [x, x.flip(axis)] : [x], params };
}

/** What the printed loops of an op give. */
function runLoops(op: Op, inputs: readonly Tensor[], params: Data): ArrayLike<number> {
	const names = inputs.map((_, i) => `x${i}`);
	const writer = new LoopWriter(names);
	const type = op.infer(inputs, params);
	const args = inputs.map(({ shape, dtype }, i) => ({
		kind: "name" as const,
		name: names[i]!,
		value: { kind: "input" as const, type: { shape, dtype } },
	}));
	const value = { kind: "instruction", op, inputs: args.map((arg) => arg.value), params, type };
	const expression = { kind: "application", op, args, params, value } as unknown as Application;
	writer.assign("out", expression);
	const source = [...writer.definitions().flat(), ...writer.lines, "return out;"].join("\n");
	return new Function(...names, source)(...inputs.map((x) => elements(x)));
}

function plainProducts(rows: readonly (readonly number[])[]): number[] {
	return rows.map((row) => row.reduce((product, x) => product * x, 1));
}

suite("check/readings", (test) => {
	for (const op of ops) {
		test(`${op.name}: eager, compiled and printed agree at the edges of numbers`, () => {
			for (const dtype of ["float64", "float32"] as const) {
				for (const axis of [0, 1]) {
					const rows = tensor(lines(dtype), { dtype });
					const { inputs, params } = argumentsOf(op, axis === 1 ? rows : rows.T, axis);
					const eager = elements(apply(op, inputs, params));
					const compiled = compile((...x: Tensor[]) => apply(op, x, params));
					// The order of a sum, and functions to 2 ulp; in float32 each step is rounded.
					const bound = dtype === "float64" ? 1e-14 : 2e-6;
					const { data } = compiled(...inputs);
					agree(`${op.name} compiled, ${dtype}, axis ${axis}`, data as Float64Array, eager, bound);
					assert.is(compiled.explain(...inputs).steps.at(-1)!.runs !== "evaluation", true);
					if (dtype === "float32") continue;
					// A printed product is a plain one: it may leave the range of numbers on the way.
					const expected = op === prod.op ? plainProducts(lines(dtype)) : eager;
					agree(`${op.name} printed, axis ${axis}`, runLoops(op, inputs, params), expected, 1e-14);
				}
			}
		});
	}

	test("a loop that does not give what the formula says breaks the law", () => {
		const law = "its loop gives what its formula says";
		for (const [op, other] of [
			[mean.op, logMeanExp.op],
			[softmax.op, standardized.op],
		] as const) {
			const wrong: Op = { ...op, evaluate: other.evaluate };
			refuses(() => checkOp(wrong, { laws: [law], seed: 1 }), LawError, "its formula says");
		}
		const wrong: Op = { ...cumsum.op, scan: { ...cumsum.op.scan!, start: 1 } };
		refuses(() => checkOp(wrong, { laws: [law], seed: 1 }), LawError, "its formula says");
	});
});

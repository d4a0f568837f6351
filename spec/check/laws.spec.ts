import * as fc from "fast-check";
import * as assert from "uvu/assert";
import { draws } from "../../lib/check/drawn.ts";
import { differentiateAtZero } from "../../lib/check/finite-difference.ts";
import {
	checkDifferential,
	checkFloat32,
	checkShapeRule,
	checkViews,
} from "../../lib/check/laws.ts";
import {
	type Draw,
	elementwise,
	LinearMap,
	mul,
	type Op,
	sub,
	Tensor,
	type Unary,
} from "../../lib/index.ts";
import { elements } from "../../lib/strided.ts";
import { suite } from "../suite.ts";

/** Asserts that the law rejects the op with a message that contains `text`. */
function rejects(law: (op: Op, draw: Draw) => void, op: Op, text: string): void {
	const result = fc.check(fc.property(draws(), (draw) => law(op, draw)));
	assert.ok(result.failed, `${op.name} passes`);
	assert.match(String((result.errorInstance as Error).message), text);
}

const cube: Unary<"cube"> = elementwise(1, {
	name: "cube",
	evaluate: (x) => x ** 3,
	partials: [(x) => mul(3, mul(x, x))],
	print: (x) => `${x} ** 3`,
});

suite("check/laws", (test) => {
	test("a right op passes every law", () => {
		for (const law of [checkShapeRule, checkDifferential, checkViews, checkFloat32]) {
			fc.assert(fc.property(draws(), (draw) => law(cube.op, draw)));
		}
	});

	test("a wrong factor in a partial is rejected", () => {
		const wrong = { ...cube.op, name: "wrong" };
		wrong.differential = (_i: number, [x]: readonly Tensor[]) =>
			new LinearMap("scale", (dx) => dx.scale(mul(x!, x!).mul(3.0001)));
		rejects(checkDifferential, wrong, "by differences");
	});

	test("a partial that is right only as a value is rejected at second order", () => {
		const wrong = { ...cube.op, name: "wrong" };
		wrong.differential = (_i: number, [x]: readonly Tensor[]) => {
			const frozen = new Tensor(elements(x!).slice(), x!.dtype, x!.shape);
			return new LinearMap("scale", (dx) => dx.scale(mul(3, mul(frozen, frozen))));
		};
		rejects(checkDifferential, wrong, "wrong, ");
	});

	test("a map whose transpose is not its transpose is rejected", () => {
		const wrong = { ...cube.op, name: "wrong" };
		wrong.differential = (_i: number, [x]: readonly Tensor[]) => {
			const partial = mul(3, mul(x!, x!));
			return new LinearMap(
				"lopsided",
				(dx) => dx.scale(partial),
				() => new LinearMap("wrong", (g) => g.scale(partial.neg())),
			);
		};
		rejects(checkDifferential, wrong, "reverse mode");
	});

	test("an op that claims to be constant and is not is rejected", () => {
		rejects(
			checkDifferential,
			{ ...cube.op, name: "wrong", differential: null },
			"the derivative is 0",
		);
	});

	test("a shape or dtype rule that the value does not follow is rejected", () => {
		const shape = { ...cube.op, infer: () => ({ shape: [7], dtype: "float64" as const }) };
		shape.evaluate = ([x]: readonly Tensor[]) => x!;
		rejects(checkShapeRule, shape, "the rule says float64 (7)");
		const dtype = {
			...cube.op,
			evaluate: ([x]: readonly Tensor[]) => sub(x!, 0).astype("float32"),
		};
		rejects(checkShapeRule, dtype, "the value is float32");
	});

	test("an op that ignores strides is rejected", () => {
		const wrong = {
			...cube.op,
			evaluate: ([x]: readonly Tensor[]) =>
				new Tensor(x!.storage.slice(0, x!.size), x!.dtype, x!.shape),
		};
		rejects(checkViews, wrong, "a view and a copy");
	});

	test("an op that widens float32 is rejected", () => {
		const wrong = {
			...cube.op,
			evaluate: ([x]: readonly Tensor[]) => x!.astype("float64"),
		};
		rejects(checkFloat32, wrong, "float32 arguments give float64");
	});

	test("the differences of smooth functions are good to 1e−11, and their error is estimated", () => {
		const functions: [(t: number) => number, number][] = [
			[(t) => Math.exp(t), 1],
			[(t) => Math.sin(3 * t + 1), 3 * Math.cos(1)],
			[(t) => 1 / (2 + t), -0.25],
			[(t) => (t + 1) ** 7, 7],
		];
		for (const [phi, expected] of functions) {
			const { value, error } = differentiateAtZero(phi);
			assert.ok(Math.abs(value - expected) < 1e-11, `${value} is not ${expected}`);
			assert.ok(Math.abs(value - expected) <= 10 * error + 1e-13);
		}
	});
});

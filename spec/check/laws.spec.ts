import * as fc from "fast-check";
import * as assert from "uvu/assert";
import { draws } from "../../lib/check/arbitrary-draw.ts";
import { checkOp } from "../../lib/check/check-op.ts";
import { checkConventions, checkDifferential, checkMaps } from "../../lib/check/derivative-laws.ts";
import { differentiateAtZero } from "../../lib/check/differences/finite-difference.ts";
import { LawError } from "../../lib/check/law.ts";
import {
	checkEmpty,
	checkFloat32,
	checkIntegers,
	checkNaN,
	checkPrint,
	checkPurity,
	checkShapeRule,
	checkViews,
} from "../../lib/check/laws.ts";
import { checkReadings } from "../../lib/check/readings.ts";
import { isFloat } from "../../lib/core/dtype.ts";
import { linearMap } from "../../lib/core/linear-map.ts";
import { elements } from "../../lib/core/strided.ts";
import {
	abs,
	astype,
	type Draw,
	elementwise,
	equal,
	LinearMap,
	mul,
	type Op,
	sign,
	sub,
	Tensor,
	type Unary,
	where,
} from "../../lib/index.ts";
import { scale } from "../../lib/ops/masks.ts";
import * as s from "../../lib/scalar/index.ts";
import { another } from "../another.ts";
import { refuses } from "../near.ts";
import { suite } from "../suite.ts";

/** Asserts that the law rejects the op with a message that contains `text`. */
function rejects(law: (op: Op, draw: Draw) => void, op: Op, text: string): void {
	const result = fc.check(fc.property(draws(), (draw) => law(op, draw)));
	assert.ok(result.failed, `${op.name} passes`);
	assert.match(String((result.errorInstance as Error).message), text);
}

function messageOf(f: () => unknown): string {
	try {
		f();
	} catch (error) {
		return (error as Error).message;
	}
	return "no error";
}

const cube: Unary<"cube"> = elementwise(1, {
	name: "cube",
	formula: (x) => s.mul(x, s.mul(x, x)),
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
			new LinearMap("scale", (dx) => scale(dx, mul(x!, x!).mul(3.0001)));
		rejects(checkDifferential, wrong, "by differences");
	});

	test("a partial that is right only as a value is rejected at second order", () => {
		const wrong = { ...cube.op, name: "wrong" };
		wrong.differential = (_i: number, [x]: readonly Tensor[]) => {
			const frozen = new Tensor(elements(x!).slice(), x!.dtype, x!.shape);
			return new LinearMap("scale", (dx) => scale(dx, mul(3, mul(frozen, frozen))));
		};
		rejects(checkDifferential, wrong, "wrong, ");
	});

	test("a map whose transpose is not its transpose is rejected", () => {
		const wrong = { ...cube.op, name: "wrong" };
		wrong.differential = (_i: number, [x]: readonly Tensor[]) => {
			const partial = mul(3, mul(x!, x!));
			return new LinearMap(
				"lopsided",
				(dx) => scale(dx, partial),
				() => new LinearMap("wrong", (g) => scale(g, partial.neg())),
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
				new Tensor(x!.array.slice(0, x!.size), x!.dtype, x!.shape),
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

	const scaling = (x: Tensor) => mul(3, mul(x, x));

	test("a map that is not linear, or gives another shape or dtype, is rejected", () => {
		const maps: [(dx: Tensor, x: Tensor) => Tensor, string][] = [
			[(dx, x) => scale(dx, scaling(x)).add(dx.square().mul(1e-6)), "not linear"],
			[(dx, x) => scale(dx, scaling(x)).expandDims(0), "expected to give float64"],
			[(dx, x) => scale(dx, scaling(x)).astype("float32"), "gives float32"],
		];
		for (const [apply, text] of maps) {
			const wrong = { ...cube.op, name: "wrong" };
			wrong.differential = (_i: number, [x]: readonly Tensor[]) =>
				new LinearMap("wrong", (dx) => apply(dx, x!));
			rejects(checkMaps, wrong, text);
		}
	});

	test("a map that is not the transpose of its transpose is rejected", () => {
		const wrong = { ...cube.op, name: "wrong" };
		wrong.differential = (_i: number, [x]: readonly Tensor[]) => {
			const map = new LinearMap("scale", (dx) => scale(dx, scaling(x!)));
			const back = new LinearMap("back", map.apply, () => new LinearMap("2", (dx) => dx.mul(2)));
			return new LinearMap("there", map.apply, () => back);
		};
		rejects(checkMaps, wrong, "transposed twice");
	});

	const fold = (partial: number, convention: number): Unary<"fold"> =>
		elementwise(1, {
			name: "fold",
			formula: (x) => s.abs(x),
			partials: [(x) => where(equal(x, 0), partial, sign(x))],
			domain: [{ avoid: [0] }],
			conventions: [{ at: [0], partials: [convention] }],
			print: (x) => `abs(${x})`,
		});

	test("a gradient at a kink is rejected when it is not the convention, or not between both sides", () => {
		for (const kept of [-1, 0, 0.5, 1]) checkOp(fold(kept, kept), { runs: 20 });
		rejects(checkConventions, fold(1, 0).op, "the gradient of argument 1 is");
		rejects(checkConventions, fold(1.5, 1.5).op, "not between -1 and 1");
	});

	test("a convention is looked at element by element, and as a map with its transpose", () => {
		const conventions = astype.op.conventions!.slice(0, 1);
		const by = (map: LinearMap) => ({ ...astype.op, conventions, differential: () => map });
		const rolled = linearMap(
			"rolled",
			(dx) => dx.astype("float32").roll(1),
			(g) => g.astype("float64").roll(-1),
		);
		rejects(checkConventions, by(rolled), "the derivative 0 is not between 1 and 1");
		const wide = new LinearMap("wide", (dx) => dx.astype("float64"));
		rejects(checkConventions, by(wide), "the tangent is float64, expected float32");
		const lopsided = linearMap("lopsided", (dx) => dx.astype("float32"), rolled.transpose.apply);
		rejects(checkConventions, by(lopsided), "⟨g, A·dx⟩ is");
	});

	test("an op that hides a NaN is rejected", () => {
		const wrong = {
			...cube.op,
			evaluate: ([x]: readonly Tensor[]) => where(x!.isNaN(), 0, mul(x!, mul(x!, x!))),
		};
		rejects(checkNaN, wrong, "with a NaN there it is 0");
	});

	test("an op whose loop is not its formula is rejected", () => {
		const wrong = { ...cube.op, formula: abs.op.formula! };
		rejects(checkReadings, wrong, "at (-0) its loop gives -0, and its formula 0");
	});

	test("an op that stumbles over no elements is rejected", () => {
		const wrong = {
			...cube.op,
			infer: ([x]: readonly Tensor[]) => ({ shape: x!.shape, dtype: x!.max().dtype }),
		};
		rejects(checkEmpty, wrong, "max: expected at least one element");
	});

	test("an op that changes its argument, or remembers, is rejected", () => {
		const changing = {
			...cube.op,
			evaluate: ([x]: readonly Tensor[]) => {
				const out = mul(x!, mul(x!, x!));
				if (x!.size > 0) x!.array[x!.offset] = 7;
				return out;
			},
		};
		rejects(checkPurity, changing, "argument 1 was changed");
		let runs = 0;
		const counting = { ...cube.op, evaluate: ([x]: readonly Tensor[]) => x!.add(runs++) };
		rejects(checkPurity, counting, "the same arguments give different values");
	});

	test("an op whose gradient is another at each call is rejected, however close", () => {
		const drawn = elementwise(1, {
			name: "drawn",
			formula: (x) => s.exp(s.neg(x)),
			partials: [(_, out) => mul(out, -1 - 1e-14 * another())],
			print: (x) => `np.exp(-${x})`,
		});
		rejects(checkPurity, drawn.op, "give different gradients of argument 1");
	});

	test("integers that come out as other numbers are rejected, and a print that leaves an argument out", () => {
		const wrong = {
			...cube.op,
			evaluate: ([x]: readonly Tensor[]) => (isFloat(x!.dtype) ? mul(x!, mul(x!, x!)) : x!.mul(1)),
		};
		rejects(checkIntegers, wrong, "the value for int32");
		rejects(checkPrint, { ...cube.op, print: () => "cube()" }, "does not show the argument x1");
	});

	test("checkOp names the law, the simplest arguments and how to replay, which gives the same again", () => {
		const wrong = { ...cube.op, name: "wrong", differential: null };
		const first = messageOf(() => checkOp(wrong, { seed: 3 }));
		assert.match(first, /^wrong breaks the law "forward mode, reverse mode and differences/);
		assert.match(first, /in x1 \*\* 3 with\n {2}x1 = float64 \(\) 1\./);
		const [, options] = /checkOp\(wrong, (.*)\)\)$/.exec(first)!;
		const again = messageOf(() => checkOp(wrong, JSON.parse(options!)));
		const upToCounts = (message: string) => message.split("(try")[0];
		assert.is(upToCounts(again), upToCounts(first));
	});

	test("whatever the seed, a counterexample shrinks to a scalar", () => {
		const wrong = { ...cube.op, name: "wrong", differential: null };
		for (const seed of [1, 2, 4]) {
			assert.match(
				messageOf(() => checkOp(wrong, { seed })),
				"x1 = float64 () 1.\n",
			);
		}
	});

	test("checkOp refuses a record without samples, and a law that there is not", () => {
		const { sample: _, ...bare } = cube.op;
		refuses(() => checkOp(bare), LawError, "a record with `sample`");
		refuses(() => checkOp(cube, { laws: ["order"] }), LawError, 'there is no law "order"');
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

import * as assert from "uvu/assert";
import { assertGradients } from "../../lib/check/verdicts/check-gradients.ts";
import { compile } from "../../lib/compile/index.ts";
import { sizeOf } from "../../lib/core/shape.ts";
import { apply, grad, hvp, jvp, random, type Tensor } from "../../lib/index.ts";
import { interpret } from "../../lib/program/interpret.ts";
import { trace } from "../../lib/program/trace.ts";
import { linear } from "../../lib/structure/linear.ts";
import { near, same } from "../near.ts";
import { suite } from "../suite.ts";
import { elementsWritten, over, walks } from "./walks.ts";

const normal = (seed: number, shape: number[]) => random.normal(random.key(seed), shape);

const programOf = (f: (x: Tensor) => Tensor, x: Tensor) => trace([x], ([t]) => [f(t!)]).program;

/** How many instructions a program has, and how many elements those write that are no views. */
function costOf(f: (x: Tensor) => Tensor, x: Tensor) {
	const { instructions } = programOf(f, x);
	const written = instructions.filter(({ op }) => op.lowering !== "view");
	return {
		elements: written.reduce((sum, { type }) => sum + sizeOf(type.shape), 0),
		instructions: instructions.length,
	};
}

suite("autodiff/walks", (test) => {
	for (const [name, f] of Object.entries(walks)) {
		const along = normal(2, [60, 4]);
		const twice = (x: Tensor) => hvp(f, x, along.slice([0, x.shape[0]!]));

		test(`${name}: the gradient of a walk costs a constant times the walk`, () => {
			const [short, long] = [20, 60].map((time) => {
				const x = normal(1, [time, 4]);
				return {
					value: elementsWritten(() => f(x)),
					gradient: elementsWritten(() => grad(f)(x)),
					product: elementsWritten(() => twice(x)),
				};
			});
			assert.ok(long!.gradient <= 5 * long!.value, JSON.stringify(long));
			assert.ok(long!.gradient <= 3.1 * short!.gradient, JSON.stringify([short, long]));
			assert.ok(long!.product <= 3.2 * short!.product, JSON.stringify([short, long]));
		});

		test(`${name}: so does the program of it`, () => {
			const [short, long] = [20, 80].map((time) => costOf(grad(f), normal(1, [time, 4])));
			assert.ok(long!.elements <= 4.1 * short!.elements, JSON.stringify([short, long]));
			assert.ok(long!.instructions <= 4.3 * short!.instructions, JSON.stringify([short, long]));
		});

		test(`${name}: traced and eagerly it is the same, in both modes and to third order`, () => {
			const [x, v] = [normal(3, [10, 4]), normal(4, [10, 4])];
			same(interpret(programOf(grad(f), x), [x])[0]!, grad(f)(x));
			const forward = (g: (x: Tensor) => Tensor) => (y: Tensor) => jvp(g, y, v)[1];
			const back = (g: (x: Tensor) => Tensor) => (y: Tensor) => grad(g)(y).mul(v).sum();
			near(back(f)(x), forward(f)(x), 1e-11);
			near(back(forward(back(f)))(x), forward(forward(forward(f)))(x), 1e-9);
		});
	}

	for (const name of ["narrow, two rows at a time", "several views, then slice", "half of it"]) {
		test(`${name}: compiled, the gradient is the same`, () => {
			const x = normal(3, [12, 4]);
			near(compile(grad(walks[name]!))(x), grad(walks[name]!)(x), 1e-12);
		});
	}

	for (const name of ["several views, then slice", "first, then the rest"]) {
		test(`${name}: the gradient agrees with differences, to second order`, () => {
			assertGradients(walks[name]!, [normal(3, [4, 4])], { order: 2, elements: 4, directions: 1 });
		});
	}

	test("diagonals: many cost a constant times their elements, and agree with forward mode", () => {
		const f = (x: Tensor) => {
			const size = x.shape[0]!;
			const offsets = Array.from({ length: 2 * size - 1 }, (_, i) => i - size + 1);
			return offsets
				.map((offset) => x.diagonal({ offset }).square().sum().exp())
				.reduce((a, b) => a.mul(0.5).add(b));
		};
		const [short, long] = [10, 40].map((size) =>
			elementsWritten(() => grad(f)(normal(1, [size, size]))),
		);
		assert.ok(long! <= 17 * short!, `${short} ${long}`);
		const [x, v] = [normal(3, [5, 5]).mul(0.3), normal(4, [5, 5])];
		near(grad(f)(x).mul(v).sum(), jvp(f, x, v)[1], 1e-10);
	});

	test("diagonals of several axes come to their places", () => {
		const x = normal(3, [3, 2, 4]);
		const f = (t: Tensor) =>
			(
				[
					[0, 2],
					[2, 0],
					[1, 2],
				] as const
			)
				.flatMap((axes) => [-1, 0, 1, 2, 9].map((offset) => t.diagonal({ offset, axes })))
				.map((part, i) =>
					part
						.mul(i + 1)
						.square()
						.sum(),
				)
				.reduce((a, b) => a.add(b));
		assertGradients(f, [x]);
	});

	test("a view that holds more than its part of the walk is not made for each step of it", () => {
		const x = normal(1, [1000, 64]);
		const once = (t: Tensor) => t.T.slice(null, 7).exp().sum();
		assert.ok(elementsWritten(() => grad(once)(x)) <= x.size + 1000);
	});

	test("a view of an op from outside that shows some layouts only is added up in itself", () => {
		const shown = linear<"shown", null>({
			name: "shown",
			lowering: "view",
			infer: ([x]) => ({ shape: x!.shape, dtype: x!.dtype }),
			// Of transposes and slices it makes a copy.
			evaluate: ([x]) => x!.reshape([x!.size]).reshape(x!.shape),
			transpose: (g) => g,
			print: ([x]) => x!,
		});
		const f = (x: Tensor) =>
			over([0, 1, 2].map((t) => apply(shown, [x.slice(null, [1, 3]).T], null).slice(0, t)));
		near(
			jvp(f, normal(1, [3, 4]), normal(2, [3, 4]))[1],
			grad(f)(normal(1, [3, 4]))
				.mul(normal(2, [3, 4]))
				.sum(),
			1e-12,
		);
	});
});

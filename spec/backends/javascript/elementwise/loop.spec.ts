import * as fc from "fast-check";
import * as assert from "uvu/assert";
import { evaluateExpressions } from "../../../../lib/backends/javascript/elementwise/evaluate.ts";
import { defineElementwise } from "../../../../lib/backends/javascript/elementwise/loop.ts";
import { compile, javascriptBackend } from "../../../../lib/compile/index.ts";
import {
	type DType,
	DTypeError,
	elementwise,
	random,
	type Tensor,
	tensor,
	where,
} from "../../../../lib/index.ts";
import * as s from "../../../../lib/scalar/index.ts";
import type { Expression } from "../../../../lib/schedule/expression.ts";
import { layouts } from "../../../layouts.ts";
import { near, refuses, same } from "../../../near.ts";
import { operations } from "../../../operations.ts";
import { suite } from "../../../suite.ts";

const inJavaScript = <A extends unknown[], R>(f: (...args: A) => R) =>
	compile(f, { backend: javascriptBackend });
const x: Expression = { kind: "input", index: 0 };

suite("javascript/elementwise/loop", (test) => {
	test("a chain of ops gives the bits of the ops by themselves; in float32 but for functions, which end in other last bits", () => {
		const chain = (x: Tensor, y: Tensor) =>
			x.mul(y).add(1).sigmoid().sub(y.gelu()).div(3).maximum(x.neg()).power(2);
		const plain = (x: Tensor, y: Tensor) =>
			x.mul(y).add(1).sqrt().sub(y.abs()).div(3).maximum(x.neg()).power(2);
		for (const dtype of ["float64", "float32"] as const) {
			const [a, b] = [1, 2].map((i) => random.normal(random.key(i), [37, 5], { dtype }));
			same(inJavaScript(plain)(a!, b!), plain(a!, b!));
			// By itself a sigmoid of float32 may be two units off.
			const bound = dtype === "float64" ? 0 : 4 * 2 ** -23;
			near(inJavaScript(chain)(a!, b!), chain(a!, b!), bound);
		}
		const whole = (x: Tensor) => [
			x.mul(x).sub(3),
			x.astype("bool").astype("int32").neg(),
			where(x.less(2), x, x.mul(-1)),
			x.astype("float32").div(3).astype("int32"),
		];
		const x = tensor([-7, 0, 3, 4], { dtype: "int32" });
		const expected = whole(x);
		for (const [i, y] of inJavaScript(whole)(x).entries()) same(y, expected[i]!);
	});

	test("it reads any layout", () => {
		const cases = fc
			.array(fc.integer({ min: 0, max: 4 }), { maxLength: 4 })
			.chain((shape) => fc.tuple(fc.constant(shape), layouts(shape)));
		const property = fc.property(cases, ([shape, from]) => {
			const reach = ({ strides, offset }: typeof from) =>
				1 + strides.reduce((sum, s, i) => sum + Math.max(0, s * (shape[i]! - 1)), offset);
			const source = Float64Array.from({ length: reach(from) }, (_, i) => i + 1);
			const value = operations.mul("float64", x, { kind: "constant", value: -2, dtype: "float64" });
			const inputs = [{ dtype: "float64" as const, strides: from.strides }];
			const rowMajor = shape.map((_, i) => shape.slice(i + 1).reduce((a, b) => a * b, 1));
			const outputs = [{ dtype: "float64" as const, strides: rowMajor, value }];
			const out = new Float64Array(shape.reduce((a, b) => a * b, 1));
			assert.ok(defineElementwise({ shape, inputs, outputs })([source, out], [from.offset, 0]));
			const at = (k: number) =>
				rowMajor.reduce((sum, s, i) => sum + (Math.floor(k / s) % shape[i]!) * from.strides[i]!, 0);
			for (let k = 0; k < out.length; k++) assert.is(out[k], -2 * source[from.offset + at(k)]!);
		});
		fc.assert(property);
	});

	test("an int32 that overflows on the way throws the error of its op", () => {
		const f = inJavaScript((x: Tensor) => x.mul(x).astype("float64").mul(0));
		refuses(
			() => f(tensor([70_000], { dtype: "int32" })),
			DTypeError,
			"mul: the result 4900000000",
		);
		const g = inJavaScript((x: Tensor) => x.div(2).astype("int32"));
		refuses(() => g(tensor([1, Number.NaN])), DTypeError, "astype: expected values");
		same(g(tensor([5, -5])), [2, -2]);
	});

	test("an op of the user's own is part of the loop, functions that JavaScript lacks too", () => {
		const bump = elementwise(2, {
			name: "bump",
			formula: (v, w) => s.add(s.gelu(v), s.erf(w)),
			partials: null,
			print: (v, w) => `bump(${v}, ${w})`,
		});
		const f = (v: Tensor) => bump(v.mul(-3), v).gelu();
		const compiled = inJavaScript(f);
		const v = random.normal(random.key(3), [50]);
		same(compiled(v), f(v));
		assert.equal(
			compiled.explain(v).steps.map(({ runs, ops }) => `${runs}: ${ops.join(" ")}`),
			["loop: mul bump gelu"],
		);
	});

	test("random numbers are those of the function by itself", () => {
		for (const dtype of ["float64", "float32"] as DType[]) {
			const f = (key: Tensor) => [
				random.uniform(key, [5, 7], { dtype: dtype as "float64" }),
				random.bernoulli(key, 0.3, [9]),
				random.randint(key, [11], -3, 12),
				random.split(key, 3)[2]!,
			];
			const expected = f(random.key(5));
			for (const [i, y] of inJavaScript(f)(random.key(5)).entries()) same(y, expected[i]!);
		}
	});

	test("without generated code expressions are the same, and say where something is wrong", () => {
		const int = (of: Expression): Expression => ({ kind: "cast", of, dtype: "int32" });
		const sum = operations.add("float32", x, x);
		const evaluate = evaluateExpressions([sum, int(x), { kind: "cast", of: x, dtype: "bool" }]);
		assert.equal(evaluate([0.1]), [Math.fround(0.2), 0, 1]);
		assert.is(evaluate([2 ** 40]), null);
		assert.equal(evaluate([0]), [0, 0, 0]);
	});
});

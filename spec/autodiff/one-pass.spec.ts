import * as assert from "uvu/assert";
import { differentialOf } from "../../lib/autodiff/differential.ts";
import { pulledInOnePass } from "../../lib/autodiff/one-pass.ts";
import { ARRAYS, type DType } from "../../lib/core/dtype.ts";
import type { Op } from "../../lib/core/op.ts";
import { elements } from "../../lib/core/strided.ts";
import { type Node, Tape } from "../../lib/core/tape.ts";
import * as library from "../../lib/index.ts";
import { arange, broadcastTo, debug, div, grad, norm, Tensor, tensor } from "../../lib/index.ts";
import * as internal from "../../lib/ops/internal.ts";
import { same } from "../near.ts";
import { suite } from "../suite.ts";

const records = [
	...new Set(
		[...Object.values(library), ...Object.values(internal)].flatMap((f): Op[] =>
			typeof f === "function" && "op" in f ? [f.op as Op] : [],
		),
	),
].filter((op) => op.differential !== null);

const SPECIAL = [0, -0, 1, -1, Infinity, -Infinity, Number.NaN, 1e-30, -1e30, 1e-45, 0.5];

/** Numbers of ordinary size, above 0 if that is asked for, and now and then another one. */
function numbers(
	shape: readonly number[],
	dtype: DType,
	seed: number,
	isPositive: boolean,
): Tensor {
	const size = shape.reduce((a, b) => a * b, 1);
	const out = new ARRAYS[dtype](size);
	for (let i = 0; i < size; i++) {
		const u = ((seed * 7919 + i) * 0.6180339887498949) % 1;
		const usual = isPositive ? 0.1 + 3 * u : 6 * (u - 0.5);
		if (dtype === "bool") out[i] = Number(u < 0.5);
		else out[i] = (i * 31 + seed) % 13 === 0 ? SPECIAL[(i + seed) % SPECIAL.length]! : usual;
	}
	return new Tensor(out, dtype, shape);
}

const parents = [null, null, null];

function nodeOf(op: Op, inputs: readonly Tensor[], params: unknown): Node {
	const value = op.evaluate(inputs, params as never, op.infer(inputs, params as never));
	const tape = new Tape();
	return { tape, op, inputs, params: params as never, parents, value, site: null, position: -1 };
}

/** What the ops of the derivative make of a cotangent, and what one pass does, if there is one. */
function both(node: Node, i: number, g: Tensor): [Tensor, Tensor | null] | null {
	const map = differentialOf(node, i);
	if (map === null) return null;
	const wanted = map.transpose.apply(g);
	let got = pulledInOnePass(node, i, g);
	// What is not worth it yet may be later.
	for (let call = 0; call < 70 && got === null; call++) got = pulledInOnePass(node, i, g);
	return [wanted, got];
}

function sameBits(name: string, [wanted, got]: [Tensor, Tensor]): void {
	assert.equal([got.shape, got.dtype], [wanted.shape, wanted.dtype], name);
	const [expected, found] = [elements(wanted), elements(got)];
	for (let k = 0; k < expected.length; k++) {
		if (Object.is(expected[k], found[k])) continue;
		assert.unreachable(`${name}, element ${k}: expected ${expected[k]}, got ${found[k]}`);
	}
}

/** Tries an op at arguments of a shape; says whether any of its derivatives was one pass. */
function tries(op: Op, dtype: DType, shape: number[], isPositive: boolean, params: unknown) {
	let was = false;
	const kinds = op.formula === undefined ? [dtype] : dtypesOf(op, dtype);
	const inputs = kinds.map((kind, k) => numbers(shape, kind, k, isPositive));
	const node = nodeOf(op, inputs, params);
	const { shape: out, dtype: kind } = node.value;
	const one = tensor(0.7, { dtype: kind });
	for (const g of [numbers(out, kind, 5, false), broadcastTo(one, out)]) {
		for (const i of inputs.keys()) {
			const results = both(node, i, g);
			if (results === null || results[1] === null) continue;
			was = true;
			sameBits(`${op.name} by ${i}, ${dtype}`, results as [Tensor, Tensor]);
		}
	}
	return was;
}

/** The dtypes of an elementwise op's arguments, of which some may be truth. */
function dtypesOf(op: Op, dtype: DType): DType[] {
	const make = (shape: readonly number[]) => numbers(shape, "float64", 1, true);
	const { inputs } = op.sample!({
		shape: () => [2],
		tensor: make,
		distinct: make,
		integer: (least) => least,
		pick: (choices) => choices[0]!,
	});
	return inputs.map((x) => (x.dtype === "bool" ? "bool" : dtype));
}

/** Numbers from 0.5 to 2.5. */
function smooth(...shape: number[]): Tensor {
	const size = shape.reduce((a, b) => a * b, 1);
	return arange(size).mul(0.37).sin().add(1.5).reshape(shape);
}

suite("autodiff/one-pass", (test) => {
	for (const dtype of ["float64", "float32"] as const) {
		test(`elementwise ops have the bits of their derivatives' ops in ${dtype}`, () => {
			const all = records.filter((op) => op.traits?.elementwise && op.sample !== undefined);
			const were = all.filter((op) =>
				[[3, 300], [7]].some((shape) =>
					[false, true]
						.map((isPositive) => tries(op, dtype, shape, isPositive, null))
						.includes(true),
				),
			);
			const names = were.map(({ name }) => name);
			for (const name of ["maximum", "relu", "sigmoid", "square", "div", "log", "bell"]) {
				assert.ok(names.includes(name), name);
			}
		});

		test(`ops of slices have the bits of their derivatives' ops in ${dtype}`, () => {
			const all = records.filter((op) => op.slices !== undefined && op.name !== "powerNorm");
			const last = { axes: [1], keepDims: false, all: false };
			const whole = { axes: [0, 1], keepDims: true, all: true };
			const were = all.filter((op) =>
				[last, whole, { ...last, keepDims: true }]
					.map((params) => tries(op, dtype, [15, 300], false, params))
					.includes(true),
			);
			const names = were.map(({ name }) => name);
			for (const name of ["softmax", "logSoftmax", "norm"]) assert.ok(names.includes(name), name);
			// What is spread out is left as it is stored, once.
			for (const name of ["sum", "mean"]) assert.not(names.includes(name), name);
		});
	}

	test("gradients of gradients, and under debug, are as before", () => {
		const f = (x: Tensor) => x.tanh().mul(x.sigmoid()).softmax(0).mul(x).sum();
		const x = smooth(400);
		const derivatives = () => [grad(f)(x), grad((x: Tensor) => grad(f)(x).square().sum())(x)];
		const before = derivatives();
		for (let call = 0; call < 100; call++) grad(f)(x);
		for (const [i, now] of derivatives().entries()) same(now, before[i]!);
		same(debug(grad(f))(x), before[0]!);
	});

	test("other parameters and other sizes are other derivatives", () => {
		const at = (rows: number, n: number, keepDims: boolean) => {
			const x = smooth(rows, n);
			const sumOfNorms = (x: Tensor) => norm(x, 1, { keepDims }).sum();
			const derivative = grad(sumOfNorms)(x);
			same(derivative, x.div(norm(x, 1, { keepDims: true })));
		};
		for (let call = 0; call < 12; call++) {
			for (const [rows, n] of [
				[20, 300],
				[15, 400],
			] as const)
				for (const keepDims of [true, false]) at(rows, n, keepDims);
		}
	});

	test("the product with a cotangent of ones is the factor, and takes no memory", () => {
		const [x, y] = [smooth(40, 50), smooth(40, 50).add(1)];
		const total = (x: Tensor, y: Tensor) => x.mul(y).sum();
		assert.is(grad(total)(x, y).storage, y.storage);
		same(grad((y: Tensor) => grad(total)(x, y).square().sum())(y), y.mul(2));
		same(grad((x: Tensor) => x.mul(y).sum().mul(2))(x), y.mul(2));
		same(grad((x: Tensor) => x.mul(y.slice([0, 1])).sum())(x), y.slice([0, 1]).add(x.mul(0)));
	});

	test("what an op stretches by itself is taken back by its own derivative", () => {
		const [x, row] = [smooth(40, 50), smooth(50)];
		const node = nodeOf(div.op, [x, broadcastTo(row, x.shape)], null);
		const calls = Array.from({ length: 10 }, () => ({ ...node, inputs: [x, row] }));
		assert.ok(calls.every((call) => pulledInOnePass(call, 0, x) === null));
		for (let call = 0; call < 9; call++) pulledInOnePass(node, 0, x);
		assert.ok(pulledInOnePass(node, 0, x) !== null);
	});

	test("views, and slices that lie apart, are taken back op by op", () => {
		const x = smooth(80, 90);
		const y = smooth(90, 80);
		const along = (axis: number) => (x: Tensor) => x.softmax(axis).mul(y.T).sum();
		const across = (axis: number) => (x: Tensor) => x.softmax(axis).mul(y).sum();
		for (let call = 0; call < 6; call++) {
			for (const axis of [0, 1]) same(grad(along(axis))(x), grad(across(1 - axis))(x.T).T);
		}
	});
});

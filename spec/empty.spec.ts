import * as assert from "uvu/assert";
import { compile } from "../lib/compile/index.ts";
import {
	AdjointError,
	argsort,
	concat,
	conv2d,
	cumprod,
	cumsum,
	expandDims,
	flip,
	grad,
	outer,
	pad,
	permute,
	prod,
	ShapeError,
	slice,
	softmax,
	sort,
	split,
	stack,
	sum,
	Tensor,
	take,
	takeAlongAxis,
	transpose,
	unstack,
	variance,
	where,
	zeros,
} from "../lib/index.ts";
import { decodeNpy, decodeState, encodeNpy, encodeNpz, encodeState } from "../lib/io/index.ts";
import { maskFirst } from "../lib/ops/mask-first.ts";
import { refuses } from "./near.ts";
import { suite } from "./suite.ts";

// An empty tensor may say that its other axes are of any size. Whatever goes over them does not
// come to an end.

const shapes = [
	[2 ** 53 - 1, 0, 3],
	[2 ** 40, 2 ** 40, 0],
	[0, 2 ** 40, 2 ** 53 - 1],
];

/** No elements in this shape: in order, with the axes the other way round, and stretched. */
function layoutsOf(shape: readonly number[]): Tensor[] {
	const reversed = new Tensor(new Float64Array(0), "float64", [...shape].reverse());
	const ints = new Tensor(new Int32Array(0), "int32", [...shape].reverse());
	return [
		new Tensor(new Float64Array(0), "float64", shape),
		transpose(reversed),
		transpose(ints),
		zeros(shape),
	];
}

const axes = [0, 1, 2];

/** What is computed of such a tensor: a result of its size, or along an axis. */
const calls: readonly ((x: Tensor) => Tensor)[] = [
	(x) => x.add(x.T.T).mul(2).maximum(1),
	(x) => where(x.greater(0), x, 0),
	(x) => x.astype("bool"),
	(x) => x.reshape([-1]).add(1),
	(x) => maskFirst(x, x),
	(x) => pad(x, 0),
	(x) => flip(x).exp(),
	(x) => permute(x, [1, 2, 0]).mul(x.sum().item()),
	(x) => slice(x, null, [0, 2]).add(1),
	(x) => outer(x, x),
	...axes.flatMap((axis): ((x: Tensor) => Tensor)[] => [
		(x) => sum(x, axis),
		(x) => sum(x, axis, { keepDims: true }),
		(x) => prod(x, axis),
		(x) => variance(x, axis),
		(x) => x.max(axis),
		(x) => x.argmax(axis),
		(x) => cumsum(x, axis),
		(x) => cumprod(x, axis, { reverse: true }),
		(x) => softmax(x, axis),
		(x) => sort(x, axis),
		(x) => argsort(x, axis),
		(x) => concat([x, x], axis),
		(x) => stack([x, x], axis),
		(x) => take(x, [], axis),
		(x) => take(x, [0], axis),
		(x) => takeAlongAxis(x, argsort(x, axis), axis),
		(x) => expandDims(x, axis).sum(axis),
		(x) => x.T.matmul(x),
		(x) => conv2d(expandDims(x, 0), expandDims(x, 0)),
		(x) => unstack(x, axis)[0] ?? x,
		(x) => split(x, Math.max(1, x.shape[axis]!), axis)[0]!,
	]),
];

/** What the call gives, or one of our errors. */
function outcome(f: () => unknown): unknown {
	try {
		return f();
	} catch (error) {
		if (!(error instanceof AdjointError)) throw error;
		return error;
	}
}

suite("empty", (test) => {
	for (const shape of shapes) {
		const name = `(${shape.join("×")})`;

		test(`every op comes to an end on ${name}, with no elements or one of our errors`, () => {
			for (const x of layoutsOf(shape)) {
				for (const call of calls) {
					outcome(() => call(x));
					outcome(() => grad((y: Tensor) => call(y).sum())(x));
				}
			}
		});

		test(`${name} is printed, read, saved and loaded at once`, () => {
			for (const x of layoutsOf(shape)) {
				assert.is(String(x), "[]");
				assert.is(x.data.length, 0);
				assert.equal(decodeNpy(encodeNpy(x)).shape, shape);
				assert.equal((decodeState(encodeState({ x })) as { x: Tensor }).x.shape, shape);
				encodeNpz({ x });
				outcome(() => x.toArray());
			}
		});

		test(`${name} is compiled, for JavaScript where WebAssembly cannot count so far`, () => {
			for (const call of calls) {
				for (const x of layoutsOf(shape)) outcome(() => compile(call)(x));
			}
			const compiled = compile((x: Tensor) => x.T.add(1));
			const x = layoutsOf(shape)[1]!;
			assert.equal(compiled(x).shape, [...shape].reverse());
			const why = "an empty tensor with axes of more than 2 GB";
			assert.equal(compiled.explain(x).notes, [`the interpreter runs the program: ${why}`]);
		});
	}

	test("a file of 128 bytes in Fortran order with 2^53 − 1 rows of no elements is read and used", () => {
		const bytes = encodeNpy(new Tensor(new Float64Array(0), "float64", [2 ** 53 - 1, 0, 3]));
		const text = Buffer.from(bytes).toString("latin1").replace("False", "True ");
		const x = decodeNpy(Uint8Array.from(text, (letter) => letter.charCodeAt(0)));
		assert.is(bytes.length, 128);
		assert.is(String(x), "[]");
		assert.is(x.data.length, 0);
		assert.is(x.add(1).size, 0);
		assert.ok(encodeNpy(x).length === 128);
	});

	test("a sum that leaves more zeros than memory holds is refused, as are so many empty arrays", () => {
		const x = layoutsOf([2 ** 53 - 1, 0, 3])[1]!;
		refuses(() => x.sum(1), ShapeError, "more than this machine can hold");
		refuses(() => x.toArray(), ShapeError, "toArray: expected an empty tensor");
		refuses(() => zeros([2 ** 20, 2 ** 20, 0]).toArray(), ShapeError, "toArray");
		const text = "expected an empty tensor of at most 16777216 parts, got 1099511627776";
		refuses(() => unstack(zeros([2 ** 40, 0])), ShapeError, `unstack: ${text}`);
		refuses(() => split(zeros([0, 2 ** 40]), 2 ** 40, 1), ShapeError, `split: ${text}`);
	});
});

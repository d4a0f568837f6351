import * as assert from "uvu/assert";
import { records } from "../../lib/check/records.ts";
import { allocate, type DType, type TypedArray } from "../../lib/core/dtype.ts";
import { add, DTypeError, mul, relu, tensor } from "../../lib/index.ts";
import { sharedLoop } from "../../lib/kernels/loops.ts";
import { forFloat32 } from "../../lib/kernels/narrow.ts";
import { vectorLoop } from "../../lib/kernels/vectors.ts";
import { termOf } from "../../lib/scalar/formula.ts";
import * as s from "../../lib/scalar/index.ts";
import { termEvaluator } from "../../lib/scalar/numbers.ts";
import { inOrder, type Scalar, type Term } from "../../lib/scalar/scalar.ts";
import { suite } from "../suite.ts";

/** More than a window, and no whole number of vectors. */
const SIZE = 4096 + 507;
/** So often code is asked for until there is some. */
const OFTEN = 2 ** 19 / 4096;
const odd = [0, -0, Number.NaN, Infinity, -Infinity, 1, -1, 0.5, 1e300, -5e-324, 2 ** -149, 3e38];

let state = 7;
function random(): number {
	state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
	return state / 2 ** 32;
}

/** Numbers of all sizes, special ones among them; those of int32 are small, and do not overflow. */
function drawn(dtype: DType): TypedArray {
	return allocate(dtype, SIZE).map(() => {
		if (dtype === "bool") return random() < 0.5 ? 1 : 0;
		if (dtype === "int32") return Math.floor(2000 * random()) - 1000;
		if (random() < 0.2) return odd[Math.floor(odd.length * random())]!;
		const most = dtype === "float64" ? 1000 : 140;
		return (2 * random() - 1) * 2 ** (random() < 0.5 ? 0 : most * (2 * random() - 1));
	});
}

const data: Record<DType, readonly TypedArray[]> = {
	float64: [0, 1, 2].map(() => drawn("float64")),
	float32: [0, 1, 2].map(() => drawn("float32")),
	int32: [0, 1, 2].map(() => drawn("int32")),
	bool: [0, 1, 2].map(() => drawn("bool")),
};

/** The results of vectors and of one element after the other; null where there are no vectors. */
function both(whole: Term, inputs: readonly DType[], out: DType, step: (k: number) => number) {
	const term = out === "float32" ? forFloat32(whole, inputs) : whole;
	const vectors = vectorLoop(term, inputs, out);
	if (vectors === null) return null;
	const [fast, slow] = [allocate(out, SIZE - 1), allocate(out, SIZE - 1)];
	const sources = inputs.flatMap((dtype, k) => [data[dtype][k]!, 1, step(k)]);
	const misfit = sharedLoop(termEvaluator(term), inputs.length, out === "int32")(
		SIZE - 1,
		slow,
		0,
		...sources,
	);
	let done = false;
	for (let i = 0; i < OFTEN && !done; i++) done = vectors(SIZE - 1, fast, 0, ...sources);
	assert.is(done, misfit === undefined);
	return misfit === undefined ? { fast, slow } : null;
}

const firstDifference = (x: TypedArray, y: TypedArray) =>
	x.findIndex((v, i) => !Object.is(v, y[i]));

suite("vectors", (test) => {
	test("every formula that vectors have comes to the bits of plain loops, in every dtype", () => {
		const tried = new Set<string>();
		for (const op of records) {
			if (op.formula === undefined) continue;
			const term = op.formula();
			const arity = Math.max(
				...inOrder(term).map((part) => ("index" in part ? part.index + 1 : 0)),
			);
			for (const dtype of ["float64", "float32", "int32", "bool"] as const) {
				const truth = op.name === "where" ? (["bool"] as const) : [];
				const inputs = [...truth, ...new Array<DType>(arity - truth.length).fill(dtype)];
				for (const out of term.type === "truth"
					? (["bool"] as const)
					: (["float64", dtype] as const)) {
					for (const step of [() => 1, (k: number) => (k === 0 ? 1 : 0)]) {
						const results = both(term, inputs, out, step);
						if (results === null) continue;
						tried.add(op.name);
						const at = firstDifference(results.fast, results.slow);
						assert.is(
							at,
							-1,
							`${op.name}, ${dtype} to ${out}: ${results.fast[at]} for ${results.slow[at]}`,
						);
					}
				}
			}
		}
		for (const name of [
			"add",
			"div",
			"sqrt",
			"relu",
			"clip",
			"where",
			"greater",
			"maximum",
			"keepWhere",
			"exp",
			"tanh",
			"sigmoid",
		]) {
			assert.ok(tried.has(name), name);
		}
		assert.ok(tried.size >= 30, `${tried.size} ops`);
	});

	test("exp, expm1 and tanh have the bits of this engine, wherever their code takes another way", () => {
		const ranges: (() => number)[] = [
			() => 2 * random() - 1,
			() => 50 * (random() - 0.5),
			() => 1500 * (random() - 0.5),
			() => (random() - 0.5) * 2 ** (-60 * random()),
			() => (Math.floor(40 * random()) - 20) * (Math.LN2 / 2) * (1 + (random() - 0.5) * 2 ** -30),
			() => -708 - 40 * random(),
			() => 709 + random(),
			() => 1 + (random() - 0.5) * 2 ** (-50 * random()),
			() => odd[Math.floor(odd.length * random())]!,
		];
		const n = 2 ** 15;
		const x = Float64Array.from({ length: n }, (_, i) => ranges[i % ranges.length]!());
		for (const f of [s.exp, s.expm1, s.tanh]) {
			const term = termOf((v: Scalar) => f(v), 1);
			const out = new Float64Array(n);
			const vectors = vectorLoop(term, ["float64"], "float64")!;
			let done = false;
			for (let i = 0; i < OFTEN && !done; i++) done = vectors(n, out, 0, x, 0, 1);
			assert.ok(done);
			const evaluate = termEvaluator(term);
			const at = out.findIndex((y, i) => !Object.is(y, evaluate(x[i]!)));
			assert.is(at, -1, `at ${x[at]}: ${out[at]}`);
		}
	});

	test("a formula with roundings inside is computed in float64 and rounded once", () => {
		const term = termOf((x: Scalar, y: Scalar) => s.sub(s.mul(x, y), s.div(y, 3)), 2);
		const { fast, slow } = both(term, ["float32", "float32"], "float32", () => 1)!;
		assert.is(firstDifference(fast, slow), -1);
	});

	test("a maximum or minimum with a number has the bits of any other", () => {
		for (const bound of [0, -0, 1, -0.5, Infinity, -Infinity, NaN, 2 ** -149, 1e-50]) {
			for (const f of [s.max, s.min]) {
				for (const dtype of ["float64", "float32"] as const) {
					for (const formula of [(x: Scalar) => f(x, bound), (x: Scalar) => f(bound, x)]) {
						const { fast, slow } = both(termOf(formula, 1), [dtype], dtype, () => 1)!;
						assert.is(firstDifference(fast, slow), -1, `${bound} in ${dtype}`);
					}
				}
			}
		}
	});

	test("what calls a function without vectors, or lies apart, is left to the loop", () => {
		assert.is(
			vectorLoop(
				termOf((x: Scalar) => s.sin(x), 1),
				["float64"],
				"float64",
			),
			null,
		);
		const vectors = vectorLoop(
			termOf((x: Scalar) => s.neg(x), 1),
			["float64"],
			"float64",
		)!;
		const out = new Float64Array(2 ** 15);
		for (const stride of [2, -1]) assert.is(vectors(2 ** 15, out, 0, out, 0, stride), false);
		assert.is(vectors(2 ** 15, out, 0, out, 0, 1), true);
	});

	test("a large int32 sum that does not fit is an error that names the sum", () => {
		const x = tensor(new Int32Array(2 ** 16).fill(2 ** 30));
		assert.is(add(x, x.neg()).data[99], 0);
		assert.throws(
			() => add(x, x),
			(error: Error) => error instanceof DTypeError && /add.*2147483648/.test(error.message),
		);
		assert.is(mul(x, -2).data[2 ** 16 - 1], -(2 ** 31));
	});

	test("views with an offset and results of any length go through windows", () => {
		const x = tensor(Float64Array.from({ length: 2 ** 16 }, (_, i) => (i % 3) - 1));
		for (const from of [0, 1, 4095, 2 ** 15]) {
			const part = relu(x.slice([from, from + 5000])).data;
			assert.ok(
				part.length === 5000 && part.every((v, i) => v === Math.max(((from + i) % 3) - 1, 0)),
			);
		}
	});
});

import * as assert from "uvu/assert";
import {
	grad,
	hvp,
	logSoftmax,
	ShapeError,
	softmax,
	type Tensor,
	tensor,
	vjp,
	zeros,
} from "../../lib/index.ts";
import { near, refuses, same } from "../near.ts";
import { suite } from "../suite.ts";

const { NaN: nan, POSITIVE_INFINITY: inf } = Number;

const x = tensor([
	[0.5, -1.25, 2],
	[3.75, -0.5, 1.5],
]);

suite("ops/softmax", (test) => {
	test("values along an axis, or several, are those of SciPy 1.17", () => {
		near(softmax(x), [
			[0.17682018210744427, 0.030726740326436432, 0.7924530775661193],
			[0.893125512344317, 0.01273975121817414, 0.0941347364375088],
		]);
		near(logSoftmax(x, 0), [
			[-3.288041371687783, -1.1368710061148999, -0.4740769841801067],
			[-0.03804137168778304, -0.3868710061149, -0.9740769841801067],
		]);
		near(logSoftmax(x, [0, 1]), [
			[-3.5418853936708987, -5.291885393670899, -2.0418853936708987],
			[-0.2918853936708988, -4.541885393670899, -2.5418853936708987],
		]);
		near(softmax(x, 0), logSoftmax(x, 0).exp());
		near(softmax(x.T, 0).T, softmax(x));
	});

	test("both are stable for elements of ±10⁴, to second order", () => {
		const far = tensor([1e4, 1e4 - 1, -1e4]);
		const p = 1 / (1 + Math.exp(-1));
		const w = tensor([1, -2, 3]);
		near(softmax(far), [p, 1 - p, 0]);
		near(logSoftmax(far), [Math.log(p), Math.log(1 - p), -2e4 + Math.log(p)]);
		const pq = p * (1 - p);
		near(grad((t: Tensor) => softmax(t).mul(w).sum())(far), [3 * pq, -3 * pq, 0]);
		near(grad((t: Tensor) => logSoftmax(t).mul(w).sum())(far), [1 - 2 * p, -2 - 2 * (1 - p), 3]);
		// The second derivatives of 3p and of −2·log(e^x + e^y), with p = 1 / (1 + e^(y − x)).
		const third = 3 * pq * (1 - 2 * p);
		const v = tensor([1, 0, 0]);
		near(
			hvp((t: Tensor) => softmax(t).mul(w).sum(), far, v),
			[third, -third, 0],
		);
		near(
			hvp((t: Tensor) => logSoftmax(t).mul(w).sum(), far, v),
			[-2 * pq, 2 * pq, 0],
		);
	});

	test("a cotangent of ones goes back to nothing", () => {
		near(
			vjp((t: Tensor) => softmax(t), x)[1](
				tensor([
					[1, 1, 1],
					[1, 1, 1],
				]),
			),
			zeros([2, 3]),
			1e-15,
		);
	});

	const special: [values: number[], softmax: number[], log: number[]][] = [
		[
			[-inf, 0, 0],
			[0, 0.5, 0.5],
			[-inf, -Math.LN2, -Math.LN2],
		],
		[
			[-inf, -inf],
			[nan, nan],
			[nan, nan],
		],
		[
			[inf, 1],
			[nan, nan],
			[nan, nan],
		],
		[
			[nan, 1],
			[nan, nan],
			[nan, nan],
		],
		[[5], [1], [0]],
		[[], [], []],
	];
	for (const [values, expected, log] of special) {
		test(`softmax of [${values}] is [${expected}], its logarithm [${log}]`, () => {
			const at = tensor(values, { dtype: "float64", shape: [values.length] });
			same(softmax(at), expected);
			same(logSoftmax(at), log);
		});
	}

	test("int32 gives float64, float32 stays", () => {
		assert.is(softmax(tensor([1, 2], { dtype: "int32" })).dtype, "float64");
		assert.is(logSoftmax(tensor(new Float32Array([1, 2]))).dtype, "float32");
	});

	test("a scalar, which has no axes, is refused", () => {
		refuses(() => softmax(1), ShapeError, "softmax: axis -1 is out of range");
		refuses(() => logSoftmax(x, 2), ShapeError, "logSoftmax: axis 2 is out of range");
	});
});

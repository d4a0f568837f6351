import * as assert from "uvu/assert";
import { random, zeros } from "../../lib/index.ts";
import { adafactor, adamW, muon } from "../../lib/optim/index.ts";
import { near, same } from "../near.ts";
import { suite } from "../suite.ts";

const learningRate = 0.1;

suite("optim of matrices", (test) => {
	test("adafactor remembers of a matrix a number for each row and each column", () => {
		const params = { w: zeros([4, 3]), b: zeros([3]), filters: zeros([2, 5, 4, 3]) };
		const { rows, columns } = adafactor({ learningRate }).init(params);
		assert.equal(
			[rows.w.shape, columns.w.shape],
			[
				[4, 1],
				[1, 3],
			],
		);
		assert.equal([rows.b.shape, columns.b.shape], [[3], [0]]);
		assert.equal(
			[rows.filters.shape, columns.filters.shape],
			[
				[2, 5, 4, 1],
				[2, 5, 1, 3],
			],
		);
	});

	test("a step of muon has singular values near 1, times a scale; what is no matrix is AdamW's", () => {
		for (const shape of [
			[4, 7],
			[7, 4],
		]) {
			const params = {
				w: random.normal(random.key(1), shape),
				b: random.normal(random.key(2), [3]),
			};
			const gradient = {
				w: random.normal(random.key(3), shape),
				b: random.normal(random.key(4), [3]),
			};
			const settings = { learningRate: 1, weightDecay: 0 };
			const step = (scaling: "adamW" | "shape", matrices = () => true) => {
				const optimizer = muon({ ...settings, scaling, matrices });
				const [next] = optimizer.update(gradient, optimizer.init(params), params);
				return { w: params.w.sub(next.w), b: next.b };
			};
			const { w, b } = step("shape");
			const square = (shape[0]! > shape[1]! ? w.T.matmul(w) : w.matmul(w.T)).div(
				Math.max(1, shape[0]! / shape[1]!),
			);
			// The singular values are between 0.7 and 1.2: so are the quotients |S·v| / |v|.
			const v = random.normal(random.key(5), [4]);
			const stretch = Math.sqrt(v.dot(square.dot(v)).item() / v.dot(v).item());
			assert.ok(stretch > 0.65 && stretch < 1.25, String(stretch));
			near(
				step("adamW").w,
				w.mul((0.2 * Math.sqrt(7)) / Math.sqrt(Math.max(1, shape[0]! / shape[1]!))),
			);
			const plain = adamW(settings);
			const [expected] = plain.update(gradient, plain.init(params), params);
			same(b, expected.b);
			same(step("adamW", () => false).w, params.w.sub(expected.w));
		}
	});
});

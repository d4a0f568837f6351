import * as assert from "uvu/assert";
import { compile } from "../../../lib/compile/index.ts";
import {
	DomainError,
	grad,
	ShapeError,
	type Tensor,
	tensor,
	uniqueAll,
	zeros,
} from "../../../lib/index.ts";
import { refuses, same } from "../../near.ts";
import { suite } from "../../suite.ts";

const nan = Number.NaN;

suite("ops/statistics/distinct", (test) => {
	test("uniqueAll tells the first place, the number and the group of each element", () => {
		const x = tensor([
			[2, 1, nan],
			[2, nan, 3],
		]);
		const all = uniqueAll(x);
		same(all.values, [1, 2, 3, nan]);
		same(all.indices, [1, 0, 5, 2]);
		same(all.counts, [1, 2, 1, 2]);
		same(all.inverse, [
			[1, 0, 3],
			[1, 3, 2],
		]);
		same(all.values.take(all.inverse), x.toArray());
		const { values, counts, inverse } = uniqueAll(x, { size: 2 });
		same(values, [1, 2]);
		same(counts, [1, 2]);
		same(inverse, [
			[1, 0, 2],
			[1, 2, 2],
		]);
		refuses(() => values.take(inverse), DomainError, "index 2");
		const traced = compile((v: Tensor) => uniqueAll(v, { size: 5, fill: -1 }))(x);
		same(traced.values, [1, 2, 3, nan, -1]);
		same(traced.counts, [1, 2, 1, 2, 0]);
		same(traced.inverse, all.inverse.toArray());
		same(grad((v: Tensor) => uniqueAll(v).values.slice([0, 3]).sum())(x), [
			[1, 1, 0],
			[0, 0, 1],
		]);
		assert.equal(uniqueAll(zeros([0, 2])).inverse.shape, [0, 2]);
		refuses(() => uniqueAll(zeros([0]), { size: 1 }), ShapeError, "uniqueAll: ");
	});
});

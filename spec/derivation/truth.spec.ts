import * as assert from "uvu/assert";
import { derive } from "../../lib/derivation/index.ts";
import {
	equal,
	fori,
	logicalNot,
	logicalOr,
	logicalXor,
	notEqual,
	type Tensor,
	tensor,
	where,
} from "../../lib/index.ts";
import { suite } from "../suite.ts";
import { hasNumPy, python } from "./python.ts";

suite("derivation/truth", (test) => {
	test("tests of tests are true in every form, of elements and of the place of a loop", () => {
		const tests: ((x: Tensor) => Tensor)[] = [
			(x) => logicalOr(logicalNot(x.less(3)), logicalNot(x.greater(0))),
			(x) => logicalXor(logicalNot(x.less(3)), logicalNot(logicalNot(x.greater(0)))),
			(x) => notEqual(x.less(2), x.greater(0)),
			(x) => equal(x.less(2), x.greater(0)),
			(x) => x.greater(2).less(x.lessEqual(1)),
		];
		const x = tensor([-1, 1, 3]);
		for (const holds of tests) {
			const alone = derive((x: Tensor) => where(holds(x), x, x.mul(3)).sum(), { x });
			const step = (h: Tensor, t: Tensor) => where(holds(t), h.sin(), h.mul(x));
			const looped = derive((x: Tensor) => fori(0, 2, step, x).sum(), { x });
			for (const derived of [alone, looped]) {
				const { ok } = derived.verify(hasNumPy() ? { python } : {});
				assert.ok(ok);
			}
		}
	});
});

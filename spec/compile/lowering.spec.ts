import * as assert from "uvu/assert";
import { records } from "../../lib/check/records.ts";
import { compile } from "../../lib/compile/index.ts";
import {
	apply,
	defineOp,
	elementwise,
	exp,
	type Op,
	reduction,
	sum,
	type Tensor,
	tensor,
} from "../../lib/index.ts";
import { isOwn } from "../../lib/op.ts";
import { same } from "../near.ts";
import { suite } from "../suite.ts";

const x = tensor([1, 2, 3]);

suite("compile/lowering", (test) => {
	test("an op from outside of the library runs by its own formula or evaluation, though it is called like one of ours", () => {
		const double = elementwise(1, {
			name: "exp",
			formula: (s, v) => s.mul(2, v),
			partials: [() => 2],
			print: (v) => `2 * ${v}`,
		});
		const last = reduction({
			name: "sum",
			evaluate: (values, start, n) => values[start + n - 1]!,
			weights: null,
			numpy: "last",
		});
		const negative: Op<"square", null> = {
			name: "square",
			infer: ([v]) => ({ shape: v!.shape, dtype: v!.dtype }),
			evaluate: ([v]) => tensor(v!.data.map((value) => -value)),
			differential: null,
			print: ([v]) => `-${v}`,
		};
		const defined = defineOp(negative, (v: Tensor) => apply(negative, [v], null));
		const f = compile((v: Tensor) => [double(v), last(v), apply(negative, [v], null), defined(v)]);
		const [a, b, c, d] = f(x);
		same(a!, [2, 4, 6]);
		same(b!, 3);
		same(c!, [-1, -2, -3]);
		same(d!, [-1, -2, -3]);
		const { steps } = f.explain(x);
		assert.is(steps.length, 4);
		assert.is(steps.filter(({ runs }) => runs === "evaluation").length, 3);
	});

	test("the library's own ops of these names do not", () => {
		const { steps } = compile((v: Tensor) => [exp(v), sum(v)]).explain(x);
		assert.ok(steps.every(({ runs }) => runs !== "evaluation"));
		assert.ok(records.every(isOwn));
	});
});

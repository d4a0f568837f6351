import * as assert from "uvu/assert";
import { compile } from "../../lib/compile/index.ts";
import { argsort, sort, type Tensor, takeAlongAxis, tensor, topK } from "../../lib/index.ts";
import { sortAlone } from "../../lib/program/sort-alone.ts";
import { trace } from "../../lib/program/trace.ts";
import { suite } from "../suite.ts";

const x = tensor([
	[3, Number.NaN, -0, 1],
	[0, -2, 5, -0],
	[7, 1, 1, -1],
	[2, 2, -9, 4],
]);

/** The ops that are left of a function of x. */
function opsOf(f: (x: Tensor) => Tensor[]): string[] {
	const { program } = trace([x], ([t]) => f(t!));
	return sortAlone(program).instructions.map(({ op }) => op.name);
}

suite("elements sorted alone", (test) => {
	test("an order that serves to take its own elements is not made", () => {
		assert.equal(
			opsOf((t) => [sort(t, 0)]),
			["sort"],
		);
		const compiled = compile((t: Tensor) => sort(t, 0));
		assert.equal(compiled(x).toString(), sort(x, 0).toString());
		assert.match(compiled.explain(x).toString(), /evaluation +sort/);
	});

	test("one that others read, of another tensor, along another axis or downwards is", () => {
		const cases: ((t: Tensor) => Tensor[])[] = [
			(t) => {
				const order = argsort(t, 0);
				return [takeAlongAxis(t, order, 0), order];
			},
			(t) => {
				const order = argsort(t, 0);
				return [takeAlongAxis(t, order, 0), takeAlongAxis(t.neg(), order, 0)];
			},
			(t) => [takeAlongAxis(t.neg(), argsort(t, 0), 0)],
			(t) => [takeAlongAxis(t, argsort(t, 0), 1)],
			(t) => [topK(t, 4)[0]],
		];
		for (const f of cases) {
			const names = opsOf(f);
			assert.ok(names.includes("argsort") && !names.includes("sort"), names.join());
			assert.equal(compile(f)(x).join("\n"), f(x).join("\n"));
		}
	});
});

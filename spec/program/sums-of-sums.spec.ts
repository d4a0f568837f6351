import * as assert from "uvu/assert";
import { derive } from "../../lib/derivation/index.ts";
import { conv2d, random, type Tensor } from "../../lib/index.ts";
import { realNumbers } from "../../lib/program/algebra.ts";
import { interpret } from "../../lib/program/interpret.ts";
import { printProgram } from "../../lib/program/print.ts";
import { simplify } from "../../lib/program/simplify.ts";
import { trace } from "../../lib/program/trace.ts";
import { near } from "../near.ts";
import { suite } from "../suite.ts";

const normal = (seed: number, shape: number[]) => random.normal(random.key(seed), shape);

suite("program/sums-of-sums", (test) => {
	const keep = { keepDims: true };
	const sums: [string, number, (x: Tensor) => Tensor][] = [
		["no axes kept", 1, (x) => x.sum(0).sum([1, 2])],
		["all axes kept", 1, (x) => x.sum([0, 3], keep).sum(1, keep)],
		["kept inside only", 2, (x) => x.sum(1, keep).sum([0, 2])],
		["kept outside only", 2, (x) => x.sum(0).sum([1, 2], keep)],
		["three times", 1, (x) => x.sum(3).sum(0).sum(1)],
		["everything", 1, (x) => x.sum(1).sum()],
	];
	for (const [name, length, f] of sums) {
		test(`a sum of sums is one sum: ${name}`, () => {
			const x = normal(1, [2, 3, 4, 5]);
			const { program } = trace([x], ([x]) => [f(x!)]);
			const made = simplify(program, { algebra: realNumbers() }).program;
			assert.is(printProgram(made).match(/sum/g)?.length, 1);
			assert.ok(made.instructions.length <= length, printProgram(made));
			near(interpret(made, [x])[0]!, f(x), 1e-13);
		});
	}

	test("the gradient of a convolution's bias is one sum over the axes that the legend means", () => {
		const loss = ({ b }: Record<string, Tensor>, x: Tensor, f: Tensor) =>
			conv2d(x, f)
				.add(b!.reshape([3, 1, 1]))
				.square()
				.sum();
		const derivation = derive(loss, {
			params: { b: normal(1, [3]) },
			x: normal(2, [2, 2, 5, 5]),
			f: normal(3, [3, 2, 2, 2]),
		});
		assert.match(derivation.print("latex"), "\\sum_{i,k,l}");
		assert.not.match(derivation.print("latex"), /\\sum_\{[^}]*\} \\sum/);
		assert.match(derivation.print("numpy"), "sum(axis=(0, 2, 3))");
		derivation.verify();
	});
});

import * as assert from "uvu/assert";
import { einsum, ones, random, type Tensor } from "../../lib/index.ts";
import { decompose } from "../../lib/program/decompose.ts";
import { interpret } from "../../lib/program/interpret.ts";
import { checkProgram } from "../../lib/program/program.ts";
import { trace } from "../../lib/program/trace.ts";
import { near } from "../near.ts";
import { suite } from "../suite.ts";

const [x, w] = [1, 2].map((seed) => random.normal(random.key(seed), [3, 4, 4]));

const traced = (f: (...args: Tensor[]) => Tensor, ...args: Tensor[]) =>
	trace(args, (inputs) => [f(...inputs)]).program;

suite("program/decompose", (test) => {
	test("an op that says what others it is made of is replaced by what it is made of", () => {
		const f = (a: Tensor, b: Tensor) => einsum("bij,bkj->kb", a.exp(), b).sum(0);
		const program = traced(f as never, x!, w!);
		const made = decompose(program);
		checkProgram(made);
		const names = made.instructions.map(({ op }) => op.name);
		assert.ok(program.instructions.some(({ op }) => op === einsum.op));
		assert.not(names.includes("einsum"));
		assert.ok(names.includes("matmul"));
		near(interpret(made, [x!, w!])[0]!, f(x!, w!), 1e-13);
	});

	test("where it says that this does not pay, or nothing states one, the program stays", () => {
		const whole = ones([2, 2], { dtype: "int32" });
		const integers = decompose(traced((a) => einsum("ij,jk->ik", a!, a!), whole));
		assert.equal(
			integers.instructions.map(({ op }) => op.name),
			["einsum"],
		);
		const plain = traced((a) => a!.exp().sum(), x!);
		assert.is(decompose(plain), plain);
	});
});

import * as assert from "uvu/assert";
import { einsum, ones, random, type Tensor, tensor } from "../../lib/index.ts";
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

	test("some powers are products and roots, with the values of the power", () => {
		const points = [
			0,
			-0,
			1,
			-1,
			3,
			-0.1,
			1e-200,
			-1e-200,
			1e103,
			-1e155,
			Infinity,
			-Infinity,
			NaN,
		];
		for (const dtype of ["float64", "float32"] as const) {
			const at = tensor(points, { dtype });
			for (const k of [2, 3, 4, -1, 0.5, -0.5]) {
				const program = traced((a) => a!.power(k), at);
				const made = decompose(program);
				checkProgram(made);
				assert.not(made.instructions.some(({ op }) => op.name === "power"));
				const [expected, got] = [program, made].map((x) => interpret(x, [at])[0]!);
				for (const [i, value] of expected!.data.entries()) {
					const other = got!.data[i]!;
					const isNear = Math.abs(other / value - 1) < (dtype === "float64" ? 4e-16 : 2e-7);
					assert.ok(Object.is(other, value) || isNear, `${points[i]} ** ${k}: ${other}`);
				}
			}
		}
	});

	test("a power that is not known, another one, and one of whole numbers stay", () => {
		const whole = ones([2, 2], { dtype: "int32" });
		const programs = [
			traced((a, b) => a!.power(b!), x!, w!),
			traced((a) => a!.power(-2), x!),
			traced((a) => a!.power(5), x!),
			traced((a) => a!.power(2), whole),
		];
		for (const program of programs) {
			assert.equal(
				decompose(program).instructions.map(({ op }) => op.name),
				program.instructions.map(({ op }) => op.name),
			);
		}
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

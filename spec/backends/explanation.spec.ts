import { execFileSync } from "node:child_process";
import * as assert from "uvu/assert";
import { compile } from "../../lib/compile/index.ts";
import { grad, ones, random, type Tensor, TraceError } from "../../lib/index.ts";
import { bundleOf } from "../children.ts";
import { refuses } from "../near.ts";
import { suite } from "../suite.ts";

type Function = (...args: Tensor[]) => unknown;
const stepsOf = (f: Function, ...args: Tensor[]) =>
	compile(f)
		.explain(...args)
		.steps.map(({ runs, ops }) => `${runs}: ${ops.join(" ")}`);

const [x, w, b] = [ones([6, 4]), ones([4, 3]), ones([3])];

suite("compile/explanation", (test) => {
	test("a chain of elementwise ops is one loop, whatever it reads in passing", () => {
		assert.equal(
			stepsOf((u, v) => u!.mul(2).add(v!).tanh().greater(0).where(u!, 0), b, b),
			["loop: mul add tanh greater where"],
		);
		assert.equal(
			stepsOf((u, v) => [u!.add(v!), u!.add(v!).exp()], w, b),
			["loop: add exp"],
		);
	});

	test("what follows a product is part of it, and what comes before a reduction of that", () => {
		assert.equal(
			stepsOf((u, v, c) => u!.dot(v!).add(c!).relu(), x, w, b),
			["product: dot add relu"],
		);
		assert.equal(
			stepsOf((u, v) => u!.sub(v!).square().sum(), x, x),
			["reduction: sub square sum"],
		);
	});

	test("views cost nothing; a reshape that no strides can show is a copy", () => {
		assert.equal(
			stepsOf((u) => u!.T.slice([0, 2]).flip().expandDims(0).exp(), x),
			["loop: exp"],
		);
		assert.equal(
			stepsOf((u) => u!.T.reshape([-1]).exp(), x),
			["loop: reshape", "loop: exp"],
		);
	});

	test("an op that reads a loop through a transpose is not joined with it", () => {
		assert.equal(
			stepsOf((u) => u!.exp().add(u!.exp().T), ones([3, 3])),
			["loop: exp", "loop: add"],
		);
	});

	test("a loop is not delayed beyond someone who reads it", () => {
		const f = (u: Tensor, v: Tensor) => {
			const h = u.exp();
			return h.dot(v).sum().mul(h);
		};
		assert.equal(stepsOf(f as Function, ones([3, 3]), ones([3, 3])), [
			"loop: exp",
			"product: dot",
			"reduction: sum",
			"loop: mul",
		]);
	});

	test("what is not lowered says so", () => {
		assert.equal(
			stepsOf((key) => random.normal(key!, [3]).exp(), random.key(0)),
			["evaluation: normal", "loop: exp"],
		);
	});

	test("it counts operations, bytes and the arena, and prints as a table", () => {
		const f = compile((u: Tensor, v: Tensor) => u.dot(v).square().T.dot(u));
		const explanation = f.explain(x, w);
		assert.equal(
			explanation.steps.map(({ flops, bytes }) => [flops, bytes]),
			[
				[2 * 6 * 3 * 4 + 18, 8 * (24 + 12 + 18)],
				[2 * 3 * 4 * 6, 8 * (18 + 24 + 12)],
			],
		);
		assert.is(explanation.scratchBytes, 192);
		assert.is(explanation.threads, 1);
		const lines = String(explanation).split("\n");
		assert.match(lines[0]!, /^product +dot square +float64 \(6×3\) +162 FLOP +432 B$/);
		assert.match(lines[2]!, /^arena: .* 192 B for what is needed on the way \(144 B unshared\)$/);
	});

	test("inside of a transform there is nothing to explain", () => {
		refuses(
			() => grad((u: Tensor) => compile(() => u.sum()).explain() as never)(x),
			TraceError,
			"differentiated",
		);
	});

	test("where WebAssembly may not be used the program runs in JavaScript", () => {
		const args = [bundleOf("spec/programs/without-webassembly.ts")];
		const output = execFileSync(process.execPath, args, { encoding: "utf8" });
		assert.match(output, /^64 1 the interpreter runs the program: no WebAssembly with SIMD here/);
	});

	test("a program that needs more memory than can be addressed runs in JavaScript", () => {
		// Nothing is run: only an arena for 3 GB of arguments is asked for.
		const large = ones([1, 1]).broadcastTo([20_000, 20_000]);
		const { notes, steps } = compile((u: Tensor) => u.sum()).explain(large);
		assert.equal(notes, ["the interpreter runs the program: an arena of more than 2 GB"]);
		assert.is(steps.length, 1);
	});
});

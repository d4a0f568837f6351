import * as assert from "uvu/assert";
import { compile } from "../../lib/compile/index.ts";
import { grad, random, scan, type Tensor, zeros } from "../../lib/index.ts";
import { rnn } from "../../lib/nn/index.ts";
import { interpret } from "../../lib/program/interpret.ts";
import { intoSteps } from "../../lib/program/into-steps.ts";
import { bodiesOf, checkProgram, type Program } from "../../lib/program/program.ts";
import { simplify } from "../../lib/program/simplify.ts";
import { trace } from "../../lib/program/trace.ts";
import { near, same } from "../near.ts";
import { suite } from "../suite.ts";

const [T, B, W] = [5, 8, 8];
const x = random.normal(random.key(1), [B, T, W]);
const y = random.normal(random.key(2), [T, B, W]);
const b = random.normal(random.key(3), [W]);

/** The sums of what is read so far. */
const sums = (xs: Tensor, start = zeros(xs.shape.slice(1))) =>
	scan((sum: Tensor, x: Tensor) => [sum.add(x), sum], start, xs);

const namesIn = ({ instructions }: Program) => instructions.map(({ op }) => op.name);

/** The ops around the loops of a function and those in them; checks that results are the same. */
function opsOf(f: (...args: Tensor[]) => Tensor[], ...args: Tensor[]) {
	const { program } = trace(args, (inputs) => f(...inputs));
	const before = simplify(program).program;
	const after = intoSteps(before);
	checkProgram(after);
	const expected = interpret(before, args);
	for (const [i, out] of interpret(after, args).entries()) same(out, expected[i]!);
	const loops = after.instructions.filter(({ op }) => op.lowering === "repeat");
	const views = new Set(["slice", "reshape", "permute", "scan"]);
	return {
		around: namesIn(after).filter((name) => !views.has(name)),
		inside: loops.map(({ op }) => bodiesOf(op).flatMap(namesIn)),
	};
}

suite("program/into-steps", (test) => {
	test("what only a loop reads is computed in its steps, a bias and a factor with it", () => {
		const f = (y: Tensor, b: Tensor) => [sums(y.mul(2).add(b))[0]];
		assert.equal(opsOf(f as never, y, b), {
			around: [],
			inside: [["mul", "broadcastTo", "add", "add"]],
		});
	});

	test("so is what it reads through a view, forward and in reverse", () => {
		const { around } = opsOf((x) => [sums(x!.square().transpose([1, 0, 2]))[0]], x);
		assert.equal(around, []);
		const backward = opsOf((y) => [sums(y!)[0], sums(y!.mul(3).flip(0).add(y!))[1]], y);
		assert.equal(backward.around, ["mul", "flip"]);
	});

	test("what others read too, small entries and loops without steps stay as they are", () => {
		const shared = (y: Tensor) => {
			const z = y.mul(2);
			return [sums(z)[0], z];
		};
		assert.equal(opsOf(shared as never, y).around, ["mul"]);
		assert.equal(opsOf((y) => [sums(y!.mul(2))[0]], y.slice(null, 0)).around, ["mul"]);
		assert.equal(opsOf((y) => [sums(y!.mul(2))[0]], y.slice([0, 0])).around, ["mul"]);
	});

	test("a loop in the step of another one computes what it reads", () => {
		const f = (y: Tensor) => [
			scan((c: Tensor, t: Tensor) => [sums(y.mul(t), c)[0], null], y.slice(0), b.slice([0, 3]))[0],
		];
		const { program } = trace([y], ([y]) => f(y!));
		const [outer] = intoSteps(simplify(program).program).instructions.filter(
			({ op }) => op.lowering === "repeat",
		);
		const [body] = bodiesOf(outer!.op);
		const [inner] = body!.instructions.filter(({ op }) => op.lowering === "repeat");
		assert.not.ok(namesIn(body!).includes("mul"));
		assert.equal(bodiesOf(inner!.op).flatMap(namesIn), ["broadcastTo", "mul", "add"]);
	});

	test("the cotangents of a recurrent layer are neither stored nor put together", () => {
		const layer = rnn(W, W);
		const params = layer.init(random.key(4));
		const gradient = grad((p: typeof params, x: Tensor) => layer.apply(p, x).square().sum());
		const run = compile(gradient);
		const runs = run.explain(params, x).steps.map(({ ops }) => ops);
		assert.not.ok(runs.flat().some((op) => op === "unslice" || op === "mul" || op === "add"));
		const [actual, expected] = [run(params, x), gradient(params, x)];
		near(actual.wx, expected.wx, 1e-12);
		near(actual.wh, expected.wh, 1e-12);
		near(actual.b, expected.b, 1e-12);
	});
});

import * as assert from "uvu/assert";
import { compile } from "../../lib/compile/index.ts";
import {
	fori,
	GradientError,
	grad,
	jvp,
	random,
	stack,
	type Tensor,
	tensor,
	treeLeaves,
	valueAndGrad,
	vmap,
} from "../../lib/index.ts";
import { type LbfgsState, lbfgs } from "../../lib/optim/index.ts";
import { train } from "../../lib/train/index.ts";
import { near, refuses, same } from "../near.ts";
import { suite } from "../suite.ts";

const optimizer = lbfgs();

/** Σ 100·(xᵢ₊₁ − xᵢ²)² + (1 − xᵢ)². */
function rosenbrock(x: Tensor): Tensor {
	const [a, b] = [x.slice([0, -1]), x.slice([1, null])];
	return b.sub(a.square()).square().mul(100).add(a.sub(1).square()).sum();
}

const curvature = tensor([1, 10, 100, 1000]);
const quadratic = (x: Tensor) => curvature.mul(x.sub(3).square()).sum();

const xs = random.normal(random.key(1), [16, 3]);
const ys = xs.sum(1, { keepDims: true }).sin();
const net = { w: random.normal(random.key(2), [3, 4]), b: tensor([0, 0, 0, 0]) };
type Net = typeof net;
const loss = ({ w, b }: Net) => {
	const out = xs.dot(w).add(b).tanh().sum(1, { keepDims: true });
	return out.sub(ys).square().mean();
};

/** So many updates, each of which is made by the given function. */
function updates<P>(
	update: (state: LbfgsState<P>, params: P) => [P, LbfgsState<P>],
	f: (params: P) => Tensor,
	params: P,
	count: number,
): (readonly [P, LbfgsState<P>])[] {
	let now: [P, LbfgsState<P>] = [params, optimizer.init(valueAndGrad(f), params)];
	return Array.from({ length: count }, () => {
		now = update(now[1], now[0]);
		return now;
	});
}

/** Compares so many updates from each start, compiled and not. */
function agree<P>(
	f: (params: P) => Tensor,
	starts: readonly P[],
	count: number,
	tolerance: number,
) {
	const update = (state: LbfgsState<P>, params: P) =>
		optimizer.update(valueAndGrad(f), state, params);
	const compiled = compile(update);
	for (const start of starts) {
		const found = updates(compiled, f, start, count);
		for (const [i, expected] of updates(update, f, start, count).entries()) {
			const [left, right] = [treeLeaves(found[i]!), treeLeaves(expected)];
			for (const [at, x] of left.entries()) near(x, right[at]!, tolerance);
		}
	}
}

suite("optim/lbfgs-compiled", (test) => {
	test("a compiled update is the one of JavaScript, step by step, with all that it remembers", () => {
		agree(rosenbrock, [tensor([-1.2, 1, -1.2, 1]), tensor([1, 1, 1, 1])], 12, 1e-9);
		agree(quadratic, [tensor([1, 2, -1, 5])], 10, 1e-9);
		agree(loss, [net], 12, 1e-10);
	});

	test("so it is before a wall of NaN, along a line without end, and in float32", () => {
		const f = (x: Tensor) => x.sub(x.slice(1).log()).sum().add(x.slice(0).exp());
		agree(f, [tensor([0.5, 0.05]), tensor([-1, 20])], 12, 1e-9);
		agree(rosenbrock, [tensor([-1.2, 1], { dtype: "float32" })], 6, 1e-4);
	});

	test("where nothing better is found the parameters stay, and the next update begins anew", () => {
		// Its gradient points the wrong way.
		const f = (x: Tensor): [Tensor, Tensor] => [x.square().sum(), x.mul(-2)];
		const update = (state: LbfgsState<Tensor>, x: Tensor) => optimizer.update(f, state, x);
		const start = tensor([1, 2]);
		const state = { ...optimizer.init(f, start), known: tensor(1, { dtype: "int32" }) };
		const odd = { ...state, steps: state.steps.add(1), changes: state.changes.add(1) };
		for (const made of [update, compile(update)]) {
			const [x, after] = made(odd, start);
			same(x, [1, 2]);
			same(after.known, 0);
			same(after.step, 1);
		}
	});

	test("many updates are one loop of the program, the search a loop inside, with no call out of it", () => {
		const f = valueAndGrad(rosenbrock);
		const run = compile((x: Tensor, state: LbfgsState<Tensor>) =>
			fori<readonly [Tensor, LbfgsState<Tensor>]>(
				0,
				45,
				([x, state]) => optimizer.update(f, state, x),
				[x, state],
			),
		);
		const start = tensor([-1.2, 1, -1.2, 1]);
		const [x, { step, value }] = run(start, optimizer.init(f, start));
		near(x, [1, 1, 1, 1], 1e-8);
		assert.ok(value.item() < 1e-16);
		same(step, 45);
		const told = String(run.explain(start, optimizer.init(f, start)));
		assert.match(told, /repeat ×45/);
		assert.match(told, /while/);
		assert.not.match(told, /^ *call/m);
	});

	test("train takes several steps of it in one call", async () => {
		const step = ({ params, state }: { params: Net; state: LbfgsState<Net> }, rows: Net) => {
			const f = valueAndGrad((p: Net) => loss(p).add(rows.b.sum()));
			const [next, after] = optimizer.update(f, state, params);
			return { state: { params: next, state: after }, loss: state.value };
		};
		const zero = { w: tensor([0]), b: tensor([0]) };
		const state = { params: net, state: optimizer.init(valueAndGrad(loss), net) };
		const options = { state, step, data: () => Array<Net>(8).fill(zero), epochs: 1, output: null };
		const one = await train(options);
		const loops = await train({ ...options, stepsPerCall: 4, compile });
		near(loops.state.params.w, one.state.params.w, 1e-10);
		near(loops.history[0]!.loss!, one.history[0]!.loss!, 1e-12);
	});

	test("an update has derivatives: those of where three updates end, by the curvature, in both modes", () => {
		const end = (a: Tensor): Tensor => {
			const f = valueAndGrad((x: Tensor) => a.mul(x.sub(3).square()).sum().add(x.exp().sum()));
			let x = tensor([1, 2]);
			let state = optimizer.init(f, x);
			for (let i = 0; i < 3; i++) [x, state] = optimizer.update(f, state, x);
			return x.square().sum();
		};
		const a = tensor([1, 4]);
		const h = 1e-5;
		const by = (d: Tensor) =>
			end(a.add(d))
				.sub(end(a.sub(d)))
				.div(2 * h)
				.item();
		const expected = [by(tensor([h, 0])), by(tensor([0, h]))];
		near(grad(end)(a), expected, 1e-7);
		near(jvp(end, a, tensor([1, 0]))[1], expected[0]!, 1e-7);
	});

	test("a tensor by which f is differentiated, but of which the state knows nothing, is an error", () => {
		const f = (a: Tensor) => valueAndGrad((x: Tensor) => a.mul(x.square()).sum());
		const start = tensor([1, 2]);
		const state = optimizer.init(f(tensor(2)), start);
		const end = (a: Tensor) => optimizer.update(f(a), state, start)[0].sum();
		refuses(() => grad(end)(tensor(2)), GradientError, "begin with init(f, params) inside");
	});

	test("under vmap each example has its own search", () => {
		const f = valueAndGrad(rosenbrock);
		const two = (x: Tensor) => {
			const [after, state] = optimizer.update(f, optimizer.init(f, x), x);
			return optimizer.update(f, state, after)[0];
		};
		const starts = [tensor([-1.2, 1]), tensor([0, 3]), tensor([1, 1])];
		const all = vmap(two)(stack(starts));
		for (const [i, x] of starts.entries()) near(all.slice(i), two(x), 1e-9);
	});
});

import * as assert from "uvu/assert";
import {
	DomainError,
	mapTree,
	type Tensor,
	tensor,
	treeLeaves,
	valueAndGrad,
} from "../../lib/index.ts";
import { globalNorm, type Lbfgs, lbfgs, type Objective } from "../../lib/optim/index.ts";
import { near, refuses, same } from "../near.ts";
import { suite } from "../suite.ts";

interface Point {
	readonly x: Tensor;
	readonly rest: readonly Tensor[];
}

/** Σ 100·(xᵢ₊₁ − xᵢ²)² + (1 − xᵢ)², the extended function of Rosenbrock. */
function rosenbrock({ x, rest }: Point): Tensor {
	const all = [x.slice(0), x.slice(1), ...rest];
	return all
		.slice(1)
		.map((b, i) => {
			const a = all[i]!;
			return b.sub(a.square()).square().mul(100).add(a.neg().add(1).square());
		})
		.reduce((sum, term) => sum.add(term));
}

const start: Point = { x: tensor([-1.2, 1]), rest: [tensor(-1.2), tensor(1)] };

/** Parameters, state and how often the function was called, after some updates. */
function run<Params>(optimizer: Lbfgs, f: Objective<Params>, from: Params, updates: number) {
	let calls = 0;
	const counted: Objective<Params> = (params) => {
		calls++;
		return f(params);
	};
	let params = from;
	let state = optimizer.init(counted, params);
	const values = [state.value.item()];
	for (let i = 0; i < updates; i++) {
		[params, state] = optimizer.update(counted, state, params);
		values.push(state.value.item());
	}
	return { params, state, values, calls };
}

suite("optim/lbfgs", (test) => {
	test("it finds the minimum of Rosenbrock's function in few evaluations, and the value never rises", () => {
		const { params, state, values, calls } = run(lbfgs(), valueAndGrad(rosenbrock), start, 45);
		near(params.x, [1, 1], 1e-8);
		near(params.rest[1]!, 1, 1e-8);
		assert.ok(globalNorm(state.gradient).item() < 1e-8);
		assert.ok(values.every((value, i) => i === 0 || value <= values[i - 1]!));
		assert.ok(calls <= 80, `${calls} evaluations`);
		same(state.step, 45);
	});

	test("a quadratic with curvatures from 1 to 1000 is solved in 25 updates of about one evaluation each", () => {
		const curvature = tensor([1, 10, 100, 1000]);
		const f = valueAndGrad((x: Tensor) => curvature.mul(x.sub(3).square()).sum());
		const { params, calls } = run(lbfgs(), f, tensor([1, 2, -1, 5]), 25);
		near(params, [3, 3, 3, 3], 1e-7);
		assert.ok(calls <= 30, `${calls} evaluations`);
	});

	test("a history of one step still gets there, and an old step is forgotten", () => {
		const { params, state } = run(lbfgs({ history: 1 }), valueAndGrad(rosenbrock), start, 120);
		near(params.x, [1, 1], 1e-6);
		assert.equal(state.steps.shape, [1, 4]);
	});

	test("at the minimum the parameters stay, and so does the value", () => {
		const f = valueAndGrad((x: Tensor) => x.square().sum());
		const { params, values } = run(lbfgs(), f, tensor([0, 0]), 3);
		same(params, [0, 0]);
		same(values, [0, 0, 0, 0]);
	});

	test("a wall of NaN or ∞ is too far, and a function without a minimum is followed down", () => {
		const walled = valueAndGrad((x: Tensor) => x.sub(x.log()).sum());
		near(run(lbfgs(), walled, tensor([0.05, 20]), 25).params, [1, 1], 1e-7);
		const steep = valueAndGrad((x: Tensor) => x.exp().sum());
		const { values } = run(lbfgs(), steep, tensor([0.5]), 30);
		assert.ok(values.at(-1)! < 1e-6);
	});

	test("float32 parameters stay float32", () => {
		const narrow = mapTree((x) => x.astype("float32"), start);
		const { params } = run(lbfgs(), valueAndGrad(rosenbrock), narrow, 45);
		assert.ok(treeLeaves(params).every(({ dtype }) => dtype === "float32"));
		near(params.x.astype("float64"), [1, 1], 1e-3);
	});

	test("the state is a plain tree, from which the run goes on as if it had not stopped", () => {
		const f = valueAndGrad(rosenbrock);
		const half = run(lbfgs(), f, start, 10);
		const copy = <T>(tree: T) => mapTree((x) => tensor(x.data, { shape: x.shape }), tree);
		let [params, state] = [copy(half.params), copy(half.state)];
		for (let i = 0; i < 5; i++) [params, state] = lbfgs().update(f, state, params);
		same(params.x, run(lbfgs(), f, start, 15).params.x);
	});

	test("a history below 1 is refused", () => {
		refuses(() => lbfgs({ history: 0 }), DomainError, "whole number from 1");
	});
});

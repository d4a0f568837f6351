import { flatten } from "../../lib/core/tree.ts";
import { DomainError, mapTree, type Tensor, treeLeaves } from "../../lib/index.ts";
import { accumulate, adam, schedules, sgd } from "../../lib/optim/index.ts";
import { interpret } from "../../lib/program/interpret.ts";
import { trace } from "../../lib/program/trace.ts";
import { near, refuses, same } from "../near.ts";
import { suite } from "../suite.ts";
import { someGradient, start } from "./problem.ts";

const gradients = [1, 2, 3, 4].map(someGradient);
const mean = (i: number) => mapTree((a, b) => a.add(b).mul(0.5), gradients[i]!, gradients[i + 1]!);

suite("optim/accumulate", (test) => {
	test("two gradients make one update with their mean, and so do the next two", () => {
		const inner = adam({ learningRate: schedules.exponential({ initial: 0.1, factor: 0.5 }) });
		let [expected, innerState] = inner.update(mean(0), inner.init(start), start);
		[expected, innerState] = inner.update(mean(2), innerState, expected);
		const optimizer = accumulate(inner, 2);
		let [params, state] = [start, optimizer.init(start)];
		for (const [i, g] of gradients.entries()) {
			const before = params;
			[params, state] = optimizer.update(g, state, params);
			if (i % 2 === 0) same(params.w, before.w);
		}
		near(params.w, expected.w, 1e-14);
		near(state.v.rest[0]!.b, innerState.v.rest[0]!.b, 1e-14);
		same(state.pending.w, [0, 0, 0]);
		same(state.step, 4);
	});

	test("traced it gives the same bits, with and without the update", () => {
		const optimizer = accumulate(sgd({ learningRate: 0.1, momentum: 0.9 }), 2);
		const first = optimizer.update(gradients[0]!, optimizer.init(start), start)[1];
		const all = { params: start, state: first, gradient: gradients[1]! };
		const { leaves, rebuild } = flatten("spec", all, "tree");
		const step = (given: readonly Tensor[]) => {
			const { params, state, gradient } = rebuild(given);
			return treeLeaves(optimizer.update(gradient, state, params));
		};
		const { program } = trace(leaves, step);
		const begun = treeLeaves({ ...all, state: optimizer.init(start) });
		for (const given of [leaves, begun]) {
			const actual = interpret(program, given);
			for (const [i, expected] of step(given).entries()) same(actual[i]!, expected);
		}
	});

	test("a count of 1 changes nothing, and one below is refused", () => {
		const inner = sgd({ learningRate: 0.1 });
		const optimizer = accumulate(inner, 1);
		const [params] = optimizer.update(gradients[0]!, optimizer.init(start), start);
		same(params.w, inner.update(gradients[0]!, inner.init(start), start)[0].w);
		refuses(() => accumulate(inner, 0), DomainError, "whole number from 1");
	});
});

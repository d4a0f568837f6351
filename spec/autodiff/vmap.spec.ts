import * as assert from "uvu/assert";
import {
	DomainError,
	debug,
	grad,
	hessian,
	hvp,
	jacobian,
	jvp,
	random,
	ShapeError,
	softmax,
	stack,
	sum,
	type Tensor,
	TraceError,
	tensor,
	unstack,
	vjp,
	vmap,
	where,
	zeros,
} from "../../lib/index.ts";
import { near, refuses, same } from "../near.ts";
import { raw } from "../raw-op.ts";
import { suite } from "../suite.ts";

const x = random.normal(random.key(1), [5, 3]);
const w = random.normal(random.key(2), [3, 4]);
const layer = (w: Tensor, x: Tensor) => x.dot(w).tanh();
const loss = (w: Tensor, x: Tensor) => layer(w, x).square().sum();

suite("autodiff/vmap", (test) => {
	test("a function of one example runs for all of a batch, once", () => {
		let runs = 0;
		const f = vmap((x: Tensor) => {
			runs++;
			assert.equal(x.shape, [3]);
			return softmax(x).mul(x).sum();
		});
		same(f(x), stack(unstack(x).map((row) => softmax(row).mul(row).sum())));
		assert.is(runs, 1);
	});

	test("axes are a number from either end, null, or a structure of them, for arguments and results", () => {
		const f = (p: { w: Tensor; b: Tensor[] }, x: Tensor) => ({
			y: x.dot(p.w),
			b: [p.b[0]!.mul(2)],
		});
		const p = {
			w: stack(
				unstack(x).map((row) => w.mul(row.sum())),
				-1,
			),
			b: [w],
		};
		const axes = { in: [{ w: -1, b: [null] }, 0] as const, out: { y: 1, b: [null] } };
		const out = vmap(f, axes)(p, x);
		near(
			out.y,
			stack(
				unstack(x).map((row) => row.dot(w.mul(row.sum()))),
				1,
			),
		);
		same(out.b[0]!, w.mul(2));
	});

	test("what is no tensor is passed on, and what does not depend on the example is repeated", () => {
		const f = (x: Tensor, kind: string, n: number) =>
			[kind === "sum" ? x.sum() : x.mul(n), w] as const;
		const [sums, same5] = vmap(f)(x, "sum", 2);
		same(sums, sum(x, 1));
		assert.equal(same5.shape, [5, 3, 4]);
	});

	test("a batch inside of a batch spans the product of both", () => {
		const table = vmap(
			vmap((a: Tensor, b: Tensor) => a.sub(b).square().sum(), { in: [null, 0] }),
			{
				in: [0, null],
			},
		)(x, x);
		near(table, sum(x.expandDims(1).sub(x.expandDims(0)).square(), -1));
	});

	test("the gradient of each example comes from grad inside, their sum from grad outside", () => {
		const each = vmap(grad(loss), { in: [null, 0] })(w, x);
		same(each, stack(unstack(x).map((row) => grad(loss)(w, row))));
		const total = grad((w: Tensor) => vmap(loss, { in: [null, 0] })(w, x).sum())(w);
		near(total, each.sum(0));
	});

	test("all transforms go inside and outside", () => {
		const f = (x: Tensor) => x.sin().mul(x).sum();
		const rows = unstack(x);
		const each = (g: (row: Tensor) => Tensor) => stack(rows.map(g));
		same(
			vmap((x: Tensor) => jvp(f, x, x)[1])(x),
			each((row) => jvp(f, row, row)[1]),
		);
		same(
			vmap((x: Tensor) => hvp(f, x, x))(x),
			each((row) => hvp(f, row, row)),
		);
		same(
			vmap((x: Tensor) => hessian(f)(x))(x),
			each((row) => hessian(f)(row)),
		);
		same(
			vmap((x: Tensor) => jacobian((x: Tensor) => layer(w, x))(x))(x),
			each((row) => jacobian((x: Tensor) => layer(w, x))(row)),
		);
		near(
			hessian((x: Tensor) => vmap(f)(x).sum())(x),
			hessian((x: Tensor) => sum(x.sin().mul(x)))(x),
		);
		near(
			jvp(vmap(f), x, x)[1],
			each((row) => jvp(f, row, row)[1]),
		);
		near(
			vjp(vmap(f), x)[1](tensor([1, 2, 3, 4, 5])),
			x
				.sin()
				.add(x.cos().mul(x))
				.mul(tensor([[1], [2], [3], [4], [5]])),
		);
	});

	test("a choice by value is where; a value asked for is an error with the way out", () => {
		same(
			vmap((x: Tensor) => where(x.sum().greater(0), x, x.neg()))(x),
			where(sum(x, 1, { keepDims: true }).greater(0), x, x.neg()),
		);
		for (const ask of [
			(x: Tensor) => x.sum().item(),
			(x: Tensor) => x.data,
			(x: Tensor) => String(x),
		]) {
			refuses(() => vmap((x: Tensor) => [ask(x)])(x), TraceError, "choose by value with where");
		}
	});

	test("an example that has left its function is refused", () => {
		let left!: Tensor;
		vmap((x: Tensor) => {
			left = x;
			return x;
		})(x);
		refuses(
			() => left.add(1),
			TraceError,
			"the function that vmap runs for all examples has ended",
		);
		refuses(() => left.data, TraceError, "vmap");
		refuses(() => grad((w: Tensor) => w.mul(left).sum())(x.slice(0)), TraceError, "has ended");
	});

	test("arguments that do not fit are named by where they lie", () => {
		const f = (p: { a: Tensor[] }, x: Tensor) => p.a[0]!.add(x);
		refuses(
			() => vmap(f)({ a: [w] }, x),
			ShapeError,
			"args[0].a[0] has 3 along axis 0 and args[1] has 5",
		);
		refuses(() => vmap(f, { in: null })({ a: [w] }, x), ShapeError, "in is null for all");
		refuses(
			() => vmap(f, { in: [0] })({ a: [w] }, x),
			ShapeError,
			"an entry of in for each of 2 arguments, got 1",
		);
		refuses(() => vmap(f, { in: [{ a: [0, 0] }, 0] })({ a: [w] }, x), ShapeError, "args[0].a");
		refuses(() => vmap(f, { in: [{}, 0] })({ a: [w] }, x), ShapeError, "an entry a for args[0]");
		refuses(() => vmap((x: Tensor) => x)(tensor(1)), ShapeError, "a scalar has none");
		refuses(() => vmap((x: Tensor) => x, { in: 2 })(x), ShapeError, "expected an axis of args[0]");
		refuses(() => vmap((x: Tensor) => x, { out: 2 })(x), ShapeError, "expected an axis of result");
		refuses(() => vmap((x: Tensor) => x, { out: null })(x), ShapeError, "depends on the example");
		refuses(() => vmap(3 as never), DomainError, "vmap");
	});

	test("a batch of no examples has the shape of its results", () => {
		assert.equal(vmap((x: Tensor) => x.dot(w).sum())(zeros([0, 3])).shape, [0]);
		assert.equal(vmap(raw)(zeros([0, 3])).shape, [0, 3]);
	});

	test("an op without a rule is applied one by one, and debug says so", () => {
		same(vmap(raw)(x), x.mul(2));
		same(vmap(grad((x: Tensor) => raw(x).sum()))(x), x.mul(0).add(2));
		const said: string[] = [];
		const { warn } = console;
		console.warn = (text: string) => said.push(text);
		try {
			debug(vmap((x: Tensor) => raw(raw(x))))(x);
		} finally {
			console.warn = warn;
		}
		assert.is(said.length, 1);
		assert.match(said[0]!, "raw has no rule for a batch");
	});
});

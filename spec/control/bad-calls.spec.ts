import * as assert from "uvu/assert";
import { compile } from "../../lib/compile/index.ts";
import type { Tensor } from "../../lib/index.ts";
import * as a from "../../lib/index.ts";
import { odeint } from "../../lib/ode/index.ts";
import { loose } from "../bad-calls.ts";
import { near, refuses } from "../near.ts";
import { suite } from "../suite.ts";

const { customGradient, fori, grad, scan, tensor, vmap } = a;
const v = tensor([1, 2]);
const xs = tensor([
	[1, 2],
	[3, 4],
	[5, 6],
]);
const LOST = "customGradient: the function uses a tensor that is being differentiated";
/** Ten times the cotangent, by what is given; by `x`, which is closed over, nothing is known. */
const times = (x: Tensor) =>
	customGradient(
		(c: Tensor) => c.mul(x),
		(g: Tensor) => g.mul(10),
	);

suite("bad calls of loops, branches and batches", (test) => {
	test("a derivative given in a step, which leaves out what is closed over, is refused where that is differentiated", () => {
		const closed = (x: Tensor) => scan((c: Tensor) => [times(x)(c), null], v, xs)[0].sum();
		const branch = (x: Tensor) => a.cond(x.sum().greater(0), times(x), (c) => c, v).sum();
		const carry = (x: Tensor) => {
			return scan((c: Tensor, y: Tensor) => [times(c)(y), null], x, xs)[0].sum();
		};
		for (const f of [closed, branch, carry]) {
			refuses(() => compile(grad(f))(v), a.GradientError, LOST);
			refuses(() => grad(f)(v), a.GradientError, LOST);
			near(compile(f)(v), f(v));
		}
		const entry = (x: Tensor) => {
			return scan((c: Tensor, y: Tensor) => [times(y)(c), null], x, xs)[0].sum();
		};
		near(compile(grad(entry))(v), [1000, 1000]);
		const stopped = (x: Tensor) => {
			const step = (c: Tensor, y: Tensor) => [times(a.stopGradient(c))(y.mul(x)), null] as const;
			return scan(step as never, x, xs)[0].sum();
		};
		near(compile(grad(stopped))(v), grad(stopped)(v));
	});

	test("a compiled step may solve an equation whose gradient is given with it", () => {
		const f = (k: Tensor) => {
			const step = (y: Tensor) => odeint((y: Tensor, _, k: Tensor) => y.mul(k), y, [0, 0.1], k);
			return fori(0, 3, (y) => step(y).slice(1), v).sum();
		};
		near(compile(grad(f))(v), grad(f)(v), 1e-9);
	});

	test("what has no values yet is named in an error, and not printed", () => {
		const read = compile((i: Tensor) => v.slice(loose(i)));
		refuses(() => read(tensor(1)), a.ShapeError, "slice: expected a number, null or [start");
		refuses(() => vmap((i: Tensor) => v.slice(loose(i)))(v), a.ShapeError, "take(x, i, axis)");
		refuses(() => vmap((i: Tensor) => xs.sum(loose(i)))(v), a.ShapeError, "got a tensor");
		const keys = a.random.split(a.random.key(0), 3);
		const noise = vmap((key: Tensor) => a.random.normal(key, [2]));
		refuses(() => noise(loose(keys)), a.DTypeError, "stack(keys)");
		assert.equal(noise(a.stack(keys)).shape, [3, 2]);
	});

	test("a value asked for in a recorded step names the function that records it", () => {
		const byValue = (c: Tensor) => (c.sum().item() > 3 ? c.mul(2) : c);
		for (const [name, f] of [
			["scan", (x: Tensor) => scan((c: Tensor) => [byValue(c), null], x, xs)[0]],
			["fori", (x: Tensor) => fori(0, 3, byValue, x)],
			["whileLoop", (x: Tensor) => a.whileLoop(() => true, byValue, x, { max: 3 })],
			["cond", (x: Tensor) => a.cond(x.sum().greater(0), byValue, (c) => c, x)],
		] as const) {
			refuses(() => compile(f)(v), a.TraceError, `${name}: the value of`);
			f(v);
		}
	});

	test("a promise is called one", () => {
		refuses(() => vmap(async (x: Tensor) => x)(v), a.ShapeError, "got a promise at result");
		refuses(
			() =>
				scan(
					loose(async (c: Tensor) => [c, c]),
					v,
					xs,
				),
			a.ShapeError,
			"to return [carry, y], got a promise",
		);
		refuses(
			() =>
				a.whileLoop(
					loose(async () => true),
					(c) => c,
					v,
				),
			a.DTypeError,
			"a promise",
		);
	});

	test("a loop of more steps than there are whole numbers for is refused by its name", () => {
		refuses(() => fori(0, 2 ** 40, (c) => c, v), a.ShapeError, "fori: ");
	});
});

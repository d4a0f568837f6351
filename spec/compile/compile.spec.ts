import * as assert from "uvu/assert";
import { derivedStep } from "../../examples/01-two-layer-net.ts";
import { compile } from "../../lib/compile/index.ts";
import {
	DomainError,
	DTypeError,
	debug,
	GradientError,
	grad,
	jvp,
	random,
	type Tensor,
	TraceError,
	tensor,
} from "../../lib/index.ts";
import { near, refuses, same } from "../near.ts";
import { suite } from "../suite.ts";

const normal = (seed: number, shape: number[]) => random.normal(random.key(seed), shape);

/** A function, and how often it ran itself. */
function counted<Args extends unknown[], R>(f: (...args: Args) => R) {
	const count = { runs: 0 };
	const run = (...args: Args) => {
		count.runs++;
		return f(...args);
	};
	return { count, run };
}

suite("compile", (test) => {
	test("a compiled training step gives what the step gives, in the same structure", () => {
		const weights = { w1: normal(1, [5, 4]), w2: normal(2, [4, 2]) };
		const [x, y] = [normal(3, [3, 5]), normal(4, [3, 2])];
		const expected = derivedStep(weights, x, y);
		const step = compile(derivedStep, { reproducible: true })(weights, x, y);
		assert.equal(Object.keys(step), ["loss", "gradient", "weights"]);
		same(step.loss, expected.loss);
		same(step.gradient.w1, expected.gradient.w1);
		same(step.weights.w2, expected.weights.w2);
	});

	test("the function runs once for each structure, shape, dtype and static value", () => {
		const { count, run } = counted((x: { a: Tensor; n: number }) => x.a.mul(x.n));
		const f = compile(run);
		const calls = [
			{ a: tensor([1, 2]), n: 2 },
			{ a: tensor([3, 4]), n: 2 },
			{ a: tensor([1]), n: 2 },
			{ a: tensor([1, 2]).astype("float32"), n: 2 },
			{ a: tensor([1, 2]), n: -0 },
			{ a: tensor([1, 2]), n: 0 },
		];
		for (const call of calls) same(f(call), call.a.mul(call.n));
		for (const call of calls) same(f(call), call.a.mul(call.n));
		assert.is(count.runs, 5);
	});

	test("a list with a gap is not taken for one without, nor a key left undefined for a missing one", () => {
		const { count, run } = counted((x: Tensor, list: number[], given: { a?: undefined }) =>
			x.mul(0 in list ? 1 : 2).mul("a" in given ? 1 : 3),
		);
		const f = compile(run);
		const gap: number[] = [];
		gap[1] = 1;
		const x = tensor([1]);
		for (const list of [[1], gap, [1, 1], []]) {
			same(f(x, list, {}), [0 in list ? 3 : 6]);
			same(f(x, list, { a: undefined }), [0 in list ? 1 : 2]);
		}
		assert.is(count.runs, 8);
	});

	test("what is not a tensor in the result stays as it was recorded", () => {
		const f = compile((x: Tensor) => ({ sum: x.sum(), size: x.size, parts: [x, "name", null] }));
		const { sum, size, parts } = f(tensor([1, 2]));
		same(sum, 3);
		assert.is(size, 2);
		assert.equal(parts.slice(1), ["name", null]);
		same(parts[0] as Tensor, [1, 2]);
	});

	test("a compiled function is differentiated like the function itself", () => {
		const loss = (x: Tensor, w: Tensor) => x.dot(w).tanh().sum();
		const [x, w] = [normal(1, [3]), normal(2, [3, 2])];
		same(grad(compile(loss))(x, w), grad(loss)(x, w));
		same(jvp(compile(loss), x, x, w)[1], jvp(loss, x, x, w)[1]);
		same(compile(grad(compile(loss)))(x, w), grad(loss)(x, w));
		same(grad((u: Tensor) => compile(() => u.square().sum())())(x), x.mul(2));
	});

	test("what a product multiplies is computed before it, though what follows has the same shape", () => {
		const [x, w, v] = [normal(1, [3]), normal(2, [3, 3]), normal(3, [3])];
		const f = (a: Tensor) => w.dot(a.mul(0.5)).mul(0.25);
		const g = (a: Tensor) => w.dot(a.mul(v)).add(a.mul(v));
		near(compile(f)(x), f(x));
		near(compile(g)(x), g(x));
	});

	test("random numbers follow the key", () => {
		const f = compile((key: Tensor) => random.normal(key, [3]));
		for (const seed of [0, 1]) same(f(random.key(seed)), normal(seed, [3]));
	});

	test("errors of the function and of its ops pass through", () => {
		const take = compile((x: Tensor, at: Tensor) => x.take(at));
		same(take(tensor([1, 2]), tensor(1, { dtype: "int32" })), 2);
		refuses(
			() => take(tensor([1, 2]), tensor(5, { dtype: "int32" })),
			DomainError,
			"index 5 is out of range",
		);
		const double = compile((x: Tensor) => x.mul(2));
		refuses(() => double(tensor(2 ** 30, { dtype: "int32" })), DTypeError, "is not an int32");
		const fail = compile((): Tensor => {
			throw new RangeError("mine");
		});
		refuses(() => fail(), RangeError, "mine");
	});

	test("what cannot be compiled is refused with the way out", () => {
		const read = compile((x: Tensor) => x.mul(x.sum().item()));
		refuses(() => read(tensor([1, 2])), TraceError, "where(");
		const f = compile((x: unknown) => x);
		refuses(() => f({ map: new Map() }), TraceError, "a Map at arguments[0].map");
		refuses(() => f(new (class {})()), TraceError, "a nameless object at arguments[0]");
		refuses(() => f(() => 1), TraceError, "a function at arguments[0]");
		const inner: Record<string, unknown> = {};
		inner.self = [inner];
		refuses(() => f({ inner }), TraceError, "contains itself");
		refuses(() => f({ inner }), TraceError, "at arguments[0].inner.self[0];");
		refuses(() => f({ [Symbol("w")]: tensor(1) }), TraceError, "symbols as keys at arguments[0];");
		refuses(() => compile(async () => tensor(1))(), TraceError, "cannot be async");
	});

	test("under debug the function itself runs", () => {
		const f = compile((x: Tensor) => x.log().sum());
		refuses(() => debug(f)(tensor([-1, 1])), GradientError, "log");
	});
});

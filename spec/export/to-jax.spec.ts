import * as assert from "uvu/assert";
import { toJax } from "../../lib/export/index.ts";
import {
	arange,
	broadcastTo,
	cond,
	customGradient,
	DomainError,
	elementwise,
	GradientError,
	grad,
	jvp,
	ones,
	random,
	scan,
	stopGradient,
	type Tensor,
	TraceError,
	tensor,
	valueAndGrad,
	vmap,
	whileLoop,
	zeros,
} from "../../lib/index.ts";
import * as s from "../../lib/scalar/index.ts";
import { refuses } from "../near.ts";
import { suite } from "../suite.ts";
import { step } from "./two-layer-net.ts";

const params = { w1: ones([1000, 100]), w2: ones([100, 10]) };
const batch = { x: ones([64, 1000]), y: ones([64, 10]) };

/** The function of a module, without what is above it. */
const functionOf = (module: string) => module.slice(module.lastIndexOf("\ndef step(") + 1);

suite("export/to-jax", (test) => {
	test("the step of the two-layer net is what a person would write", () => {
		assert.is(
			toJax(step, { params, batch }),
			`"""step, written by adjoint for JAX: forward, backward and what is made of them."""

import jax
import jax.numpy as jnp

jax.config.update("jax_enable_x64", True)


def step(
    params: dict[str, jax.Array],
    batch: dict[str, jax.Array],
) -> tuple[dict[str, jax.Array], jax.Array]:
    w1 = params["w1"]  # float64 (1000, 100)
    w2 = params["w2"]  # float64 (100, 10)
    x = batch["x"]  # float64 (64, 1000)
    y = batch["y"]  # float64 (64, 10)
    h = x.dot(w1)  # (64, 100)
    h_relu = jnp.maximum(h, 0)  # (64, 100)
    y_pred = h_relu.dot(w2)  # (64, 10)
    mul1 = 2.0 * (y_pred - y)  # (64, 10)
    mul2 = x.T.dot(jnp.where(h >= 0, mul1.dot(w2.T), 0)) * 0.000001  # (1000, 100)
    new_w1 = w1 - mul2  # (1000, 100)
    new_w2 = w2 - h_relu.T.dot(mul1) * 0.000001  # (100, 10)
    sum1 = jnp.square(y_pred - y).sum()
    return {"w1": new_w1, "w2": new_w2}, sum1
`,
		);
	});

	test("float32 needs no 64 bits", () => {
		const module = toJax((x: Tensor) => x.exp().sum(), { x: ones([3]).astype("float32") });
		assert.not.match(module, "x64");
	});

	test("a loop and its derivative are scans, over what they close over", () => {
		const last = (w: Tensor, xs: Tensor) =>
			scan((h: Tensor, x: Tensor) => [h.dot(w).add(x).tanh(), null], zeros([2]), xs)[0].sum();
		const text = functionOf(
			toJax((w: Tensor, xs: Tensor) => valueAndGrad(last)(w, xs), {
				w: ones([2, 2]),
				xs: ones([5, 2]),
			}),
		);
		assert.is(text.match(/lax\.scan\(/g)!.length, 2);
		assert.match(text, "reverse=True");
		assert.match(text, /\(carry1,\) = carry\n {8}\(x1,\) = xs\n.*carry1\.dot\(w\)/);
	});

	test("a loop in a loop hands all that its way back needs on as one vector", () => {
		const last = (xs: Tensor) => {
			const inner = (h: Tensor, e: Tensor) =>
				scan((c: Tensor, d: Tensor) => [c.sin().mul(d), null], h, e);
			return scan((h: Tensor, e: Tensor) => [inner(h, e)[0], null], zeros([]), xs)[0];
		};
		const text = functionOf(toJax((xs: Tensor) => grad(last)(xs), { xs: ones([2, 3]) }));
		assert.match(text, "packed1 = jnp.concatenate(");
		assert.match(text, "return (last1,), (packed1,)");
	});

	test("a loop with a test is a while_loop, and a choice is a cond", () => {
		const f = (x: Tensor) =>
			cond(
				x.sum().greater(0),
				(y) =>
					whileLoop(
						(z: Tensor) => z.sum().less(100),
						(z) => z.mul(2),
						y,
					),
				(y) => y.neg(),
				x,
			);
		const text = functionOf(toJax(f, { x: ones([2]) }));
		assert.match(text, /lax\.while_loop\(test\d, step\d, \(x,\)\)/);
		assert.match(text, /lax\.cond\(\w+ != 0, yes\d, no\d\)/);
	});

	test("a choice for each example of a batch runs a branch where one of them takes it", () => {
		const one = (x: Tensor) =>
			cond(
				x.greater(0),
				() => x.square(),
				() => x.neg(),
			);
		const written = toJax(vmap(one) as never, { x: ones([3]) });
		assert.match(written, /lax\.cond\(/);
		assert.match(written, /jnp\.where\(/);
	});

	test("draws name helpers that give our numbers", () => {
		const module = toJax((key: Tensor) => random.normal(key, [3]), { key: random.key(1) });
		assert.match(module, 'normal(key, (3,), "float64")');
		assert.match(module, "def threefry(");
	});

	test("gradients are left to JAX where that is asked for", () => {
		assert.is(
			functionOf(toJax(step, { params, batch }, { grad: "jax" })),
			`def step(
    params: dict[str, jax.Array],
    batch: dict[str, jax.Array],
) -> tuple[dict[str, jax.Array], jax.Array]:
    w1 = params["w1"]  # float64 (1000, 100)
    w2 = params["w2"]  # float64 (100, 10)
    x = batch["x"]  # float64 (64, 1000)
    y = batch["y"]  # float64 (64, 10)

    def loss1(w1, w2):
        h = x.dot(w1)  # (64, 100)
        h_relu = jnp.maximum(h, 0)  # (64, 100)
        y_pred = h_relu.dot(w2)  # (64, 10)
        sum1 = jnp.square(y_pred - y).sum()
        return sum1

    derivative1 = jax.value_and_grad(loss1, argnums=(0, 1))
    value1, (grad_w1, grad_w2) = derivative1(w1, w2)
    new_w1 = w1 - grad_w1 * 0.000001  # (1000, 100)
    new_w2 = w2 - grad_w2 * 0.000001  # (100, 10)
    return {"w1": new_w1, "w2": new_w2}, value1
`,
		);
	});

	test("so are gradients of gradients, and those of each example of a batch", () => {
		const cube = (x: Tensor) => x.mul(x).mul(x).sum();
		const twice = (x: Tensor) => grad((x: Tensor) => grad(cube)(x).sum())(x);
		const nested = functionOf(toJax(twice, { x: ones([3]) }, { grad: "jax" }));
		assert.is(nested.match(/ = jax\.grad\(loss\d\)/g)!.length, 2);
		const each = (x: Tensor, w: Tensor) =>
			vmap((one: Tensor) => grad((w: Tensor) => cube(w.mul(one)))(w))(x);
		const module = toJax(each, { x: ones([4, 3]), w: ones([3]) }, { grad: "jax" });
		assert.is(module.match(/jax\.grad/g)!.length, 1);
	});

	test("JAX is told where no derivative flows, and a loop's step keeps its names", () => {
		const f = (w: Tensor, xs: Tensor) =>
			scan(
				(w: Tensor, x: Tensor) => {
					const g = grad((w: Tensor) =>
						w
							.sub(stopGradient(w.mul(x)).as("aim"))
							.square()
							.sum(),
					)(w);
					return [w.sub(g), null];
				},
				w,
				xs,
			)[0];
		const text = functionOf(toJax(f, { w: ones([2]), xs: ones([5, 2]) }, { grad: "jax" }));
		assert.match(text, /aim = lax\.stop_gradient\(carry1 \* x1\)|lax\.stop_gradient\(aim\)/);
	});

	test("what cannot be left to JAX is refused", () => {
		const left = { grad: "jax" } as const;
		const square = (x: Tensor) => x.square().sum();
		refuses(() => toJax(square, { x: ones([2]) }, left), TraceError, "no gradient to leave to JAX");
		const along = (x: Tensor) => jvp(grad(square), x, x)[1];
		refuses(() => toJax(along, { x: ones([2]) }, left), GradientError, "by other means than grad");
		const own = customGradient(square, (g, _, x) => x.mul(g));
		refuses(
			() => toJax((x: Tensor) => grad(own)(x), { x: ones([2]) }, left),
			TraceError,
			"given by hand",
		);
		const vector = (x: Tensor) => grad((x: Tensor) => x.mul(2))(x);
		refuses(() => toJax(vector, { x: ones([2]) }, left), GradientError, "expected a float scalar");
		refuses(() => toJax(square, { x: ones([2]) }, { grad: "torch" as never }), DomainError, "grad");
	});

	test("JAX draws where that is asked for", () => {
		const draw = (key: Tensor) => random.normal(key, [3]);
		const module = toJax(draw, { key: random.key(1) }, { rng: "jax" });
		assert.match(module, "jax.random.normal(");
		assert.not.match(module, "threefry(");
	});

	test("long lines are laid out as a formatter does it", () => {
		const names = Array.from({ length: 8 }, (_, i) => `weights_of_layer_${i}`);
		const args = Object.fromEntries(names.map((name) => [name, ones([2])]));
		const module = toJax((...all: Tensor[]) => all.map((x, i) => x.exp().as(`result_${i}`)), args);
		for (const line of module.split("\n")) assert.ok(line.length <= 88, line);
		assert.match(module, "def step(\n    weights_of_layer_0: jax.Array,\n");
		assert.match(module, "    return (\n        result_0,\n");
	});

	test("a large constant is written as the call that makes it, where there is one", () => {
		const f = (x: Tensor) => {
			const past = arange(100).expandDims(1).greaterEqual(arange(100));
			const places = arange(3, 2003, 2).astype("int32");
			return [x.mul(broadcastTo(past, [2, 100, 100])).sum(), places.add(1)];
		};
		const text = functionOf(toJax(f, { x: ones([2, 100, 100]) }));
		assert.match(text, 'jnp.tril(jnp.ones((100, 100), dtype="bool"), 0)');
		assert.match(
			toJax((x: Tensor) => x.add(arange(2000)), { x: ones([2000]) }),
			"jnp.arange(2000",
		);
	});

	test("a large tensor that the step of a loop closes over is refused, too", () => {
		const data = random.normal(random.key(1), [50, 40]);
		const f = (x: Tensor) =>
			scan((c: Tensor) => [c.add(data.sum(0)), null], x, null, { length: 3 })[0];
		refuses(
			() =>
				toJax(
					(x: Tensor) =>
						scan((c: Tensor) => [data.dot(c).sum().add(c), null], x, null, { length: 3 })[0],
					{ x: ones([40]) },
				),
			TraceError,
			"no argument",
		);
		assert.match(toJax(f, { x: ones([40]) }), "lax.scan(");
	});

	test("variables are never called like what the module uses", () => {
		const module = toJax((jnp: Tensor, softmax: Tensor) => jnp.add(softmax).softmax(0), {
			jnp: ones([2]),
			softmax: ones([2]),
		});
		assert.match(module, "def step(jnp_2: jax.Array, softmax_2: jax.Array) -> jax.Array:");
		assert.match(module, "softmax(jnp_2 + softmax_2, axis=0)");
	});

	test("what has no form in JAX, and what would fill the module, is refused by name", () => {
		const bump = elementwise(1, {
			name: "bump",
			formula: (x) => s.exp(s.neg(s.mul(x, x))),
			partials: [() => 0],
			print: (x) => `bump(${x})`,
		});
		refuses(() => toJax((x: Tensor) => bump(x), { x: ones([2]) }), TraceError, "applies bump");
		const data = random.normal(random.key(1), [50, 40]);
		refuses(
			() => toJax((x: Tensor) => data.mul(x), { x: ones([40]) }),
			TraceError,
			"float64 (50×40) that is no argument",
		);
		refuses(
			() => toJax((x: Tensor) => tensor(x.sum().item() as number), { x: ones([2]) }),
			TraceError,
			"was asked for",
		);
		refuses(() => toJax(step, [params, batch] as never), TraceError, "arguments by name");
	});
});

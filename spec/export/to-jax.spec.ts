import * as assert from "uvu/assert";
import { toJax } from "../../lib/export/index.ts";
import {
	cond,
	elementwise,
	mapTree,
	ones,
	random,
	scan,
	type Tensor,
	TraceError,
	tensor,
	valueAndGrad,
	whileLoop,
	zeros,
} from "../../lib/index.ts";
import * as s from "../../lib/scalar/index.ts";
import { refuses } from "../near.ts";
import { suite } from "../suite.ts";

type Weights = { w1: Tensor; w2: Tensor };

const loss = ({ w1, w2 }: Weights, x: Tensor, y: Tensor) =>
	x.dot(w1).as("h").maximum(0).as("h_relu").dot(w2).as("y_pred").sub(y).square().sum();

const step = (params: Weights, batch: { x: Tensor; y: Tensor }) => {
	const [value, gradient] = valueAndGrad(loss)(params, batch.x, batch.y);
	return [mapTree((w, g) => w.sub(g.mul(1e-6)), params, gradient), value];
};
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


def step(params, batch):
    w1 = params["w1"]  # float64 (1000, 100)
    w2 = params["w2"]  # float64 (100, 10)
    x = batch["x"]  # float64 (64, 1000)
    y = batch["y"]  # float64 (64, 10)
    h = x.dot(w1)  # (64, 100)
    h_relu = jnp.maximum(h, 0)  # (64, 100)
    y_pred = h_relu.dot(w2)  # (64, 10)
    mul1 = 2.0 * (y_pred - y)  # (64, 10)
    new_w1 = w1 - x.T.dot(jnp.where(h >= 0, mul1.dot(w2.T), 0)) * 0.000001  # (1000, 100)
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

	test("draws name helpers that give our numbers", () => {
		const module = toJax((key: Tensor) => random.normal(key, [3]), { key: random.key(1) });
		assert.match(module, 'normal(key, (3,), "float64")');
		assert.match(module, "def threefry(");
	});

	test("variables are never called like what the module uses", () => {
		const module = toJax((jnp: Tensor, softmax: Tensor) => jnp.add(softmax).softmax(0), {
			jnp: ones([2]),
			softmax: ones([2]),
		});
		assert.match(module, "def step(jnp_2, softmax_2):");
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

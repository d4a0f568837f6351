// Batches: the gradient of each of 256 examples of a small net, by `vmap`, by a loop and by JAX on
// one thread, beside one gradient of their sum; a Jacobian and a Hessian. Microseconds, best and
// median of runs that take turns. `npx tsx spec/bench/batches.ts`.
import { spawnSync } from "node:child_process";
import { compile } from "../../lib/compile/index.ts";
import {
	grad,
	hessian,
	jacobian,
	random,
	stack,
	type Tensor,
	unstack,
	vmap,
} from "../../lib/index.ts";
import { peersPython } from "../peers-python.ts";
import { measure } from "./measure.ts";

const EXAMPLES = 256;
const dtype = "float32";
const normal = (seed: number, ...shape: number[]) =>
	random.normal(random.key(seed), shape, { dtype });

interface Net {
	readonly w1: Tensor;
	readonly b1: Tensor;
	readonly w2: Tensor;
	readonly b2: Tensor;
}
const net: Net = {
	w1: normal(1, 32, 64),
	b1: normal(2, 64),
	w2: normal(3, 64, 10),
	b2: normal(4, 10),
};
const [x, y] = [normal(5, EXAMPLES, 32), normal(6, EXAMPLES, 10)];

/** Of one example, or the sum over a batch. */
const loss = ({ w1, b1, w2, b2 }: Net, x: Tensor, y: Tensor) =>
	x.dot(w1).add(b1).tanh().dot(w2).add(b2).sub(y).square().sum();
const gradient = grad(loss);
const each = vmap(gradient, { in: [null, 0, 0] });
const compiled = { gradient: compile(gradient), each: compile(each) };
const examples = unstack(x).map((row, i) => [row, y.slice(i)] as const);

const square = stack(unstack(normal(7, 64, 64)));
const rows = jacobian((v: Tensor) => square.dot(v).tanh());
const curved = hessian((v: Tensor) => square.slice([0, 50], [0, 50]).dot(v).tanh().square().sum());
const [v, u] = [normal(8, 64), normal(9, 50)];
const [compiledRows, compiledCurved] = [compile(rows), compile(curved)];

const table = (title: string, cases: Record<string, () => unknown>, rounds: number) => {
	const contestants = Object.entries(cases).map(([name, run]) => ({ name, run }));
	console.log(title);
	for (const [i, { best, median }] of measure(contestants, rounds).entries()) {
		const [first, second] = [best, median].map((ms) => (1e3 * ms).toFixed(0).padStart(8));
		console.log(`  ${contestants[i]!.name.padEnd(40)}${first}${second}`);
	}
};

table(
	`gradients of ${EXAMPLES} examples, eagerly`,
	{
		"one gradient of the sum": () => gradient(net, x, y),
		"vmap(grad)": () => each(net, x, y),
		"a loop": () => examples.map(([x, y]) => gradient(net, x, y)),
	},
	10,
);
table(
	"the same, compiled",
	{
		"one gradient of the sum": () => compiled.gradient(net, x, y),
		"vmap(grad)": () => compiled.each(net, x, y),
		"a loop": () => examples.map(([x, y]) => compiled.gradient(net, x, y)),
	},
	40,
);
table(
	"all derivatives at once",
	{
		"a Jacobian, 64 to 64": () => rows(v),
		"a Hessian of 50 parameters": () => curved(u),
		"the Jacobian, compiled": () => compiledRows(v),
		"the Hessian, compiled": () => compiledCurved(u),
	},
	100,
);

const PROGRAM = `
import time
import jax, jax.numpy as jnp, numpy as np
r = np.random.default_rng(0)
n = lambda *s: jnp.array(r.normal(size=s), dtype=jnp.float32)
p, x, y = (n(32, 64), n(64), n(64, 10), n(10)), n(${EXAMPLES}, 32), n(${EXAMPLES}, 10)
loss = lambda p, x, y: jnp.sum((jnp.tanh(x @ p[0] + p[1]) @ p[2] + p[3] - y) ** 2)
runs = {"one gradient of the sum": jax.jit(jax.grad(loss)), "vmap(grad)": jax.jit(jax.vmap(jax.grad(loss), (None, 0, 0)))}
times = {name: [] for name in runs}
for _ in range(100):
    for name, f in runs.items():
        start = time.perf_counter()
        jax.block_until_ready(f(p, x, y))
        times[name].append(1e6 * (time.perf_counter() - start))
print("JAX, jit, one thread")
for name, list in times.items():
    list = sorted(list[20:])
    print(f"  {name:40}{list[0]:8.0f}{list[len(list) // 2]:8.0f}")
`;
const flags = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1";
const { stdout } = spawnSync("taskset", ["-c", "0", peersPython(), "-c", PROGRAM], {
	encoding: "utf8",
	env: { ...process.env, XLA_FLAGS: flags },
});
console.log(stdout ?? "JAX: not measured");

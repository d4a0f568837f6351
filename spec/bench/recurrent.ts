import { spawnSync } from "node:child_process";
import { compile } from "../../lib/compile/index.ts";
import { grad, random, type Tensor } from "../../lib/index.ts";
import { rnn } from "../../lib/nn/index.ts";
import { measure } from "./measure.ts";

const STEPS = [100, 1000];

/** The same gradient in JAX, by `scan`, on one thread. */
const JAX = `
import json, os, sys, time
os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
import jax, jax.numpy as jnp, numpy as np
jax.config.update("jax_enable_x64", True)
steps, rounds = int(sys.argv[1]), int(sys.argv[2])
draw = np.random.default_rng(0).normal
p = {"wx": 0.1 * draw(size=(32, 32)), "wh": 0.1 * draw(size=(32, 32)), "b": np.zeros(32)}
x = draw(size=(16, steps, 32))
def loss(p, x):
    a = jnp.swapaxes(x, 0, 1) @ p["wx"] + p["b"]
    def step(h, a):
        h = jnp.tanh(a + h @ p["wh"])
        return h, h
    return jnp.square(jax.lax.scan(step, jnp.zeros((16, 32)), a)[1]).sum()
run = jax.jit(jax.grad(loss))
times = []
for _ in range(rounds + 1):
    start = time.perf_counter()
    jax.block_until_ready(run(p, x))
    times.append(1e3 * (time.perf_counter() - start))
print(json.dumps({"first": times[0], "best": min(times[1:]), "median": sorted(times[1:])[rounds // 2]}))
`;

interface Times {
	readonly best: number;
	readonly median: number;
}

/** Null where `PEERS_PYTHON` names no Python with JAX. */
function jaxTimes(steps: number, rounds: number): (Times & { first: number }) | null {
	const python = process.env.PEERS_PYTHON ?? "python3";
	const { status, stdout } = spawnSync(python, ["-c", JAX, `${steps}`, `${rounds}`], {
		encoding: "utf8",
	});
	return status === 0 ? JSON.parse(stdout) : null;
}

const text = ({ best, median }: Times) => `${best.toFixed(1)} best, ${median.toFixed(1)} median`;

/**
 * The gradient of a recurrent layer of 32 units over so many places, batch 16, in float64: the time
 * to compile, and the number of steps in the program, do not depend on how many there are.
 */
export function recurrent(rounds: number): void {
	const layer = rnn(32, 32);
	const params = layer.init(random.key(1));
	const loss = (p: typeof params, x: Tensor) => layer.apply(p, x).square().sum();
	const rows = STEPS.map((steps) => {
		const x = random.normal(random.key(3), [16, steps, 32]);
		const jax = jaxTimes(steps, rounds);
		const firsts = measure(
			[{ name: "first", run: () => compile(grad(loss))(params, x).wx.data }],
			5,
		);
		const run = compile(grad(loss));
		const [each, eager] = measure(
			[
				{ name: "compiled", run: () => run(params, x).wx.data },
				{ name: "eager", run: () => grad(loss)(params, x).wx.data },
			],
			Math.min(rounds, 10),
		);
		return {
			what: `gradient of an rnn, 32 units, batch 16, ${steps} places, ms`,
			"steps of the program": run.explain(params, x).steps.length,
			"compile and first call": text(firsts[0]!),
			"each call": text(each!),
			"as it is": text(eager!),
			"JAX, first": jax?.first.toFixed(0) ?? "missing",
			"JAX, each": jax === null ? "missing" : text(jax),
		};
	});
	console.table(rows);
}

// The steps that examples compile, and 500 steps of the two-layer net, as modules for JAX, run
// there and compared: `npm run export:examples`.

import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fori, mapTree, random, type Tensor, valueAndGrad } from "../../lib/index.ts";
import type { Case } from "./cases.ts";
import { faultsInJax } from "./run-jax.ts";

const root = join(import.meta.dirname, "../..");
const STEPS = 500;

/** The training of examples/01-two-layer-net.ts, as one loop. */
function training(): Case {
	const [k1, k2, k3, k4] = random.split(random.key(0), 4);
	const { normal } = random;
	const loss = ([w1, w2]: readonly Tensor[], x: Tensor, y: Tensor) =>
		x.dot(w1!).maximum(0).dot(w2!).sub(y).square().sum();
	return {
		name: `${STEPS} steps of the two-layer net`,
		args: [
			normal(k1, [1000, 100]),
			normal(k2, [100, 10]),
			normal(k3, [64, 1000]),
			normal(k4, [64, 10]),
		],
		tolerance: 1e-10,
		f: ([w1, w2, x, y]) =>
			fori(
				0,
				STEPS,
				(weights: Tensor[]) => {
					const [, gradient] = valueAndGrad(loss)(weights, x!, y!);
					return mapTree(
						(w: Tensor, g: Tensor) => w.sub(g.mul(1e-6)),
						weights,
						gradient as Tensor[],
					);
				},
				[w1!, w2!],
			),
	};
}

let failed = 0;
for (const grad of ["adjoint", "jax"] as const) {
	const faults = faultsInJax([training()], { grad });
	for (const fault of faults) console.log(`✗ ${fault}`);
	console.log(`${STEPS} steps of the two-layer net, gradients by ${grad}: ${faults.length} faults`);
	failed += faults.length;
}
/**
 * The sampler learns its size from what is accepted, which enlarges differences: after a warm-up of
 * 2 moves the draws are the same to 1e-12, after 8 to 1e-11, after 20 to 1e-9, after 60 to 1e-2.
 */
const CHAOTIC = "15-hamiltonian-monte-carlo.ts";
const [, , ...names] = process.argv;
const compiling = readdirSync(join(root, "examples"))
	.filter((file) => file.endsWith(".ts") && file !== CHAOTIC)
	.filter((file) => names.length === 0 || names.some((name) => file.includes(name)))
	.filter((file) => /\bcompile\(/.test(readFileSync(join(root, "examples", file), "utf8")));
for (const file of compiling) {
	const hooks = ["spec/typescript.mjs", "spec/export/first-call.mjs"];
	const words = [...hooks.flatMap((hook) => ["--import", `./${hook}`]), `examples/${file}`];
	words.push(file.startsWith("01") ? "--compile" : "--quick");
	const { status, stdout, stderr } = spawnSync(process.execPath, words, {
		cwd: root,
		encoding: "utf8",
	});
	console.log(`${status === 0 ? "•" : "✗"} the first function that examples/${file} compiles`);
	if (status === 0) continue;
	console.log(stdout + stderr);
	failed++;
}
process.exitCode = failed > 0 ? 1 : 0;

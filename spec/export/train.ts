// Trains the two-layer net as exported for JAX, on one device and in several processes, and
// compares the end with that of our own training: `npm run export:train`.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { jaxPackage } from "../../lib/export/index.ts";
import { mapTree, random, type Tensor, valueAndGrad } from "../../lib/index.ts";
import { load, writeNpz } from "../../lib/io/index.ts";
import { type Hosts, says, start } from "./hosts.ts";
import { type Batch, loss, type Weights } from "./two-layer-net.ts";

/** Gradient descent with momentum, so that there is a state to keep. */
function step(params: Weights, state: Weights, batch: Batch): [Weights, Weights, Tensor] {
	const [value, gradient] = valueAndGrad(loss)(params, batch);
	const moved = mapTree((m: Tensor, g: Tensor) => m.mul(0.9).add(g), state, gradient);
	return [mapTree((w: Tensor, m: Tensor) => w.sub(m.mul(1e-6)), params, moved), moved, value];
}

const [N, D, H, O] = [64, 100, 40, 8];
const [BATCHES, STEPS, TOLERANCE] = [5, 60, 1e-12];
const [k1, k2, k3, k4] = random.split(random.key(1), 4);
const weights = { w1: random.normal(k1, [D, H]), w2: random.normal(k2, [H, O]) };
const zeros = mapTree((w: Tensor) => w.mul(0), weights);
const data = { x: random.normal(k3, [BATCHES, N, D]), y: random.normal(k4, [BATCHES, N, O]) };
const batch = (i: number): Batch => mapTree((x: Tensor) => x.slice(i % BATCHES), data);

let [params, state] = [weights, zeros];
for (let i = 0; i < STEPS; i++) [params, state] = step(params, state, batch(i));

const folder = mkdtempSync(join(tmpdir(), "export-"));
const checkpoint = join(folder, "checkpoint.safetensors");
const command = ["--data", join(folder, "batches.npz"), "--steps", `${STEPS}`, "--every", "10"];
let failed = 0;

/** Says what is wrong, or that nothing is. */
function judge(name: string, faults: readonly string[]): void {
	for (const fault of faults) console.log(`✗ ${name}: ${fault}`);
	if (faults.length === 0) console.log(`• ${name}`);
	failed += faults.length;
}

/** How the checkpoint differs from our own end. */
async function differences(): Promise<string[]> {
	type Saved = { params: Weights; state: Weights; step: Tensor };
	const saved = await load<Saved>(checkpoint);
	const faults = saved.step.item() === STEPS ? [] : [`it ended at step ${saved.step.item()}`];
	for (const [part, ours] of Object.entries({ params, state })) {
		for (const [name, x] of Object.entries(ours)) {
			const theirs = saved[part as "params" | "state"][name as keyof Weights];
			const [off, size] = [theirs.sub(x).abs().max().item(), x.abs().max().item()] as number[];
			if (!(off! <= TOLERANCE * size!)) faults.push(`${part}.${name} is off by ${off} of ${size}`);
		}
	}
	return faults;
}

/** Trains from the start, or from the checkpoint if it is kept, to the end. */
async function train(hosts: Omit<Hosts, "words">, words: readonly string[]): Promise<string[]> {
	const all = [...command, "--checkpoint", checkpoint, ...words];
	const started = start(folder, { ...hosts, words: all });
	const codes = await Promise.all(started.map(({ ended }) => ended));
	const broken = started.filter((_, i) => codes[i] !== 0);
	return broken.length > 0 ? broken.map(({ said }) => said()) : differences();
}

try {
	const axes = {
		...{ "params.w1": ["in", "hidden"], "params.w2": ["hidden", "out"] },
		...{ "state.w1": ["in", "hidden"], "state.w2": ["hidden", "out"] },
		...{ "batch.x": ["batch", "in"], "batch.y": ["batch", "out"] },
	};
	const files = jaxPackage(step, { params: weights, state: zeros, batch: batch(0) }, { axes });
	for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
	await writeNpz(join(folder, "batches.npz"), { "batch.x": data.x, "batch.y": data.y });

	const one = { count: 1, devices: 1 };
	const two = { count: 2, devices: 2 };
	const byBatch = ["--mesh", "data=4", "--shard", "batch=data"];
	const ways: [string, Omit<Hosts, "words">, string[]][] = [
		["one device", one, []],
		["two processes with two devices each, the batch shared out", two, byBatch],
		["the hidden axis shared out", two, ["--mesh", "model=4", "--shard", "hidden=model"]],
		[
			"both shared out",
			two,
			["--mesh", "data=2", "--mesh", "model=2", "--shard", "batch=data", "--shard", "hidden=model"],
		],
	];
	for (const [name, hosts, words] of ways) {
		judge(name, await train(hosts, words));
		rmSync(checkpoint, { force: true });
	}

	const words = [...command, "--checkpoint", checkpoint, ...byBatch];
	const hosts = start(folder, { ...two, words });
	await says(hosts[0]!, "step 20 ");
	for (const { process } of hosts.toReversed()) process.kill("SIGKILL");
	await Promise.all(hosts.map(({ ended }) => ended));
	judge("hosts killed on the way and started again", await train(two, byBatch));
	rmSync(checkpoint);

	const [asked] = start(folder, { ...one, words: [...command, "--checkpoint", checkpoint] });
	await says(asked!, "step 10 ");
	asked!.process.kill("SIGTERM");
	const stopped = (await asked!.ended) === 0 && /stopped after step/.test(asked!.said());
	judge("SIGTERM ends a run after a checkpoint", stopped ? [] : [asked!.said()]);
	judge("which another run goes on from", await train(one, []));

	for (const [words, message] of [
		[["--shard", "heads=devices"], "no axis is called heads; there are batch, hidden, in, out"],
		[["--shard", "hidden=model"], "the mesh has no axis model; it has devices"],
		[["--mesh", "data=3"], "is not made of 1 devices"],
		[["--mesh", "data"], "expected name=value, got data"],
	] as const) {
		const [host] = start(folder, { ...one, words: [...command, ...words] });
		const isRefused = (await host!.ended) === 1 && host!.said().includes(message);
		judge(`${words.join(" ")} is refused`, isRefused ? [] : [host!.said()]);
	}
	const uneven = { count: 1, devices: 3 };
	const thirds = ["--mesh", "data=3", "--shard", "batch=data"];
	const [host] = start(folder, { ...uneven, words: [...command, ...thirds] });
	await host!.ended;
	const isRefused = host!.said().includes("along batch do not split into 3 equal parts");
	judge("what does not split is refused", isRefused ? [] : [host!.said()]);
} finally {
	rmSync(folder, { recursive: true });
}
process.exitCode = failed > 0 ? 1 : 0;

// Trains a small net in a compiled function and prints by how many bytes memory grew, as the
// calmest part of the run tells; then what functions that are gone, with arenas of a megabyte each,
// have left behind; then what a function keeps of arguments so that a state that nobody reads can
// be computed. Run with --expose-gc by spec/memory.long.spec.ts.
import { setTimeout } from "node:timers/promises";
import { compile } from "../../lib/compile/index.ts";
import { grad, ones, random, type Tensor } from "../../lib/index.ts";

const STEPS = 50_000;
const PARTS = 4;
const FUNCTIONS = 100;
// The weights are large enough to stay in the arena.
const x = random.normal(random.key(0), [4, 30]);
let w = random.normal(random.key(1), [30, 20]);
const loss = (v: Tensor) => x.dot(v).maximum(0).sum();
const step = compile((v: Tensor) => v.sub(grad(loss)(v).mul(1e-6)));

function train(steps: number): void {
	for (let t = 0; t < steps; t++) w = step(w);
}

async function memoryUsed(): Promise<number> {
	// What is collected is counted as gone a little later.
	for (let i = 0; i < 4; i++) {
		globalThis.gc!();
		await setTimeout(20);
	}
	const { heapUsed, external } = process.memoryUsage();
	return heapUsed + external;
}

function useMany(count: number): void {
	for (let i = 0; i < count; i++) compile((v: Tensor) => v.exp().sum())(ones([300, 300]).mul(i));
}

train(2_000);
// Tables of the engine come and go in steps of megabytes; what is kept of each step shows in every
// part of the run.
const growths: number[] = [];
for (let part = 0; part < PARTS; part++) {
	const before = await memoryUsed();
	train(STEPS / PARTS);
	growths.push((await memoryUsed()) - before);
}
const growth = Math.min(...growths) * PARTS;
useMany(5);
const early = await memoryUsed();
useMany(FUNCTIONS);
const left = (await memoryUsed()) - early;

const add = compile((sum: Tensor, given: Tensor) => sum.add(given));
const before = process.memoryUsage().arrayBuffers;
let sum = ones([500, 250]);
for (let t = 0; t < 100; t++) sum = add(sum, ones([500, 250]).mul(t));
await memoryUsed();
const kept = process.memoryUsage().arrayBuffers - before;
if (sum.slice(0, 0).item() !== 4951) throw new Error("the sum is wrong");
console.log(growth, left, kept);

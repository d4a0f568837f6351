// Trains a small net and prints by how many bytes the heap grew; run with --expose-gc by
// spec/memory.long.spec.ts.
import { grad, type Tensor, tensor } from "../../lib/index.ts";

const STEPS = 10_000;
const x = tensor([
	[1, 0.5],
	[-1, 2],
	[0.25, -0.75],
]);
const y = tensor([[1], [0], [2]]);
const loss = (p: { w: Tensor; v: Tensor }) => x.dot(p.w).maximum(0).dot(p.v).sub(y).square().sum();
const gradient = grad(loss);

let params = {
	w: tensor([
		[0.1, -0.2, 0.3],
		[0.4, 0.5, -0.6],
	]),
	v: tensor([[1], [-1], [0.5]]),
};

function train(steps: number): void {
	for (let t = 0; t < steps; t++) {
		const g = gradient(params);
		params = { w: params.w.sub(g.w.mul(1e-3)), v: params.v.sub(g.v.mul(1e-3)) };
	}
}

function heapUsed(): number {
	globalThis.gc!();
	globalThis.gc!();
	const { heapUsed, external } = process.memoryUsage();
	return heapUsed + external;
}

train(1_000);
const before = heapUsed();
train(STEPS);
console.log(heapUsed() - before);

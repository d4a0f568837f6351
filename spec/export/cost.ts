// What XLA says that exported steps cost, beside JAX written by hand, and on four devices beside
// what `trainingCost` says: `npm run export:cost`.

import { join } from "node:path";
import { flatten } from "../../lib/core/tree.ts";
import { toJax, trainingCost } from "../../lib/export/index.ts";
import { askPeers } from "../peers-python.ts";
import { digits, type Step, twoLayers } from "./steps.ts";

type Cost = { readonly flops: number; readonly bytes: number };
type Judged = Record<"ours" | "byHand" | "part", Cost> & {
	readonly shared: Cost & { readonly summed: number };
};

const [ROWS, DEVICES] = [64, 4];
/** How far counts may be apart: XLA counts what it fuses in its own way. */
const NEAR = 0.03;
let failed = 0;

function check(name: string, found: number, expected: number, near: number): void {
	const isNear = Math.abs(found - expected) <= near * expected;
	console.log(`${isNear ? "•" : "✗"} ${name}: ${found}, and ${expected}`);
	if (!isNear) failed++;
}

for (const grad of ["adjoint", "jax"] as const) {
	const steps = [twoLayers, digits].map((make): [Step, Step] => [make(ROWS), make(ROWS / DEVICES)]);
	const asked = steps.map(([{ name, f, args }]) => [
		name,
		toJax(f, args, { grad }),
		Object.values(args).map((tree) => typesOf(tree)),
	]);
	const all = askPeers<Judged[]>(join(import.meta.dirname, "cost.py"), asked);
	for (const [i, { ours, byHand, part, shared }] of all.entries()) {
		const { name, f, args, axes } = steps[i]![1];
		const own = `${name}, gradients by ${grad}`;
		check(`${own}: operations, by hand`, ours.flops, byHand.flops, NEAR);
		check(`${own}: bytes, by hand`, ours.bytes, byHand.bytes, NEAR);
		if (grad === "jax") continue;
		const machine = { flops: 1e12, bandwidth: 1e10, latency: 1e-6 };
		const cost = trainingCost(f, args, { axes, shared: "batch", ...machine });
		check(`${name}: bytes that are summed`, cost.bytes, shared.summed, 0);
		check(`${name}: operations of a device`, cost.flops, shared.flops, NEAR);
		check(
			`${name}: bytes that sums read and write`,
			2 * cost.bytes,
			shared.bytes - part.bytes,
			NEAR,
		);
	}
}
process.exitCode = failed > 0 ? 1 : 0;

/** A tree with the type of each tensor in its place. */
function typesOf(tree: unknown): unknown {
	const { leaves, rebuild } = flatten("typesOf", tree, "tree");
	return rebuild(leaves.map(({ dtype, shape }) => ({ dtype, shape })));
}

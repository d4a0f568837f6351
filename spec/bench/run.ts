// Prints how fast eager evaluation is, each figure beside a peer or a limit measured in the same
// run; --quick for fewer rounds.
import { lossOf } from "../../examples/01-two-layer-net.ts";
import { checkGradients } from "../../lib/check/gradients.ts";
import { dot, grad, maximum, mul, random, type Tensor, tanh, tensor } from "../../lib/index.ts";
import { eagerOps } from "./eager.ts";
import { kernels } from "./kernels.ts";
import { loops } from "./loops.ts";
import { measure } from "./measure.ts";
import { recurrent } from "./recurrent.ts";
import { generation, stepsInACall } from "./several-steps.ts";
import { walks } from "./walks.ts";

const rounds = process.argv.includes("--quick") ? 15 : 40;
const rows: Record<string, string>[] = [];

function report(what: string, measured: string, peer: string): void {
	rows.push({ what, measured, "beside it": peer });
}

const fixed = (x: number, digits = 2) => x.toFixed(digits);

/** A chain of 4,000 small ops, forward and reverse; the limit is 2 µs an op. */
function smallOps(): void {
	const [x, w] = [tensor([0.1, 0.2, 0.3]), tensor([1.01, 0.99, 1.02])];
	const chain = (v: Tensor) => {
		let y = v;
		for (let i = 0; i < 2000; i++) y = tanh(y).mul(w);
		return y.sum();
	};
	const gradient = grad(chain);
	const [forward, both] = measure(
		[
			{ name: "forward", run: () => chain(x) },
			{ name: "forward and reverse", run: () => gradient(x) },
		],
		rounds,
	);
	report(
		"chain of 4,000 ops (tanh, mul) on 3 float64 elements, µs an op",
		`${fixed(both!.best / 4)} best, ${fixed(both!.median / 4)} median, forward and reverse`,
		`${fixed(forward!.best / 4)} best, forward alone`,
	);
}

/** Elementwise ops over a million elements against the loop one would write by hand. */
function elementwise(): void {
	const size = 1_000_000;
	const [x, y] = random.split(random.key(0)).map((key) => random.normal(key, [size]));
	const [xs, ys] = [x!.data as Float64Array, y!.data as Float64Array];
	const handAdd = () => {
		const out = new Float64Array(size);
		for (let i = 0; i < size; i++) out[i] = xs[i]! + ys[i]!;
		return out;
	};
	const handMaximum = () => {
		const out = new Float64Array(size);
		for (let i = 0; i < size; i++) out[i] = Math.max(xs[i]!, 0);
		return out;
	};
	const handTanh = () => {
		const out = new Float64Array(size);
		for (let i = 0; i < size; i++) out[i] = Math.tanh(xs[i]!);
		return out;
	};
	const pairs: [string, () => Tensor, () => Float64Array][] = [
		["add", () => x!.add(y!), handAdd],
		["maximum with 0", () => maximum(x!, 0), handMaximum],
		["tanh", () => tanh(x!), handTanh],
		["mul by a number", () => mul(x!, 3), () => handMul(xs)],
	];
	for (const [name, op, hand] of pairs) {
		const [ours, theirs] = measure(
			[
				{ name, run: op },
				{ name: "by hand", run: hand },
			],
			rounds,
		);
		report(
			`${name}, 1e6 float64 elements, ms`,
			`${fixed(ours!.best)} best, ${fixed(ours!.median)} median`,
			`${fixed(theirs!.best)} by hand: ratio ${fixed(ours!.best / theirs!.best)}, of medians ${fixed(ours!.median / theirs!.median)}`,
		);
	}
}

function handMul(xs: Float64Array): Float64Array {
	const out = new Float64Array(xs.length);
	for (let i = 0; i < xs.length; i++) out[i] = xs[i]! * 3;
	return out;
}

/** The matrix product against three plain nested loops. */
function products(): void {
	for (const [m, k, n] of [
		[256, 256, 256],
		[64, 1000, 100],
		[1000, 64, 100],
	] as const) {
		const keys = random.split(random.key(1));
		const [x, w] = [random.normal(keys[0]!, [m, k]), random.normal(keys[1]!, [k, n])];
		const [xs, ws] = [x.data as Float64Array, w.data as Float64Array];
		const [ours, theirs] = measure(
			[
				{ name: "dot", run: () => dot(x, w) },
				{ name: "loops", run: () => nestedLoops(xs, ws, m, k, n) },
			],
			rounds,
		);
		const gflops = (ms: number) => fixed((2 * m * k * n) / ms / 1e6);
		report(
			`dot (${m}×${k})·(${k}×${n}) in float64, GFLOP/s`,
			`${gflops(ours!.best)} best, ${gflops(ours!.median)} median`,
			`${gflops(theirs!.best)} best in nested loops`,
		);
	}
}

function nestedLoops(xs: Float64Array, ws: Float64Array, m: number, k: number, n: number) {
	const out = new Float64Array(m * n);
	for (let i = 0; i < m; i++) {
		for (let j = 0; j < n; j++) {
			let sum = 0;
			for (let q = 0; q < k; q++) sum += xs[i * k + q]! * ws[q * n + j]!;
			out[i * n + j] = sum;
		}
	}
	return out;
}

/**
 * The whole gradient of the two-layer net at a tenth of its size, in both modes; the limit is a
 * second.
 */
function checking(): void {
	const shapes = [
		[6, 100],
		[6, 1],
		[100, 10],
		[10, 1],
	];
	const [x, y, w1, w2] = shapes.map((shape, i) => random.normal(random.key(i), shape)) as [
		Tensor,
		Tensor,
		Tensor,
		Tensor,
	];
	const args = [{ w1, w2 }] as const;
	const loss = (w: { w1: Tensor; w2: Tensor }) => lossOf(w, x, y);
	const check = () => checkGradients(loss, args, { order: 1 });
	const [checked] = measure([{ name: "check", run: check }], 5);
	report(
		"checkGradients, all 1,010 entries of the two-layer net at a tenth, ms",
		`${fixed(checked!.best, 0)} best, ${fixed(checked!.median, 0)} median`,
		"limit 1000",
	);
}

smallOps();
elementwise();
products();
checking();
walks(report);
console.table(rows);
kernels(rounds);
loops(rounds);
eagerOps(rounds);
recurrent(rounds);
generation(rounds);
await stepsInACall(rounds);

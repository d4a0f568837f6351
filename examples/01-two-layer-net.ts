// A two-layer net, trained twice side by side: with the gradients that adjoint derives from the
// forward pass, and with the backward pass written by hand, as the NumPy program does it. After
// every step both must agree in every bit.
//
//   npx tsx examples/01-two-layer-net.ts [--seed 0] [--dtype float64|float32]
//     [--data DIR] [--compile]
//
// With --compile the derived step is compiled; its sums are made in another order, so both must
// agree up to rounding. With --data the numbers come from x.npy, y.npy, w1.npy and w2.npy in DIR,
// so that a run can be compared with NumPy's.

import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { random, type Tensor, valueAndGrad } from "adjoint";
import { compile } from "adjoint/compile";
import { readNpy } from "adjoint/io";

const [N, D_in, H, D_out] = [64, 1000, 100, 10];
const STEPS = 500;
const learning_rate = 1e-6;

export interface Weights {
	w1: Tensor;
	w2: Tensor;
}

export interface Step {
	loss: Tensor;
	gradient: Weights;
	weights: Weights;
}

/** The forward pass: all that the derived gradients need. */
export function lossOf({ w1, w2 }: Weights, x: Tensor, y: Tensor): Tensor {
	const h = x.dot(w1);
	const h_relu = h.maximum(0);
	const y_pred = h_relu.dot(w2);
	return y_pred.sub(y).square().sum();
}

export function derivedStep(weights: Weights, x: Tensor, y: Tensor): Step {
	const [loss, gradient] = valueAndGrad(lossOf)(weights, x, y);
	return { loss, gradient, weights: descend(weights, gradient) };
}

/** The same by hand: every line of the backward pass had to be worked out. */
export function manualStep(weights: Weights, x: Tensor, y: Tensor): Step {
	const { w1, w2 } = weights;
	const h = x.dot(w1);
	const h_relu = h.maximum(0);
	const y_pred = h_relu.dot(w2);
	const loss = y_pred.sub(y).square().sum();

	const grad_y_pred = y_pred.sub(y).mul(2);
	const grad_w2 = h_relu.T.dot(grad_y_pred);
	const grad_h_relu = grad_y_pred.dot(w2.T);
	const grad_h = h.less(0).where(0, grad_h_relu);
	const grad_w1 = x.T.dot(grad_h);

	const gradient = { w1: grad_w1, w2: grad_w2 };
	return { loss, gradient, weights: descend(weights, gradient) };
}

function descend({ w1, w2 }: Weights, gradient: Weights): Weights {
	return {
		w1: w1.sub(gradient.w1.mul(learning_rate)),
		w2: w2.sub(gradient.w2.mul(learning_rate)),
	};
}

const results: [string, (step: Step) => Tensor][] = [
	["loss", (step) => step.loss],
	["grad_w1", (step) => step.gradient.w1],
	["grad_w2", (step) => step.gradient.w2],
	["w1", (step) => step.weights.w1],
	["w2", (step) => step.weights.w2],
];

const names = results.map(([name]) => name);

/** The first of the step's results that is not the same in both, in every bit. */
export function firstDifference(a: Step, b: Step): string | undefined {
	return results.find(([, of]) => !sameBits(of(a), of(b)))?.[0];
}

/**
 * The first of the step's results that is further apart than so much, as a part of its greatest
 * element in the step `scale`.
 */
export function firstFarther(
	limit: number,
	a: Step,
	b: Step,
	scale = b,
	compared: readonly string[] = names,
): string | undefined {
	const isFarther = (of: (step: Step) => Tensor) => {
		const difference = of(a).sub(of(b)).abs().max().item();
		return !(difference <= limit * of(scale).abs().max().item());
	};
	return results.find(([name, of]) => compared.includes(name) && isFarther(of))?.[0];
}

function sameBits(a: Tensor, b: Tensor): boolean {
	const bytes = ({ buffer, byteOffset, byteLength }: Tensor["data"]) =>
		Buffer.from(buffer, byteOffset, byteLength);
	return bytes(a.data).equals(bytes(b.data));
}

/** A training step, and how close it has to come to the manual one. */
interface Contestant {
	name: string;
	step: typeof derivedStep;
	/** The first result that is too far from the manual one's. */
	different: (a: Step, manual: Step) => string | undefined;
	verdict: string;
	/** The results that are compared. */
	compared: readonly string[];
}

const derived: Contestant = {
	name: "derived",
	step: derivedStep,
	different: firstDifference,
	verdict: "the same bits",
	compared: names,
};

const compiled: Contestant = {
	name: "compiled",
	step: compile(derivedStep, { reproducible: true }),
	different: (a, manual) => firstFarther(1e-12, a, manual),
	verdict: "within 1e-12 of the greatest element",
	compared: names,
};

/**
 * In float32 a unit whose h is 0 but for rounding may be on in one net and off in the other, and
 * its column of grad_w1 with it; in the loss and the weights little is seen of that. The loss falls
 * below the rounding of its terms, so its measure is that of the first step.
 */
function compiledSingle(): Contestant {
	const compared = ["loss", "w1", "w2"];
	let first: Step | undefined;
	return {
		...compiled,
		different: (a, manual) => {
			first ??= manual;
			return firstFarther(1e-3, a, manual, first, compared);
		},
		verdict: "within 1e-3 of the greatest element at first",
		compared,
	};
}

/** Trains both nets, printing the loss every 100 steps; throws where they part. */
export function train(initial: Weights, x: Tensor, y: Tensor, contestant = derived): void {
	const { name, step, different, verdict, compared } = contestant;
	let [weights, manual] = [initial, initial];
	let [time, manualTime] = [0, 0];
	for (let t = 0; t < STEPS; t++) {
		const start = performance.now();
		const a = step(weights, x, y);
		const middle = performance.now();
		const b = manualStep(manual, x, y);
		time += middle - start;
		manualTime += performance.now() - middle;

		const result = different(a, b);
		if (result !== undefined) throw new Error(`step ${t}: ${result} differs`);
		if (t % 100 === 0) console.log(t, a.loss.item());
		[weights, manual] = [a.weights, b.weights];
	}
	console.log(`${name} and manual: ${verdict} in all ${STEPS} steps (${compared.join(", ")})`);
	console.log(`time: ${seconds(time)} ${name}, ${seconds(manualTime)} manual`);
}

function contestantFor({ dtype }: Tensor, isCompiled: boolean | undefined): Contestant {
	if (!isCompiled) return derived;
	return dtype === "float32" ? compiledSingle() : compiled;
}

function seconds(milliseconds: number): string {
	return `${(milliseconds / 1000).toFixed(2)} s`;
}

async function main(): Promise<void> {
	const { values: options } = parseArgs({
		options: {
			seed: { type: "string", default: "0" },
			dtype: { type: "string" },
			data: { type: "string" },
			compile: { type: "boolean" },
		},
	});
	const dtype = options.dtype;
	if (dtype !== undefined && dtype !== "float64" && dtype !== "float32") {
		throw new Error(`--dtype takes float64 or float32, got ${dtype}`);
	}
	if (options.data !== undefined) {
		const files = ["x", "y", "w1", "w2"].map((name) => join(options.data!, `${name}.npy`));
		const read = await Promise.all(files.map(readNpy));
		const [x, y, w1, w2] = read.map((tensor) => (dtype ? tensor.astype(dtype) : tensor));
		return train({ w1: w1!, w2: w2! }, x!, y!, contestantFor(x!, options.compile));
	}
	const keys = random.split(random.key(Number(options.seed)), 4);
	const normal = (i: number, shape: number[]) => random.normal(keys[i]!, shape, { dtype });
	const x = normal(0, [N, D_in]);
	const weights = { w1: normal(2, [D_in, H]), w2: normal(3, [H, D_out]) };
	train(weights, x, normal(1, [N, D_out]), contestantFor(x, options.compile));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();

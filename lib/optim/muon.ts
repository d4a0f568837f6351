import * as kind from "../core/argument-kinds.ts";
import { zeros } from "../core/create.ts";
import { checkOptions, type OptionKinds } from "../core/options.ts";
import type { Tensor } from "../core/tensor.ts";
import { add, div, maximum, mul, sqrt } from "../ops/arithmetic.ts";
import { matmul } from "../ops/products.ts";
import { norm } from "../ops/reductions.ts";
import { matrixTranspose } from "../structure/layout.ts";
import { momentsOf } from "./adam.ts";
import {
	DECAY_OPTIONS,
	fade,
	learningRateKind,
	type Optimizer,
	type OptimizerOptions,
	optimizer,
	type WeightDecayOptions,
} from "./optimizer.ts";

/** Options of `muon`. */
export interface MuonOptions extends OptimizerOptions, WeightDecayOptions {
	/** How much of the mean gradient of a matrix is kept at an update; left out: 0.95. */
	readonly momentum?: number;
	/** Whether the step is the one that momentum is about to make; left out: yes. */
	readonly nesterov?: boolean;
	/** How many steps make a matrix nearly orthogonal; left out: 5. */
	readonly iterations?: number;
	/**
	 * How a step of a matrix is scaled: `adamW`, by 0.2·√(the longer side), to the size of AdamW's,
	 * so that one rate suits all (J. Liu and others, "Muon is scalable for LLM training", 2025), or
	 * `shape`, by √(max(1, rows / columns)). Left out: `adamW`.
	 */
	readonly scaling?: "adamW" | "shape";
	/**
	 * Which matrices are made orthogonal, by their path in the tree and themselves; left out: all.
	 * Embeddings and the last layer usually are not.
	 */
	readonly matrices?: (path: string, x: Tensor) => boolean;
	/** β₁ of AdamW, for all other parameters; left out: 0.9. */
	readonly beta1?: number;
	/** β₂ of AdamW; left out: 0.999. */
	readonly beta2?: number;
	/** ε of AdamW; left out: 1e−8. */
	readonly epsilon?: number;
}

const MUON_OPTIONS: OptionKinds<MuonOptions> = {
	learningRate: learningRateKind,
	momentum: kind.partial,
	nesterov: kind.flag,
	iterations: kind.count,
	scaling: ["adamW", "shape"],
	matrices: kind.callable,
	beta1: kind.partial,
	beta2: kind.partial,
	epsilon: kind.notNegative,
	...DECAY_OPTIONS,
};

/**
 * Muon: the step of a matrix is the fading mean of its gradient, made nearly orthogonal: all its
 * singular values are brought near 1, so that no direction is left behind (K. Jordan and others,
 * "Muon: an optimizer for hidden layers in neural networks", 2024). What is no matrix, or not to be
 * treated as one, is left to AdamW. Weight decay, 0.1 unless said, acts on the parameters by
 * themselves. In the slots `m` is the mean gradient of either; `v` is empty for matrices.
 * @throws DomainError when the momentum, β₁ or β₂ is not from 0 to below 1
 */
export function muon(options: MuonOptions): Optimizer<"m" | "v"> {
	const given = checkOptions("muon", options, MUON_OPTIONS, ["learningRate"]);
	const { learningRate, momentum = 0.95, nesterov = true, iterations = 5 } = given;
	const { scaling = "adamW", matrices = () => true, epsilon = 1e-8 } = given;
	const { weightDecay = 0.1, decays } = given;
	const { correction, moments } = momentsOf(given);
	const isMatrix = (x: Tensor, path: string) => x.rank === 2 && matrices(path, x);
	return optimizer({
		name: "muon",
		learningRate,
		slots: ["m", "v"],
		decay: { rate: weightDecay, of: decays, decoupled: true },
		start: (slot, x, path) =>
			zeros(slot === "v" && isMatrix(x, path) ? [0] : x.shape, { dtype: x.dtype }),
		scalars: correction,
		direct: (g, slots, { correction1, correction2 }, x, path) => {
			if (!isMatrix(x, path)) {
				const { m, v } = moments(g, slots);
				return [div(div(m, correction1), add(sqrt(div(v, correction2)), epsilon)), { m, v }];
			}
			const m = fade(slots.m, g, momentum);
			const step = orthogonalized(nesterov ? fade(m, g, momentum) : m, iterations);
			return [mul(scaleOf(x, scaling), step), { m, v: slots.v }];
		},
	});
}

function scaleOf({ shape }: Tensor, scaling: "adamW" | "shape"): number {
	const [rows, columns] = shape as [number, number];
	if (scaling === "adamW") return 0.2 * Math.sqrt(Math.max(rows, columns));
	return Math.sqrt(Math.max(1, rows / columns));
}

/**
 * U·S·Vᵀ to U·S'·Vᵀ with singular values S' near 1 (0.7 to 1.2 after five steps), by Newton's and
 * Schulz's iteration with a quintic that is steep at 0: X ← a·X + (b·A + c·A²)·X, A = X·Xᵀ.
 */
function orthogonalized(x: Tensor, iterations: number): Tensor {
	const [a, b, c] = [3.4445, -4.775, 2.0315];
	const isTall = x.shape[0]! > x.shape[1]!;
	const wide = isTall ? matrixTranspose(x) : x;
	let now = div(wide, maximum(norm(x), 1e-7));
	for (let i = 0; i < iterations; i++) {
		const square = matmul(now, matrixTranspose(now));
		const next = add(mul(b, square), mul(c, matmul(square, square)));
		now = add(mul(a, now), matmul(next, now));
	}
	return isTall ? matrixTranspose(now) : now;
}

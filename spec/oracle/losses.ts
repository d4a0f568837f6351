import { random, tensor } from "../../lib/index.ts";
import {
	binaryCrossEntropy,
	crossEntropy,
	ctcLoss,
	embedding,
	focalLoss,
	infoNce,
	logCosh,
	tripletLoss,
} from "../../lib/nn/index.ts";
import type { Family, Row } from "./row.ts";

const normal = (seed: number, shape: number[]) => random.normal(random.key(seed), shape);
const int32 = (values: number[] | number[][]) => tensor(values, { dtype: "int32" });

const x = normal(1, [4, 3]);
const w = tensor([0.5, 2, 1.25]);
/** PyTorch differentiates by no weight, so it is no input. */
const W = "torch.tensor([0.5, 2, 1.25]).double()";
const p = normal(2, [4, 3]).softmax();
const yes = normal(3, [4, 3]).sigmoid();
const ignored = int32([2, -100, 1, -100]);

const reductions = ["none", "mean", "sum"] as const;
const crossEntropies = reductions.flatMap((reduction): Row[] => [
	{
		name: `crossEntropy with weights, smoothing and an ignored class, ${reduction}`,
		inputs: { x, y: ignored },
		ours: ({ x, y }) =>
			crossEntropy(x!, y!, {
				classWeights: w,
				labelSmoothing: 0.2,
				ignoreIndex: -100,
				reduction,
			}),
		torch: `F.cross_entropy(x, y, weight=${W}, label_smoothing=0.2, reduction="${reduction}")`,
	},
	{
		name: `crossEntropy of probabilities with weights and smoothing, ${reduction}`,
		inputs: { x, p },
		ours: ({ x, p }) => crossEntropy(x!, p!, { classWeights: w, labelSmoothing: 0.2, reduction }),
		torch: `F.cross_entropy(x, p, weight=${W}, label_smoothing=0.2, reduction="${reduction}")`,
	},
	{
		name: `binaryCrossEntropy with a weight of yes, ${reduction}`,
		inputs: { x, yes },
		ours: ({ x, yes }) => binaryCrossEntropy(x!, yes!, { positiveWeight: w, reduction }),
		torch: `F.binary_cross_entropy_with_logits(x, yes, pos_weight=${W}, reduction="${reduction}")`,
	},
	{
		name: `tripletLoss, ${reduction}`,
		inputs: { x, a: normal(4, [4, 3]), b: normal(5, [4, 3]) },
		ours: ({ x, a, b }) => tripletLoss(x!, a!, b!, { margin: 2, swap: true, reduction }),
		torch: `F.triplet_margin_loss(x, a, b, margin=2, swap=True, eps=0, reduction="${reduction}")`,
	},
]);

/** Losses with all their options. */
export const family: Family = {
	rows: [
		{
			name: "logCosh",
			inputs: { x, p: p.mul(30) },
			ours: ({ x, p }) => logCosh(x!, p!, { reduction: "none" }),
			jax: "optax.losses.log_cosh(x, p)",
		},
		...crossEntropies,
		{
			name: "embedding with a padding index",
			inputs: { w: normal(6, [5, 2]), y: int32([1, 4, 1, 0]) },
			ours: ({ w, y }) => embedding(5, 2, { paddingIndex: 1 }).apply({ w: w! }, y!),
			torch: "F.embedding(y, w, padding_idx=1)",
		},
		{
			name: "focalLoss",
			inputs: { x, yes },
			ours: ({ x, yes }) => focalLoss(x!, yes!, { gamma: 1.5, alpha: 0.25, reduction: "none" }),
			jax: "optax.sigmoid_focal_loss(x, yes, alpha=0.25, gamma=1.5)",
		},
		{
			name: "infoNce",
			inputs: { x, k: normal(7, [4, 3]), t: tensor(0.5) },
			ours: ({ x, k, t }) => infoNce(x!, k!, { temperature: t! }),
			torch:
				"F.cross_entropy(F.normalize(x, dim=-1) @ F.normalize(k, dim=-1).T / t, torch.arange(4))",
		},
		{
			name: "ctcLoss",
			inputs: {
				x: normal(8, [3, 9, 5]),
				y: int32([
					[1, 2, 2, 4],
					[3, 1, 0, 0],
					[4, 3, 4, 0],
				]),
				n: int32([9, 4, 7]),
				m: int32([4, 2, 3]),
			},
			ours: ({ x, y, n, m }) =>
				ctcLoss(x!, y!, { inputLengths: n!, labelLengths: m!, reduction: "none" }),
			torch: `F.ctc_loss(x.log_softmax(-1).transpose(0, 1), y, n, m, reduction="none")`,
			jax: "optax.ctc_loss(x, jnp.arange(9) >= n[:, None], y, jnp.arange(4) >= m[:, None])",
		},
	],
};

import { random, tensor } from "../../lib/index.ts";
import { attention, celu, glu, lora, prelu, swiglu } from "../../lib/nn/index.ts";
import type { Family } from "./row.ts";

const normal = (seed: number, shape: number[]) => random.normal(random.key(seed), shape);

const x = normal(1, [2, 3, 4]);
const [q, k, v] = [normal(2, [2, 4, 6, 3]), normal(3, [2, 4, 5, 3]), normal(4, [2, 4, 5, 2])];

/** What models are made of. */
export const family: Family = {
	rows: [
		{
			name: "glu",
			inputs: { x },
			ours: ({ x }) => [glu(x!), glu(x!, 0)],
			torch: "[F.glu(x), F.glu(x, 0)]",
			jax: "[jax.nn.glu(x), jax.nn.glu(x, 0)]",
		},
		{
			name: "swiglu",
			inputs: { x },
			ours: ({ x }) => swiglu(x!),
			torch: "F.silu(x.chunk(2, -1)[0]) * x.chunk(2, -1)[1]",
		},
		{
			name: "celu",
			inputs: { x },
			ours: ({ x }) => [celu(x!), celu(x!, 0.5)],
			torch: "[F.celu(x), F.celu(x, 0.5)]",
			jax: "[jax.nn.celu(x), jax.nn.celu(x, 0.5)]",
		},
		{
			name: "prelu",
			inputs: { x, slope: tensor([0.5, -1, 2]), one: tensor([0.25]) },
			ours: ({ x, slope, one }) => [
				prelu(3).apply({ slope: slope! }, x!),
				prelu().apply({ slope: one! }, x!),
			],
			torch: "[F.prelu(x, slope), F.prelu(x, one)]",
		},
		{
			name: "attention with a float mask and a scale",
			inputs: { q, k, v, m: normal(5, [4, 6, 5]) },
			ours: ({ q, k, v, m }) => attention(q!, k!, v!, { mask: m!, scale: 0.7 }),
			torch: "F.scaled_dot_product_attention(q, k, v, attn_mask=m, scale=0.7)",
		},
		{
			name: "attention of heads that share keys and values",
			inputs: {
				q,
				k: normal(6, [2, 2, 5, 3]),
				v: normal(7, [2, 2, 5, 2]),
				m: normal(5, [4, 6, 5]),
			},
			ours: ({ q, k, v, m }) => [attention(q!, k!, v!), attention(q!, k!, v!, { mask: m! })],
			torch:
				"[F.scaled_dot_product_attention(q, k, v, enable_gqa=True), F.scaled_dot_product_attention(q, k, v, attn_mask=m, enable_gqa=True)]",
		},
		{
			name: "lora",
			inputs: {
				x: normal(8, [6, 4]),
				w: normal(9, [4, 5]),
				a: normal(10, [4, 2]),
				b: normal(11, [2, 5]),
			},
			ours: ({ x, w, a, b }) =>
				x!.matmul(lora({ rank: 2, alpha: 3 }).merge({ frozen: w!, a: a!, b: b! })),
			torch: "x @ w.detach() + 1.5 * (x @ a) @ b",
		},
	],
};

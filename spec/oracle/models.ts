import { random, tensor } from "../../lib/index.ts";
import { celu, glu, prelu, swiglu } from "../../lib/nn/index.ts";
import type { Family } from "./row.ts";

const normal = (seed: number, shape: number[]) => random.normal(random.key(seed), shape);

const x = normal(1, [2, 3, 4]);

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
	],
};

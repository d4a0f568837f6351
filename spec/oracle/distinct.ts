import { nonzero, tensor, unique, uniqueAll } from "../../lib/index.ts";
import type { Family } from "./row.ts";

const nan = Number.NaN;
const holes = tensor([
	[1, nan, 3, -2],
	[nan, nan, nan, nan],
	[0.5, 4, nan, 7],
]);
const ties = tensor([
	[2, 1, 2, 3, 3],
	[1, 1, 0, 0, 1],
]);
const whole = tensor([3, 1, 1, 0, 5, 3, 3], { dtype: "int32" });

/** Elements that are different, or not 0, and where they stand. */
export const family: Family = {
	rows: [
		{
			name: "unique and nonzero",
			inputs: { ties, holes, whole },
			ours: ({ ties, holes, whole }) => [
				unique(ties!),
				unique(holes!),
				unique(whole!),
				nonzero(ties!.greater(1)),
				nonzero(whole!),
			],
			numpy:
				"[np.unique(ties), np.unique(holes), np.unique(whole), *np.nonzero(ties > 1), *np.nonzero(whole)]",
		},
		{
			name: "unique and nonzero of a size",
			inputs: { ties },
			gradient: false,
			ours: ({ ties }) => [
				unique(ties!, { size: 6 }),
				unique(ties!, { size: 6, fill: -1 }),
				unique(ties!, { size: 2 }),
				nonzero(ties!, { size: 9, fill: -1 }),
				nonzero(ties!, { size: 3 }),
			],
			jax: "[jnp.unique(ties, size=6), jnp.unique(ties, size=6, fill_value=-1), jnp.unique(ties, size=2), *jnp.nonzero(ties, size=9, fill_value=-1), *jnp.nonzero(ties, size=3)]",
		},
		{
			name: "unique with all that it returns",
			inputs: { ties, holes, whole },
			gradient: false,
			ours: ({ ties, holes, whole }) =>
				[ties!, holes!, whole!].map((x) => {
					const { values, indices, inverse, counts } = uniqueAll(x);
					return [values, indices, inverse, counts];
				}),
			numpy: "[list(np.unique(a, True, True, True)) for a in (ties, holes, whole)]",
		},
		{
			name: "unique of a size with all that it returns",
			inputs: { ties },
			gradient: false,
			ours: ({ ties }) =>
				[6, 3].map((size) => {
					const { values, indices, counts } = uniqueAll(ties!, { size });
					return [values, indices, counts];
				}),
			jax: "[[a[i] for i in (0, 1, 3)] for a in (jnp.unique(ties, True, True, True, size=n) for n in (6, 3))]",
		},
	],
};

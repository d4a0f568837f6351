import { drawFrom, numbersFrom } from "../../lib/check/sampling.ts";
import {
	at,
	compress,
	scatterMax,
	scatterMin,
	scatterMul,
	scatterSet,
	segmentMax,
	segmentMean,
	segmentMin,
	segmentProd,
	segmentSum,
	type Tensor,
	type TensorIndex,
	tensor,
} from "../../lib/index.ts";
import { drawIndexList, inPython, positionsOf } from "../ops/index-lists.ts";
import type { Family, Inputs, Row } from "./row.ts";

const x = tensor([
	[0.5, -1, 2],
	[3.25, 0.75, -0.5],
	[1.5, 4, 0.25],
]);
const v = tensor([
	[0.3, -2, 5],
	[7, 0.9, -0.7],
	[-3, 6, 0.1],
	[2.5, 1.1, 8],
]);
const i = tensor([2, 0, 2, -2], { dtype: "int32" });
const ids = tensor([2, 0, 2, 1], { dtype: "int32" });
const scatters = { set: scatterSet, max: scatterMax, min: scatterMin };
const segments = { sum: segmentSum, prod: segmentProd, max: segmentMax, min: segmentMin };

/** JAX's product needs a promise that no index is repeated, so where one is it is left out. */
const UPDATES = ["set", "add", "max", "min", "mul"] as const;

/** A random list of indices, read and written to in each way: in NumPy, and some in JAX. */
function listRow(seed: number): Row {
	const draw = drawFrom(numbersFrom(seed));
	const { shape, indices } = drawIndexList(draw);
	const part = positionsOf(shape, indices);
	const isOnce = new Set(part.positions).size === part.positions.length;
	const text = `np.index_exp[${inPython(indices)}]`;
	const kinds = UPDATES.slice(0, isOnce ? 5 : 4);
	const inputs: Inputs = { x: draw.distinct(shape), v: draw.distinct(part.shape) };
	const ours = ({ x, v }: Inputs) => ways(kinds, indices)(x!, v!);
	const row = { name: `list ${seed}: ${shape.join("×")} at [${inPython(indices)}]`, inputs, ours };
	const numpy = `ways(x, ${text}, v)[:${kinds.length + 1}]`;
	return seed % 10 > 0
		? { ...row, numpy }
		: { ...row, numpy, jax: numpy.replace("ways", "jax_ways") };
}

const ways =
	(kinds: readonly (typeof UPDATES)[number][], indices: readonly TensorIndex[]) =>
	(x: Tensor, v: Tensor) => {
		const place = at(x, ...indices);
		return [place.get(), ...kinds.map((kind) => place[kind](v))];
	};

/** Indices of all kinds, scatters and segments. */
export const family: Family = {
	setup: `
def ways(x, index, v):
    def by(update):
        out = x.copy()
        update(out)
        return out
    ufuncs = (np.add, np.maximum, np.minimum, np.multiply)
    put = by(lambda out: out.__setitem__(index, v))
    return [x[index], put, *(by(lambda out: f.at(out, index, v)) for f in ufuncs)]

def jax_ways(x, index, v):
    place = x.at[index]
    product = place.multiply(v, unique_indices=True)
    return [x[index], place.set(v), place.add(v), place.max(v), place.min(v), product]

def segment_prod(x, ids, n):
    index = ids[:, None].expand(x.shape)
    return torch.ones(n, *x.shape[1:], dtype=x.dtype).scatter_reduce(0, index, x, "prod")
`,
	rows: [
		...Array.from({ length: 80 }, (_, seed) => listRow(seed)),
		...Object.entries(scatters).map(
			([name, scatter]): Row => ({
				name: `scatter ${name}`,
				inputs: { x, v, i },
				ours: ({ x, v, i }) => scatter(x!, i!.reshape([4, 1]), v!),
				jax: `x.at[i].${name}(v)`,
			}),
		),
		{
			name: "scatterMul",
			inputs: { x, v, ids },
			ours: ({ x, v, ids }) => scatterMul(x!, ids!.reshape([4, 1]), v!),
			torch: "x.scatter_reduce(0, ids[:, None].expand(v.shape), v, 'prod')",
		},
		...Object.entries(segments).map(
			([name, segment]): Row => ({
				name: `segment ${name}`,
				inputs: { v, ids },
				ours: ({ v, ids }) => segment(v!, ids!, 3),
				...(name === "prod"
					? { torch: "segment_prod(v, ids, 3)" }
					: { jax: `jax.ops.segment_${name}(v, ids, 3)` }),
			}),
		),
		{
			name: "empty segments",
			inputs: { v, i },
			ours: ({ v, i }) => Object.values(segments).map((segment) => segment(v!, i!, 5)),
			// JAX has NaN for its infinite values.
			gradient: false,
			jax: "[getattr(jax.ops, 'segment_' + name)(v, i % 5, 5) for name in ('sum', 'prod', 'max', 'min')]",
		},
		{
			name: "segmentMean",
			inputs: { v, ids },
			ours: ({ v, ids }) => segmentMean(v!, ids!, 3),
			torch:
				"torch.zeros(3, 3, dtype=v.dtype).scatter_reduce(0, ids[:, None].expand(v.shape), v, 'mean', include_self=False)",
		},
		{
			name: "compress with a size and a fill",
			inputs: { x, ids },
			ours: ({ x, ids }) => {
				const condition = ids!.slice([0, 3]).equal(2);
				return [compress(condition, x!, 1, { size: 3, fill: 9 }), compress(condition, x!, 0)];
			},
			jax: "[jnp.compress(np.array([True, False, True]), x, axis=1, size=3, fill_value=9), jnp.compress(np.array([True, False, True]), x, axis=0)]",
		},
	],
};

import { shapeBehind } from "../core/lead.ts";
import { apply, defineOp, type OpFunction } from "../core/op.ts";
import { type Shape, sizeOf } from "../core/shape.ts";
import { elements } from "../core/strided.ts";
import { Tensor } from "../core/tensor.ts";
import { blockPositionsOf } from "../kernels/indices.ts";
import { functionCall } from "../notation/call.ts";
import { fromFront } from "../notation/plain.ts";

type WinnerParams = {
	/** Of the result: the axes of batches, those that are indexed, those of the rows. */
	readonly shape: Shape;
	/** How many leading axes count examples, which have rows and indices of their own. */
	readonly batches: number;
	readonly least: boolean;
};

/**
 * For each element of a tensor of the given shape, which of the rows (count×…) that the index
 * tuples (count×k) put there has the greatest, or the least: the number of the first such row, and
 * −1 where no row goes. A NaN is before all numbers. So it is for each example, where all have so
 * many axes of batches in front. Int32. Constant: no gradient.
 * @throws DomainError for an index out of range
 */
export const winnerAt: OpFunction<
	"winnerAt",
	(rows: Tensor, indices: Tensor, shape: Shape, least?: boolean, batches?: number) => Tensor
> = defineOp(
	{
		name: "winnerAt",
		lead: (params, size) => ({
			...shapeBehind(params, size),
			batches: params.batches + 1,
		}),
		infer: (_, { shape }: WinnerParams) => ({ shape, dtype: "int32" }),
		evaluate: ([rows, indices], { shape, batches, least }: WinnerParams, { dtype }) => {
			const depth = indices!.shape.at(-1)!;
			const positions = blockPositionsOf("winnerAt", indices!, shape.slice(batches));
			const count = indices!.shape.at(-2)!;
			const places = sizeOf(shape.slice(batches, batches + depth));
			const width = sizeOf(shape.slice(batches + depth));
			const values = elements(rows!);
			const out = new Int32Array(sizeOf(shape)).fill(-1);
			const beats = (x: number, y: number) =>
				(least ? x < y : x > y) || (Number.isNaN(x) && !Number.isNaN(y));
			for (let i = 0; i < positions.length; i++) {
				const row = i % count;
				const batch = (i - row) / count;
				const to = (batch * places + positions[i]!) * width;
				for (let j = 0; j < width; j++) {
					const best = out[to + j]!;
					const held = (batch * count + best) * width + j;
					if (best < 0 || beats(values[i * width + j]!, values[held]!)) out[to + j] = row;
				}
			}
			return new Tensor(out, dtype, shape);
		},
		differential: null,
		typescript: (args, { shape, least, batches }: WinnerParams) =>
			functionCall("winnerAt", args, shape, least, batches),
		loops: {
			kind: "fold",
			sizes: ([rows], { batches }) => [rows![batches]!],
			start: "-1",
			next: (best, [rows, indices], index, [row], { shape, batches, least }) => {
				const batch = index.slice(0, batches);
				const rest = index.slice(batches + indices!.shape.at(-1)!);
				const there = index.slice(batches, index.length - rest.length).map((i, k) => {
					const at = indices!.at([...batch, row!, String(k)]);
					return `(${fromFront(at, shape[batches + k]!)}) === ${i}`;
				});
				const [x, y] = [row!, best].map((r) => rows!.at([...batch, r, ...rest]));
				const wins = `(${best} < 0 || ${x} ${least ? "<" : ">"} ${y} || ${x} !== ${x} && ${y} === ${y})`;
				return `if (${[...there, wins].join(" && ")}) ${best} = ${row}`;
			},
			finish: (best) => best,
		},
		print: ([rows, indices], { shape, batches, least }: WinnerParams) => {
			const options = `${least ? ", least=True" : ""}${batches > 0 ? `, batches=${batches}` : ""}`;
			return `winner_at(${rows}, ${indices}, (${shape.map((size) => `${size},`).join(" ")})${options})`;
		},
		sample: (draw) => {
			const lead = draw.pick([[], [2]]);
			const [count, width] = [draw.integer(0, 4), draw.integer(1, 2)];
			const places = draw.shape({ maxRank: 2, minSize: 1 });
			const tuples = Array.from({ length: sizeOf(lead) * count }, () =>
				places.map((size) => draw.integer(-size, size - 1)),
			);
			const data = Int32Array.from(tuples.flat());
			const indices = new Tensor(data, "int32", [...lead, count, places.length]);
			const shape = [...lead, ...places, width];
			const params = { shape, batches: lead.length, least: draw.integer(0, 1) === 1 };
			return { inputs: [draw.distinct([...lead, count, width]), indices], params };
		},
	},
	(rows: Tensor, indices: Tensor, shape: Shape, least = false, batches = 0): Tensor =>
		apply(winnerAt.op, [rows, indices], { shape, batches, least }),
);

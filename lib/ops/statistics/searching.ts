import { allocate, commonDType, isFloat } from "../../core/dtype.ts";
import { ShapeError } from "../../core/error.ts";
import { alike } from "../../core/lead.ts";
import { asTensor } from "../../core/lift.ts";
import { apply, defineOp, type Op, type OpFunction } from "../../core/op.ts";
import { checkOptions } from "../../core/options.ts";
import { sameShape, showShape, sizeOf } from "../../core/shape.ts";
import { elements } from "../../core/strided.ts";
import { Tensor, type TensorLike } from "../../core/tensor.ts";
import { placeAmong } from "../../kernels/searching.ts";
import { functionCall } from "../../notation/call.ts";
import { reshape } from "../../structure/layout.ts";
import { astype } from "../cast.ts";
import { sort } from "../sorting.ts";

/** Among equal elements, before the first or behind the last. */
export type SearchSide = "left" | "right";

const SIDES: readonly SearchSide[] = ["left", "right"];

type SearchParams = { readonly side: SearchSide };

const searchOp: Op<"searchSorted", SearchParams> = {
	name: "searchSorted",
	lead: alike,
	infer: ([sorted, x]) => {
		commonDType("searchSorted", sorted!.dtype, x!.dtype);
		return { shape: x!.shape, dtype: "int32" };
	},
	evaluate: ([sorted, x], { side }, { shape }) => {
		const [among, values] = [elements(sorted!), elements(x!)];
		const [n, m] = [sorted!.shape.at(-1)!, shape.at(-1)!];
		const out = allocate("int32", sizeOf(shape));
		for (let i = 0; i < out.length; i++) {
			const line = Math.floor(i / m) * n;
			out[i] = placeAmong(among, line, n, values[i]!, side === "right");
		}
		return new Tensor(out, "int32", shape);
	},
	differential: null,
	typescript: (args, params) =>
		functionCall("searchSorted", args, params.side === "left" ? undefined : params),
	loops: {
		kind: "fold",
		sizes: ([shape]) => [shape!.at(-1)!],
		start: "0",
		next: (total, [sorted, x], index, [j], { side }) => {
			const a = sorted!.at([...index.slice(0, -1), j!]);
			const value = x!.at(index);
			const stands =
				side === "right"
					? `${a} <= ${value} || ${value} !== ${value}`
					: `${a} < ${value} || (${value} !== ${value} && ${a} === ${a})`;
			return `${total} += ${stands} ? 1 : 0`;
		},
		finish: (total) => total,
	},
	print: ([sorted, x], { side }) =>
		`search_sorted(${sorted}, ${x}${side === "left" ? "" : `, side="${side}"`})`,
	sample: (draw) => {
		const lead = draw.shape({ maxRank: 1 });
		const sorted = sort(draw.tensor([...lead, draw.integer(1, 4)]));
		const x = draw.tensor([...lead, draw.integer(0, 4)]);
		return { inputs: [sorted, x], params: { side: draw.pick(SIDES) } };
	},
};

/**
 * For each x the place at which it would stand in a sorted vector, int32 from 0 to its size: before
 * the elements that are equal to it, or with `side: "right"` behind them. NaN counts as the
 * greatest, as in `sort`. Of several vectors (…×n) each is searched for its own x, (…×m). That they
 * are sorted is not checked. Constant: no gradient.
 * @throws ShapeError for a scalar, and where there are several vectors, but not as many lines of x
 * @throws DTypeError for float32 beside float64
 */
export const searchSorted: OpFunction<
	"searchSorted",
	(sorted: TensorLike, x: TensorLike, options?: { readonly side?: SearchSide }) => Tensor
> = defineOp(
	searchOp,
	(vector: TensorLike, value: TensorLike, options?: { readonly side?: SearchSide }): Tensor => {
		const { side = "left" } = checkOptions("searchSorted", options, { side: SIDES });
		const sorted = asTensor("searchSorted", vector);
		const x =
			typeof value === "number" && isFloat(sorted.dtype)
				? astype(asTensor("searchSorted", value), sorted.dtype)
				: asTensor("searchSorted", value);
		const lead = sorted.shape.slice(0, -1);
		if (sorted.rank === 0 || (lead.length > 0 && !sameShape(lead, x.shape.slice(0, -1)))) {
			throw new ShapeError(
				`searchSorted: expected a sorted vector, or as many as x has, got ${showShape(sorted.shape)} for ${showShape(x.shape)}`,
			);
		}
		if (lead.length > 0) return apply(searchOp, [sorted, x], { side });
		return reshape(apply(searchOp, [sorted, reshape(x, [x.size])], { side }), x.shape);
	},
);

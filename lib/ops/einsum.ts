import { aString } from "../core/argument-kinds.ts";
import { isFloat } from "../core/dtype.ts";
import { apply, defineOp, type Op, type OpFunction } from "../core/op.ts";
import { checkArgument } from "../core/options.ts";
import { type Shape, sizeOf } from "../core/shape.ts";
import type { Tensor, TensorLike } from "../core/tensor.ts";
import {
	operands as asOperands,
	multiplyMatrices,
	productDType,
	sumsOfProducts,
} from "../kernels/product.ts";
import { literal } from "../notation/call.ts";
import { sum } from "../structure/broadcasting.ts";
import { expandDims, permute, reshape, squeeze } from "../structure/layout.ts";
import { bilinear } from "../structure/linear.ts";
import { mul } from "./arithmetic.ts";
import { dot, matmul, outer } from "./products.ts";
import { type Labels, parseSubscripts } from "./subscripts.ts";
import { diagonal } from "./triangles.ts";

/**
 * The labels of x, of w and of the result; each stands in at least two of the three, in each once.
 */
type ContractParams = {
	readonly x: Labels;
	readonly w: Labels;
	readonly out: Labels;
};

/**
 * The product of two tensors, summed over the labels that the result does not have. It is a sum
 * over all labels of three factors, x·w·g, with one of them left open, so its transposes only
 * rotate the labels.
 */
const contract: Op<"einsum", ContractParams> = bilinear<"einsum", ContractParams>({
	name: "einsum",
	batch: ([x, w], params, [left, right]) => {
		const used = [...params.x, ...params.w];
		const label = [..."abcdefghijklmnopqrstuvwxyz"].find((letter) => !used.includes(letter)) ?? "*";
		const more = (labels: Labels, has = true) => (has ? [label, ...labels] : labels);
		return apply(contract, [x!, w!], {
			x: more(params.x, left),
			w: more(params.w, right),
			out: more(params.out),
		});
	},
	infer: ([x, w], params) => {
		const size = (label: string) =>
			x!.shape[params.x.indexOf(label)] ?? w!.shape[params.w.indexOf(label)]!;
		return { shape: params.out.map(size), dtype: productDType("einsum", x!, w!) };
	},
	evaluate: ([x, w], params, type) => {
		const summed = params.x.filter((label) => !params.out.includes(label));
		if (summed.length === 0) return multiply(x!, w!, params);
		return sumOver(summed, x!, w!, params, type.shape, (left, right, shape) =>
			sumsOfProducts(
				"einsum",
				left,
				right,
				left.shape[2]!,
				{ shape, dtype: type.dtype },
				multiplyMatrices,
			),
		);
	},
	transposes: [
		(g, _, w, { x: dx, w: dw, out }) => apply(contract, [g, w], { x: out, w: dw, out: dx }),
		(g, x, _, { x: dx, w: dw, out }) => apply(contract, [x, g], { x: dx, w: out, out: dw }),
	],
	typescript: (args, params) => `einsum(${[literal(subscripts(params)), ...args].join(", ")})`,
	latex: ([x, w], { x: dx, w: dw, out }) => {
		const summed = dx.filter((label) => !out.includes(label)).join("");
		const product = `${element(x!, dx)}\\,${element(w!, dw)}`;
		return summed === "" ? product : `\\sum_{${summed}} ${product}`;
	},
	loops: {
		kind: "fold",
		sizes: ([shape], { x, out }) =>
			x.flatMap((label, i) => (out.includes(label) ? [] : [shape![i]!])),
		start: "0",
		next: (total, [a, b], index, inner, { x, w, out }) => {
			const summed = x.filter((label) => !out.includes(label));
			const indexOf = (label: string) => index[out.indexOf(label)] ?? inner[summed.indexOf(label)]!;
			return `${total} += ${a!.at(x.map(indexOf))} * ${b!.at(w.map(indexOf))}`;
		},
		finish: (total) => total,
	},
	print: ([x, w], params) => `np.einsum("${subscripts(params)}", ${x}, ${w})`,
	traits: {
		decompose: ([x, w], params) => (isFloat(x!.dtype) ? asProduct(x!, w!, params) : null),
		textbook: ([x, w], params) => asMatrices(x!, w!, params),
	},
	sample: (draw) => {
		const labels = [..."abcd"].slice(0, draw.integer(0, 4));
		const params = { x: [] as string[], w: [] as string[], out: [] as string[] };
		const sizes = new Map(labels.map((label) => [label, draw.integer(0, 3)]));
		for (const label of labels) {
			const without = draw.pick([null, params.x, params.w, params.out]);
			for (const list of [params.x, params.w, params.out]) {
				if (list !== without) list.splice(draw.integer(0, list.length), 0, label);
			}
		}
		const one = (list: Labels) => draw.tensor(list.map((label) => sizes.get(label)!));
		return { inputs: [one(params.x), one(params.w)], params };
	},
});

/** An element in LaTeX; a name that has an index is put in brackets, a number has no elements. */
function element(text: string, labels: Labels): string {
	if (labels.length === 0) return text;
	return `${/_/.test(text) && !/^\\left\(/.test(text) ? `(${text})` : text}_{${labels.join("")}}`;
}

function subscripts({ x, w, out }: ContractParams): string {
	return `${x.join("")},${w.join("")}->${out.join("")}`;
}

/** The contraction as a product of elements or of matrices. */
function asProduct(x: Tensor, w: Tensor, params: ContractParams): Tensor {
	const summed = params.x.filter((label) => !params.out.includes(label));
	if (summed.length === 0) return multiply(x, w, params);
	const { shape } = contract.infer([x, w], params);
	return sumOver(summed, x, w, params, shape, (left, right, arranged) => {
		const one = left.shape[0] === 1;
		return reshape(
			one ? matmul(squeeze(left, 0), squeeze(right, 0)) : matmul(left, right),
			arranged,
		);
	});
}

/** The product of two matrices or vectors, or of a number and a tensor, that it is; else null. */
function asMatrices(x: Tensor, w: Tensor, params: ContractParams): Tensor | null {
	const { x: xLabels, w: wLabels, out } = params;
	if (x.rank === 0 || w.rank === 0) return multiply(x, w, params);
	const both = xLabels.filter((label) => wLabels.includes(label));
	const [row, ...rows] = xLabels.filter((label) => !both.includes(label));
	const [column, ...columns] = wLabels.filter((label) => !both.includes(label));
	if (both.length > 1 || both.some((label) => out.includes(label))) return null;
	if (rows.length > 0 || columns.length > 0) return null;
	const left = [row, ...both].filter((label) => label !== undefined);
	const right = [...both, column].filter((label) => label !== undefined);
	const kept = [row, column].filter((label) => label !== undefined);
	const [a, b] = [arrange(x, xLabels, left), arrange(w, wLabels, right)];
	return arrange(both.length === 0 ? outer(a, b) : dot(a, b), kept, out);
}

/** Nothing is summed: the axes are lined up and the elements multiplied. */
function multiply(x: Tensor, w: Tensor, { x: xLabels, w: wLabels, out }: ContractParams): Tensor {
	const lineUp = (t: Tensor, labels: Labels) =>
		expandDims(
			arrange(
				t,
				labels,
				out.filter((label) => labels.includes(label)),
			),
			out.flatMap((label, i) => (labels.includes(label) ? [] : [i])),
		);
	return mul(lineUp(x, xLabels), lineUp(w, wLabels));
}

/**
 * A batched matrix product, `multiplied` from (batch×rows×terms) and (batch×terms×columns) to a
 * shape: the labels of all three count the batch, those summed over the terms, and those that only
 * x or only w shares with the result the rows and columns.
 */
function sumOver(
	summed: Labels,
	x: Tensor,
	w: Tensor,
	{ x: xLabels, w: wLabels, out }: ContractParams,
	shape: Shape,
	multiplied: (left: Tensor, right: Tensor, shape: Shape) => Tensor,
): Tensor {
	const batch = out.filter((label) => xLabels.includes(label) && wLabels.includes(label));
	const rows = out.filter((label) => !wLabels.includes(label));
	const columns = out.filter((label) => !xLabels.includes(label));
	const outSizes = (labels: Labels) => labels.map((label) => shape[out.indexOf(label)]!);
	const size = (labels: Labels) => sizeOf(outSizes(labels));
	const terms = sizeOf(summed.map((label) => x.shape[xLabels.indexOf(label)]!));
	const left = arrange(x, xLabels, [...batch, ...rows, ...summed]);
	const right = arrange(w, wLabels, [...batch, ...summed, ...columns]);
	const labels = [...batch, ...rows, ...columns];
	const product = multiplied(
		reshape(left, [size(batch), size(rows), terms]),
		reshape(right, [size(batch), terms, size(columns)]),
		outSizes(labels),
	);
	return arrange(product, labels, out);
}

/** x with its labelled axes in another order. */
function arrange(x: Tensor, labels: Labels, order: Labels): Tensor {
	if (order.every((label, i) => label === labels[i])) return x;
	return permute(
		x,
		order.map((label) => labels.indexOf(label)),
	);
}

/** A tensor on its way through the contractions, with the labels of its axes. */
interface Labelled {
	readonly x: Tensor;
	readonly labels: Labels;
}

/**
 * Takes the diagonal where a label stands twice, and sums over the labels that nothing else
 * `needs`.
 */
function simplify({ x, labels }: Labelled, needs: (label: string) => boolean): Labelled {
	const again = labels.findIndex((label, i) => labels.indexOf(label) !== i);
	if (again !== -1) {
		const first = labels.indexOf(labels[again]!);
		const rest = labels.filter((_, i) => i !== first && i !== again);
		return simplify(
			{ x: diagonal(x, { axes: [first, again] }), labels: [...rest, labels[again]!] },
			needs,
		);
	}
	const alone = labels.flatMap((label, i) => (needs(label) ? [] : [i]));
	if (alone.length === 0) return { x, labels };
	return { x: sum(x, alone), labels: labels.filter(needs) };
}

/** An operand without the axes of size 1 that another operand stretches. */
function withoutStretched(x: Tensor, labels: Labels, sizes: ReadonlyMap<string, number>): Labelled {
	const stretched = labels.flatMap((label, i) =>
		x.shape[i] === 1 && sizes.get(label) !== 1 ? [i] : [],
	);
	if (stretched.length === 0) return { x, labels };
	return { x: squeeze(x, stretched), labels: labels.filter((_, i) => !stretched.includes(i)) };
}

/**
 * Sums of products, as the subscripts say: each axis has a letter, equal letters run together, and
 * a letter that the result does not have is summed over. `einsum("ij,jk->ik", x, w)` is the matrix
 * product, `"ii->i"` the diagonal, `"ij->"` the sum. Without an arrow, the result has the letters
 * that stand once, in alphabetical order. `...` stands for any further axes. As in NumPy, an axis
 * of size 1 stretches to the size that its letter has in another operand. Operands are contracted
 * from left to right.
 * @throws ShapeError where the subscripts are not well formed, or do not fit the number, ranks or
 * sizes of the operands
 * @throws DTypeError when an int32 result overflows
 */
export const einsum: OpFunction<
	"einsum",
	(subscripts: string, ...operands: TensorLike[]) => Tensor
> = defineOp(contract, (subscripts: string, ...args: TensorLike[]): Tensor => {
	checkArgument("einsum", "the subscripts", subscripts, aString);
	const tensors = asOperands("einsum", args);
	const parsed = parseSubscripts(
		subscripts,
		tensors.map((x) => x.shape),
	);
	const { out } = parsed;
	const rest = tensors.map((x, i) => withoutStretched(x, parsed.operands[i]!, parsed.sizes));
	const neededBeside = (others: readonly Labelled[]) => (label: string) =>
		out.includes(label) || others.some(({ labels }) => labels.includes(label));
	const simple = rest.map((operand, i) => simplify(operand, neededBeside(rest.toSpliced(i, 1))));
	const result = simple.reduce((left, right, i) => {
		const needed = neededBeside(simple.slice(i + 1));
		const joined = [...new Set([...left.labels, ...right.labels])].filter(needed);
		const labels = i === simple.length - 1 ? out : joined;
		const params = { x: left.labels, w: right.labels, out: labels };
		return { x: apply(contract, [left.x, right.x], params), labels };
	});
	return arrange(result.x, result.labels, out);
});

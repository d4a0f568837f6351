import { isFloat } from "../core/dtype.ts";
import { sameShape } from "../core/shape.ts";
import type { Tensor } from "../core/tensor.ts";
import { mul } from "../ops/arithmetic.ts";
import { einsum } from "../ops/einsum.ts";
import { broadcastTo, sum } from "../structure/broadcasting.ts";
import { permute, reshape } from "../structure/layout.ts";
import { uniformNumber } from "./builder.ts";
import { constantForm } from "./constants.ts";
import { expressed } from "./inline.ts";
import type { Instruction, Value } from "./program.ts";
import type { Maker, RewriteRule, Surroundings } from "./rules.ts";

// Laws of matrix products. They hold exactly in real numbers.

/**
 * Products of which a factor does nothing, or only adds up, or is looked at in another shape for
 * the product's sake. They make the forward pass plainer too.
 */
export function plainProducts({ kept }: Pick<Surroundings, "kept">): readonly RewriteRule[] {
	return [
		{
			name: "a product with the identity is the other factor",
			rewrite: (product) => withoutIdentity(product)?.other ?? null,
		},
		{
			name: "a product with zeros is zero",
			rewrite: ({ op, inputs, type }, maker) => {
				const isZero = op.traits?.multipliesMatrices && inputs.some((x) => uniformNumber(x) === 0);
				return isZero ? maker.number(0, type) : null;
			},
		},
		{
			name: "a product row by row does not mind in which shape the rows lie",
			rewrite: ({ op, inputs: [rows, ...others], params, type }, maker) => {
				if (!op.traits?.rowByRow || rows === undefined) return null;
				const x = arranged(rows);
				if (x === null || kept.has(rows) || !keepsLast(x, rows)) return null;
				const product = maker.apply(op, [x, ...others], params);
				return maker.apply(reshape.op, [product], { shape: type.shape });
			},
		},
		{
			name: "a column as a factor is a vector",
			rewrite: ({ op, inputs: [x, column], params, type }, maker) => {
				if (!op.traits?.rowByRow || column?.type.shape.at(-1) !== 1) return null;
				const vector = arranged(column);
				if (vector?.type.shape.length !== 1 || kept.has(column)) return null;
				const product = maker.apply(op, [x!, vector], params);
				return maker.apply(reshape.op, [product], { shape: type.shape });
			},
		},
		{
			name: "rows of two tensors that belong together are multiplied and added up",
			rewrite: ({ op, inputs, type }, maker) => {
				if (!op.traits?.multipliesMatrices || type.shape.length !== 2) return null;
				const [left, right] = inputs as [Value, Value];
				if (left.kind !== "instruction" || !left.op.traits?.reverses?.(left.params)) return null;
				const [x, y] = [arranged(left.inputs[0]!), arranged(right)];
				if (x === null || y === null || kept.has(right) || kept.has(left.inputs[0]!)) return null;
				const lead = x.type.shape.slice(0, -1);
				const isRows = keepsLast(x, left.inputs[0]!);
				const isColumn = type.shape[1] === 1 && sameShape(y.type.shape, lead);
				const areRows = keepsLast(y, right) && sameShape(y.type.shape.slice(0, -1), lead);
				const letters = [..."ijklmnpqrs"];
				const rows = letters.splice(0, lead.length);
				const [row, column] = letters;
				if (!isRows || column === undefined || !(isColumn || areRows)) return null;
				const columns = isColumn ? [] : [column];
				const axes = { x: [...rows, row!], w: [...rows, ...columns], out: [row!, ...columns] };
				const total = maker.apply(einsum.op, [x, y], axes);
				return maker.apply(reshape.op, [total], { shape: type.shape });
			},
		},
	];
}

/** How a person writes products of the backward pass. */
export function writtenProducts({ kept }: Pick<Surroundings, "kept">): readonly RewriteRule[] {
	return [
		{
			name: "x·Mᵀ is M·x for a vector",
			rewrite: ({ op, inputs, params }, maker) => {
				const [x, flipped] = inputs as [Value, Value];
				if (!op.traits?.multipliesMatrices || x.type.shape.length !== 1) return null;
				if (flipped.kind !== "instruction" || !flipped.op.traits?.reverses?.(flipped.params)) {
					return null;
				}
				const [matrix] = flipped.inputs as [Value];
				return matrix.type.shape.length === 2 ? maker.apply(op, [matrix, x], params) : null;
			},
		},
		{
			name: "a product with a multiple of the identity is a multiple",
			rewrite: (product, maker) => {
				const { factor, other, identity } = withoutIdentity(product, true) ?? {};
				// What the user multiplied by has a name.
				const isUsers = (x: Value) => x.kind === "instruction" && x.inputs.includes(identity!);
				if (factor === undefined || [...kept].some(isUsers)) return null;
				return maker.apply(mul.op, [maker.number(factor, product.type), other!], null);
			},
		},
		{
			name: "a product with equal numbers is a multiple of a sum",
			rewrite: ({ op, inputs, type }, maker) => {
				if (!op.traits?.multipliesMatrices || !isFloat(type.dtype)) return null;
				const [left, right] = inputs as [Value, Value];
				for (const [number, other, axis] of [
					[right, left, -1],
					[left, right, right.type.shape.length === 1 ? -1 : -2],
				] as const) {
					const one = oneNumber(number, maker);
					if (one === null) continue;
					return expressed([other, one], maker, ([x, c]) => {
						// What is left of a vector is a number; a matrix keeps a row or a column to stretch.
						const total = sum(x!, axis, { keepDims: number.type.shape.length > 1 });
						return mul(broadcastTo(reshape(c!, []), type.shape), broadcastTo(total, type.shape));
					});
				}
				return null;
			},
		},
		{
			name: "what is the same along both axes may be transposed, and so may what it multiplies",
			rewrite: ({ op, inputs: [x], params, type }, maker) => {
				if (op !== permute.op || x?.kind !== "instruction") return null;
				const { axes } = params as { axes: readonly number[] };
				if (isSameAlong(x, axes)) return maker.apply(x.op, x.inputs, { shape: type.shape });
				const others = x.inputs.filter((each) => !isSameAlong(each, axes));
				if (!x.op.traits?.elementwise || others.length !== 1 || x.inputs.length === 1) return null;
				const flipped = x.inputs.map((each) => maker.apply(op, [each], params));
				return maker.apply(x.op, flipped, x.params);
			},
		},
		{
			name: "a transpose is added up along the other axis",
			rewrite: ({ op, inputs: [x], params, type }, maker) => {
				const axes = op.traits?.totals?.(params);
				if (axes === undefined || x?.kind !== "instruction" || type.shape.length > 1) return null;
				const rank = x.type.shape.length;
				if (!x.op.traits?.reverses?.(x.params) || axes.length + type.shape.length !== rank) {
					return null;
				}
				return expressed(x.inputs, maker, ([y]) =>
					sum(
						y!,
						axes.map((axis) => rank - 1 - axis),
					),
				);
			},
		},
	];
}

/** The factor of a product beside the identity, or a multiple of it where `isMultiple` says so. */
function withoutIdentity(
	{ op, inputs, type }: Instruction,
	isMultiple = false,
): { factor: number; other: Value; identity: Value } | null {
	if (!op.traits?.multipliesMatrices || !isFloat(type.dtype)) return null;
	for (const [i, other] of [inputs[1]!, inputs[0]!].entries()) {
		const factor = identityFactor(inputs[i]!);
		if (factor === null || (factor !== 1 && !isMultiple)) continue;
		if (sameShape(other.type.shape, type.shape))
			return { factor, other, identity: baseOf(inputs[i]!) };
	}
	return null;
}

/** Whether a value is stretched along all axes that an order of them moves. */
function isSameAlong(value: Value, axes: readonly number[]): boolean {
	if (value.kind !== "instruction" || !value.op.traits?.stretch) return false;
	const from = value.inputs[0]!.type.shape;
	const missing = axes.length - from.length;
	return axes.every((axis, i) => axis === i || (from[axis - missing] ?? 1) === 1);
}

/** What a value is a view of. */
function baseOf(value: Value): Value {
	return value.kind === "instruction" ? baseOf(value.inputs[0]!) : value;
}

const factors = new WeakMap<Tensor, number | null>();

/** The number of which a value is that multiple of the identity matrix, or a batch of it. */
function identityFactor(value: Value): number | null {
	if (value.kind === "instruction") {
		const [x] = value.inputs as [Value];
		const { stretch, reverses } = value.op.traits ?? {};
		const isSame = stretch
			? sameShape(x.type.shape, value.type.shape.slice(-2))
			: reverses?.(value.params);
		return isSame && x.type.shape.length === 2 ? identityFactor(x) : null;
	}
	if (value.kind !== "constant" || value.type.shape.length !== 2) return null;
	const { tensor } = value;
	if (!factors.has(tensor)) {
		const form = constantForm(tensor);
		factors.set(tensor, form.kind === "identity" ? form.factor : null);
	}
	return factors.get(tensor)!;
}

/** The number, or the value of one element, that a value is all over. */
function oneNumber(value: Value, maker: Maker): Value | null {
	const number = uniformNumber(value);
	if (number !== null) return maker.number(number, { ...value.type, shape: [] });
	if (value.kind !== "instruction" || !value.op.traits?.stretch) return null;
	const [x] = value.inputs as [Value];
	return x.type.shape.every((size) => size === 1) ? x : null;
}

/** What a value shows the same elements of, in the same order. */
function arranged(value: Value): Value | null {
	const isArranged =
		value.kind === "instruction" && value.op.loops?.kind === "order" && !isIdle(value);
	return isArranged ? value.inputs[0]! : null;
}

function isIdle({ op, inputs, params }: Instruction): boolean {
	return op.traits?.idle?.(inputs[0]!.type, params) ?? false;
}

/** Whether only axes before the last one were merged. */
function keepsLast(x: Value, rows: Value): boolean {
	return x.type.shape.length > 2 && x.type.shape.at(-1) === rows.type.shape.at(-1);
}

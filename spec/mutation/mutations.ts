import { stopGradient } from "../../lib/autodiff/custom.ts";
import { isFloat } from "../../lib/core/dtype.ts";
import { apply, type Op } from "../../lib/core/op.ts";
import { sameShape } from "../../lib/core/shape.ts";
import { Tensor } from "../../lib/core/tensor.ts";
import { asMap, compose, identity, LinearMap, linearMap, negate } from "../../lib/ops/maps.ts";
import { altered } from "./altered-params.ts";

/** Where a differential is asked for. */
interface Place {
	readonly op: Op;
	readonly i: number;
	readonly inputs: readonly Tensor[];
	readonly out: Tensor;
	readonly params: unknown;
}

/** A slip that somebody who writes a rule may make. */
export interface Mutation {
	readonly name: string;
	/** Why an op may not notice: then the mutant is equivalent. */
	readonly harmless: string;
	/** The wrong map in place of the right one; the right one where the slip cannot be made. */
	readonly mutate: (right: LinearMap, place: Place) => LinearMap | null;
}

/** The op with the slip in its differential. */
export function mutantOf(op: Op, { name, mutate }: Mutation): Op {
	return {
		...op,
		name: `${op.name} (${name})`,
		differential: (i, inputs, out, params) => {
			const right = asMap(op.differential!(i, inputs, out, params));
			return right === null ? null : mutate(right, { op, i, inputs, out, params });
		},
	};
}

const times = (factor: number) => new LinearMap(`times ${factor}`, (dx) => dx.mul(factor));
const then = (map: LinearMap) => (right: LinearMap) => compose(right, map);
const inReverseOnly = (change: (g: Tensor) => Tensor) => (right: LinearMap) =>
	linearMap("lopsided", right.apply, (g) => change(right.transpose.apply(g)));
const inForwardOnly = (change: (dx: Tensor) => Tensor) => (right: LinearMap) =>
	linearMap("lopsided", (dx) => change(right.apply(dx)), right.transpose.apply);
/** A slip that can be made only where argument and result have one shape. */
const ofOneShape =
	(mutate: Mutation["mutate"]): Mutation["mutate"] =>
	(right, place) =>
		sameShape(place.inputs[place.i]!.shape, place.out.shape) ? mutate(right, place) : right;
/** The right differential at another place, where that has the same types. */
function elsewhere({ op, i, inputs, out }: Place, { ...other }: Partial<Place>, right: LinearMap) {
	const place = { i, inputs, out, params: null, ...other };
	const alike = (x: Tensor, y: Tensor) => sameShape(x.shape, y.shape) && x.dtype === y.dtype;
	const fits =
		alike(place.inputs[place.i]!, inputs[i]!) &&
		alike(place.out, out) &&
		place.inputs.every((x, j) => alike(x, inputs[j]!));
	return fits ? asMap(op.differential!(place.i, place.inputs, place.out, place.params)) : right;
}

/** How far a tie is broken: much less than the laws resolve where there is none. */
const NUDGE = 1e-11;

/** The inputs a little up or down, later ones more so, so that no two are equal any more. */
const nudged =
	(sign: number): Mutation["mutate"] =>
	(right, place) => {
		const inputs = place.inputs.map((x, j) => {
			if (!isFloat(x.dtype) || x.size === 0) return x;
			const ramp = Float64Array.from(
				{ length: x.size },
				(_, k) => sign * NUDGE * (1 + j + k / x.size),
			);
			return x.add(new Tensor(ramp, "float64", x.shape).astype(x.dtype));
		});
		const { op, params } = place;
		return elsewhere(place, { inputs, out: apply(op, inputs, params), params }, right);
	};

/** What the parameters, some of them changed, would give, where they give the same type. */
const withParams =
	(change: (value: unknown) => unknown): Mutation["mutate"] =>
	(right, place) => {
		const params = altered(place.params, change);
		try {
			const out = apply(place.op, place.inputs, params);
			return elsewhere(place, { out, params }, right);
		} catch {
			return right;
		}
	};

const LINEAR = "its derivative does not vary with the point";

/** Every slip there is to make. */
export const mutations: readonly Mutation[] = [
	{ name: "the sign changed", harmless: "its derivative is 0", mutate: then(negate) },
	{ name: "twice as much", harmless: "its derivative is 0", mutate: then(times(2)) },
	{ name: "half as much", harmless: "its derivative is 0", mutate: then(times(0.5)) },
	{ name: "off by a millionth", harmless: "its derivative is 0", mutate: then(times(1 + 1e-6)) },
	{
		name: "the sign changed in reverse mode",
		harmless: "its derivative is 0",
		mutate: inReverseOnly((g) => g.neg()),
	},
	{
		name: "the sign changed in forward mode",
		harmless: "its derivative is 0",
		mutate: inForwardOnly((dx) => dx.neg()),
	},
	{
		name: "the transpose forgotten",
		harmless: "it is symmetric, its own transpose, or goes to another shape",
		mutate: ofOneShape((right) => new LinearMap("untransposed", right.apply)),
	},
	{
		name: "the transpose's transpose wrong",
		harmless: "its derivative is 0",
		mutate: (right) => {
			const twice = compose(right, times(2));
			const back = new LinearMap("back", right.transpose.apply, () => twice);
			return new LinearMap("there", right.apply, () => back);
		},
	},
	{
		name: "the argument transposed",
		harmless: "no sample has a square argument that is not symmetric in the map",
		mutate: (right, { inputs, i }) => {
			const { shape } = inputs[i]!;
			const square = shape.length >= 2 && shape.at(-1) === shape.at(-2);
			return square ? compose(new LinearMap("T", (dx) => dx.matrixTranspose()), right) : right;
		},
	},
	{
		name: "one place on along the last axis",
		harmless: "the result has no axis of several elements, or does not tell them apart",
		mutate: (right, { out }) =>
			(out.shape.at(-1) ?? 1) > 1
				? compose(
						right,
						linearMap(
							"roll",
							(y) => y.roll(1, -1),
							(y) => y.roll(-1, -1),
						),
					)
				: right,
	},
	{
		name: "the identity in its place",
		harmless: "it is the identity, or goes to another shape",
		mutate: ofOneShape(() => identity),
	},
	{
		name: "applied twice",
		harmless:
			"it is the identity or a mask, which twice is what it is once, or goes to another shape",
		mutate: ofOneShape((right) => compose(right, right)),
	},
	{
		name: "the mask dropped",
		harmless: "every element of the argument counts",
		mutate: (right, { inputs, i, out }) => {
			const cut = right.transpose.apply(out.mul(0).add(1)).equal(0);
			if (!cut.any().item()) return right;
			const spread = linearMap(
				"what was cut off",
				(dx) => cut.where(dx, 0).sum().broadcastTo(out.shape),
				(g) => cut.where(g.sum().broadcastTo(inputs[i]!.shape), 0),
			);
			return linearMap(
				"unmasked",
				(dx) => right.apply(dx).add(spread.apply(dx)),
				(g) => right.transpose.apply(g).add(spread.transpose.apply(g)),
			);
		},
	},
	{
		name: "the sign of the factor dropped",
		harmless: "no factor is negative, or it goes to another shape",
		mutate: ofOneShape((right, { inputs, i }) => {
			const factor = stopGradient(right.apply(inputs[i]!.mul(0).add(1)));
			return compose(right, new LinearMap("sign", (dx) => dx.mul(factor.less(0).where(-1, 1))));
		}),
	},
	...[0, -1].map(
		(axis): Mutation => ({
			name: `only the first counts along axis ${axis}`,
			harmless: "the result has no axis of several elements",
			mutate: (right, { out }) => {
				if ((out.shape.at(axis) ?? 1) < 2) return right;
				const shape = out.shape.map((size, k) => (k === (axis + out.rank) % out.rank ? size : 1));
				const unit = Float64Array.from({ length: out.shape.at(axis)! }, (_, k) => Number(k === 0));
				const first = new Tensor(unit, "float64", shape).astype(out.dtype);
				return compose(right, new LinearMap("first", (y) => y.mul(first)));
			},
		}),
	),
	{
		name: "a mean in place of a sum",
		harmless: "argument and result have one size",
		mutate: (right, { inputs, i, out }) => {
			const [n, m] = [inputs[i]!.size, out.size];
			return n > 0 && m > 0 ? compose(right, times(Math.min(n, m) / Math.max(n, m))) : right;
		},
	},
	{
		name: "an argument forgotten: the first",
		harmless: "its derivative is 0",
		mutate: (right, { i }) => (i === 0 ? null : right),
	},
	{
		name: "an argument forgotten: the last",
		harmless: "its derivative is 0",
		mutate: (right, { i, inputs }) => (i === inputs.length - 1 ? null : right),
	},
	{
		name: "the map of another argument",
		harmless: "it is symmetric in its arguments, or has one, or they differ in shape",
		mutate: (right, place) =>
			elsewhere(place, { i: place.inputs.length - 1 - place.i, params: place.params }, right),
	},
	{
		name: "the arguments swapped",
		harmless: "its derivative is symmetric in them, or it has one, or they differ in shape",
		mutate: (right, place) =>
			elsewhere(place, { inputs: [...place.inputs].reverse(), params: place.params }, right),
	},
	{
		name: "the result in place of the argument",
		harmless: "its rule does not use the argument, or they differ in shape",
		mutate: (right, place) =>
			elsewhere(
				place,
				{ inputs: place.inputs.with(place.i, place.out), params: place.params },
				right,
			),
	},
	{
		name: "the argument in place of the result",
		harmless: "its rule does not use the result, or they differ in shape",
		mutate: (right, place) =>
			elsewhere(place, { out: place.inputs[place.i]!, params: place.params }, right),
	},
	{
		name: "the point frozen, so that the second derivative is 0",
		harmless: LINEAR,
		mutate: (_, { op, i, inputs, out, params }) =>
			asMap(op.differential!(i, inputs.map(stopGradient), stopGradient(out), params)),
	},
	{
		name: "flags among the parameters flipped",
		harmless: "its derivative does not use flags, or it has none",
		mutate: withParams((value) => (typeof value === "boolean" ? !value : value)),
	},
	{
		name: "numbers among the parameters greater by one",
		harmless: "its derivative does not use numbers among its parameters, or it has none",
		mutate: withParams((value) => (typeof value === "number" ? value + 1 : value)),
	},
	{
		name: "lists among the parameters reversed",
		harmless: "its derivative does not use the order, or there are no lists",
		mutate: withParams((value) => (Array.isArray(value) ? [...value].reverse() : value)),
	},
	{
		name: "not linear",
		harmless: "its derivative is 0",
		mutate: (right) =>
			new LinearMap(
				"not linear",
				(dx) => {
					const y = right.apply(dx);
					return y.add(y.square().mul(1e-3));
				},
				() => right.transpose,
			),
	},
	{
		name: "float32 forgotten",
		harmless: "its derivative is 0",
		mutate: then(
			linearMap(
				"cast",
				(y) => y.astype("float64"),
				(y) => y.astype("float64"),
			),
		),
	},
	{
		name: "ties to the later",
		harmless: "it has no ties, or the later one takes them",
		mutate: nudged(1),
	},
	{
		name: "ties to the earlier",
		harmless: "it has no ties, or the earlier one takes them",
		mutate: nudged(-1),
	},
];

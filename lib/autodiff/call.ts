import { GradientError } from "../core/error.ts";
import { type LinearMap, linearMap } from "../core/linear-map.ts";
import { apply, type Op } from "../core/op.ts";
import { type Shape, sizeOf } from "../core/shape.ts";
import type { Tensor } from "../core/tensor.ts";
import { concat } from "../ops/joining.ts";
import { slice } from "../ops/slicing.ts";
import { reshape } from "../structure/layout.ts";
import { given } from "./by-hand.ts";
import { orZeros } from "./run.ts";

/** Tensors, as a function sees its arguments and results once their structure is taken off. */
type Vector = readonly Tensor[];

/** A function together with its derivative. */
export interface Call {
	/** What errors and printed forms call it. */
	readonly name: string;
	/** Which of the user's arguments it is differentiated by; left out: the first. */
	readonly differentiated?: string;
	/** Whether its derivative is not that of `f`, but what the user has decided; left out: it is. */
	readonly byHand?: boolean;
	readonly f: (x: Vector) => Vector;
	/**
	 * Forward mode: the function, at these arguments and results, that gives the tangents of the
	 * results.
	 */
	readonly push: (x: Vector, y: Vector) => (dx: Vector) => Vector;
	/** Reverse mode: the cotangents of the arguments. */
	readonly pull: (x: Vector, y: Vector, g: Vector) => Vector;
}

/** The same, with the results as one tensor: an op has one result. */
interface PackedCall {
	readonly name: string;
	readonly differentiated: string;
	readonly byHand: boolean;
	readonly f: (x: Vector) => Tensor;
	readonly push: (x: Vector, y: Tensor, dx: Vector) => Tensor;
	readonly pull: (x: Vector, y: Tensor, g: Tensor) => Vector;
}

/** The op of one call: functions are no parameters, so it is made anew for each. */
function callOp(call: PackedCall): Op<"call", null> {
	const { name, byHand, f, push, pull } = call;
	const differential = (i: number, inputs: Vector, out: Tensor): LinearMap =>
		linearMap(
			"call",
			(dx) => {
				const alone = inputs.map((_, j) => (j === i ? dx : null));
				return push(inputs, out, orZeros(alone, inputs));
			},
			(g) => pull(inputs, out, g)[i]!,
		);
	return {
		name: "call",
		infer: (inputs) => f(inputs),
		evaluate: (inputs) => madeOf(inputs, f(inputs), call),
		differential,
		decompose: (inputs) => {
			const isMarked = byHand && !inputs.some(({ node }) => node?.tape.transposes);
			if (!isMarked) return f(inputs);
			return given(madeOf(inputs, f(inputs), call), inputs, differential);
		},
		print: (args) => `${name}(${args.join(", ")})`,
		traits: { call: name },
	};
}

/**
 * A value, as made of these inputs and of nothing else that is being differentiated.
 * @throws GradientError where a transform that began after theirs, and is no trace, watches it
 */
function madeOf(inputs: Vector, value: Tensor, { name, differentiated }: PackedCall): Tensor {
	const last = Math.max(0, ...inputs.map(({ node }) => node?.tape.order ?? 0));
	const tape = value.node?.tape;
	if (!tape?.open || tape.order <= last || tape.evaluator !== null) return value;
	throw new GradientError(
		`${name}: the function uses a tensor that is being differentiated and is not in ${differentiated}, ` +
			"so its gradient would be lost; pass it there",
	);
}

/**
 * Applies a function as one op, with the derivative that comes with it: what happens inside is not
 * recorded. Several results travel as one vector, so they have to be of one dtype.
 */
export function applyCall(call: Call, x: Vector): readonly Tensor[] {
	let shapes: Shape[] = [];
	// `infer` and `evaluate` ask for the same value, and each argument for its share of the same
	// cotangents.
	const f = rememberLast((inputs: Vector) => {
		const y = call.f(inputs);
		shapes = y.map((yi) => yi.shape);
		return pack(y);
	});
	const pull = rememberLast((inputs: Vector, y: Tensor, g: Tensor) =>
		call.pull(inputs, unpack(y, shapes), unpack(g, shapes)),
	);
	const pushAt = rememberLast((inputs: Vector, y: Tensor) => call.push(inputs, unpack(y, shapes)));
	const push = (inputs: Vector, y: Tensor, dx: Vector) => pack(pushAt(inputs, y)(dx));
	const { name, differentiated = "its first argument", byHand = false } = call;
	const op = callOp({ name, differentiated, byHand, f, push, pull });
	return unpack(apply(op, x, null), shapes);
}

function pack(tensors: Vector): Tensor {
	return tensors.length === 1 ? tensors[0]! : asVector(tensors);
}

function unpack(packed: Tensor, shapes: readonly Shape[]): readonly Tensor[] {
	return shapes.length === 1 ? [packed] : partsOf(packed, shapes);
}

/** The elements of tensors as one vector. */
export function asVector(tensors: Vector): Tensor {
	return concat(tensors.map((x) => reshape(x, [x.size])));
}

/** The tensors of these shapes that a vector is made of. */
export function partsOf(vector: Tensor, shapes: readonly Shape[]): Tensor[] {
	let start = 0;
	return shapes.map((shape) => {
		const part = reshape(slice(vector, [start, start + sizeOf(shape)]), shape);
		start += part.size;
		return part;
	});
}

/** `f`, which is not run again while its arguments stay the same ones. */
function rememberLast<Args extends unknown[], R>(f: (...args: Args) => R): (...args: Args) => R {
	let last = null as { args: Args; result: R } | null;
	return (...args) => {
		if (last === null || last.args.some((arg, i) => arg !== args[i])) {
			last = { args, result: f(...args) };
		}
		return last.result;
	};
}

import * as fc from "fast-check";
import { draws } from "../../lib/check/arbitrary-draw.ts";
import { asListFunction, floats, randomDirection } from "../../lib/check/derivatives.ts";
import type { Law } from "../../lib/check/law.ts";
import { laws } from "../../lib/check/laws.ts";
import { drawFrom, eighths, numbersFrom } from "../../lib/check/sampling.ts";
import { isFloat } from "../../lib/core/dtype.ts";
import { apply, type Draw, type Op, type Sample } from "../../lib/core/op.ts";
import type { Data } from "../../lib/core/params.ts";
import { sizeOf } from "../../lib/core/shape.ts";
import { elements } from "../../lib/core/strided.ts";
import { AdjointError, jvp, Tensor, vjp } from "../../lib/index.ts";
import { asMap } from "../../lib/ops/maps.ts";
import { type Mutation, mutantOf } from "./mutations.ts";

/** What became of a mutant: a law rejects it, none does, or it does what the op does. */
export type Verdict = "rejected" | "survived" | "equivalent";

/**
 * On how many arguments the laws are tried: a few do for most slips, and some slips only few
 * arguments allow.
 */
const RUNS = [5, 40, 4000];
/** On how many arguments a mutant has to do what the op does, to count as equivalent. */
const EVIDENCE = 200;

/** Runs the laws on a mutant, if it acts differently somewhere. */
export function judge(
	op: Op,
	mutation: Mutation,
	seed: number,
	by: readonly Law[] = Object.values(laws),
): Verdict {
	if (!differs(op, mutation)) return "equivalent";
	const mutant = mutantOf(op, mutation);
	const rejected = RUNS.some((numRuns) =>
		by.some((law) => {
			const property = fc.property(draws(), (draw) => law(mutant, draw));
			return fc.check(property, { numRuns, seed, endOnFailure: true }).failed;
		}),
	);
	return rejected ? "rejected" : "survived";
}

/**
 * Whether there are arguments at which the derivatives of the two differ, by more than the laws let
 * pass.
 */
function differs(op: Op, mutation: Mutation): boolean {
	for (const convention of op.conventions ?? []) {
		if (differAt(op, mutation, convention, drawFrom(numbersFrom(0)))) return true;
	}
	for (let seed = 0; seed < EVIDENCE; seed++) {
		const draw = drawFrom(numbersFrom(seed));
		// One in four has ties, one in four is float32.
		const sample = op.sample!(seed % 4 === 1 ? tied(draw) : draw);
		if (differAt(op, mutation, seed % 4 === 2 ? narrowed(sample) : sample, draw)) return true;
	}
	return false;
}

function differAt(op: Op, mutation: Mutation, sample: Sample<Data>, draw: Draw): boolean {
	const vectors = directionsFor(op, sample, draw);
	if (vectors === null || isUntouched(op, mutation, sample)) return false;
	const right = actions(op, sample, vectors);
	if (typeof right === "string") return false;
	const wrong = actions(mutantOf(op, mutation), sample, vectors);
	if (typeof wrong === "string") return true;
	return right.some((x, i) => !alike(x, wrong[i]!));
}

/** Whether the slip cannot be made here; one that throws is made. */
function isUntouched(op: Op, { mutate }: Mutation, { inputs, params }: Sample<Data>): boolean {
	const out = apply(op, inputs, params);
	return inputs.every((x, i) => {
		const right = isFloat(x.dtype) ? asMap(op.differential!(i, inputs, out, params)) : null;
		if (right === null) return true;
		try {
			return mutate(right, { op, i, inputs, out, params }) === right;
		} catch (error) {
			if (error instanceof AdjointError) return false;
			throw error;
		}
	});
}

/** Tangents of the arguments, and a cotangent and a tangent of the result. */
interface Directions {
	readonly dx: readonly Tensor[];
	readonly g: Tensor;
}

/** Null where the op does not take the sample, or gives no floats. */
function directionsFor(op: Op, { inputs, params }: Sample<Data>, draw: Draw): Directions | null {
	try {
		const out = apply(op, inputs, params);
		if (!isFloat(out.dtype)) return null;
		const along = (x: Tensor) => (isFloat(x.dtype) ? randomDirection(x, draw).astype(x.dtype) : x);
		return { dx: inputs.map(along), g: along(out) };
	} catch (error) {
		if (error instanceof AdjointError) return null;
		throw error;
	}
}

/**
 * What the maps of an op do to these directions, and its second derivative; the message where it
 * throws.
 */
function actions(op: Op, sample: Sample<Data>, { dx, g }: Directions): Tensor[] | string {
	const { inputs, params } = sample;
	try {
		const out = apply(op, inputs, params);
		const first = inputs.flatMap((x, i) => {
			if (!isFloat(x.dtype)) return [];
			const map = asMap(op.differential!(i, inputs, out, params));
			if (map === null) return [out.mul(0), x.mul(0), out.mul(0)];
			const back = map.transpose;
			return [map.apply(dx[i]!), back.apply(g), back.transpose.apply(dx[i]!)];
		});
		const x = floats(inputs);
		const f = asListFunction(op, inputs, params);
		const back = (at: readonly Tensor[]) => vjp(f, at)[1]([g]);
		return [...first, ...jvp(back, x, floats(dx))[1]];
	} catch (error) {
		return error instanceof Error ? error.message : String(error);
	}
}

/**
 * Less than a millionth, which a mutation changes, and more than a nudge at a tie changes where
 * there is none; or rounding.
 */
const [TOLERANCE, FLOAT32_TOLERANCE] = [1e-7, 1e-3];

/** Whether y is what x is; where x, the right one, is not finite, there is no number to miss. */
function alike(x: Tensor, y: Tensor): boolean {
	const [a, b] = [elements(x), elements(y)];
	const size = Math.max(1, ...a.filter(Number.isFinite).map(Math.abs));
	const tolerance = x.dtype === "float32" ? FLOAT32_TOLERANCE : TOLERANCE;
	return (
		x.dtype === y.dtype &&
		String(x.shape) === String(y.shape) &&
		a.every((value, i) => !Number.isFinite(value) || Math.abs(value - b[i]!) <= tolerance * size)
	);
}

/**
 * A draw with few different numbers, whole ones if the domain has any, whatever they should keep
 * away from.
 */
function tied(draw: Draw): Draw {
	const tensor: Draw["tensor"] = (shape, { min = -1, max = 1 } = {}) => {
		const points = eighths({ min, max });
		const whole = points.filter(Number.isInteger);
		const values = Array.from({ length: sizeOf(shape) }, () =>
			draw.pick(whole.length > 0 ? whole : points),
		);
		return new Tensor(Float64Array.from(values), "float64", shape);
	};
	return { ...draw, tensor, distinct: (shape) => tensor(shape) };
}

function narrowed({ inputs, params }: Sample<Data>): Sample<Data> {
	return { inputs: inputs.map((x) => (isFloat(x.dtype) ? x.astype("float32") : x)), params };
}

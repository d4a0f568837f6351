import type { TypedArray } from "../core/dtype.ts";
import type { TensorType } from "../core/op.ts";
import { sizeOf } from "../core/shape.ts";
import { elements } from "../core/strided.ts";
import type { Tensor } from "../core/tensor.ts";
import { written } from "../scalar/javascript.ts";
import { termEvaluator } from "../scalar/numbers.ts";
import type { Term } from "../scalar/scalar.ts";
import type { Scanned, ScanWalk } from "../scalar/scan.ts";
import { generated } from "./generated.ts";
import { accumulator, finished } from "./integers.ts";

/**
 * Carries on along one line, of n elements from `start` on that lie `step` apart, in the result as
 * in the inputs.
 */
type Line = (
	start: number,
	n: number,
	step: number,
	exclusive: boolean,
	out: TypedArray,
	inputs: readonly TypedArray[],
) => void;

/**
 * The evaluation of an op that carries something on: a loop with its formula inside, made for each
 * combination of dtypes when that is first needed.
 */
/* @__NO_SIDE_EFFECTS__ */
export function scanKernel<P>(
	name: string,
	{ start, step, walk }: Scanned<P>,
	lineOf = makeLine,
): (inputs: readonly Tensor[], params: P, type: TensorType) => Tensor {
	const lines = new Map<string, Line>();
	return (inputs, params, type) => {
		const dtypes = inputs.map(({ dtype }) => dtype).join();
		let line = lines.get(dtypes);
		if (line === undefined) {
			line = lineOf(name, start, step(), inputs.length);
			lines.set(dtypes, line);
		}
		const values = inputs.map(elements);
		const out = accumulator(type.dtype, sizeOf(type.shape));
		const { exclusive, ...along } = walk(params);
		forEachLine(type, along, (first, n, apart) => line(first, n, apart, exclusive, out, values));
		return finished(name, out, type);
	};
}

/** Calls `visit` for each line along an axis of a row-major tensor. */
function forEachLine(
	{ shape }: TensorType,
	{ axis, reverse }: Omit<ScanWalk, "exclusive">,
	visit: (start: number, n: number, step: number) => void,
): void {
	const blocks = sizeOf(shape.slice(0, axis));
	const n = shape[axis]!;
	const lanes = sizeOf(shape.slice(axis + 1));
	for (let block = 0; block < blocks; block++) {
		const first = (block * n + (reverse ? n - 1 : 0)) * lanes;
		for (let lane = 0; lane < lanes; lane++) visit(first + lane, n, reverse ? -lanes : lanes);
	}
}

/** Generated, or where that is forbidden a shared loop, which is slower. */
function makeLine(name: string, start: number, step: Term, arity: number): Line {
	const source = lineSource(name, start, step, arity);
	return generated([step], source, () => sharedLine(name, start, step));
}

function lineSource(name: string, start: number, step: Term, arity: number): string {
	const letters = Array.from({ length: arity }, (_, i) => `x${i}`);
	const { statements, value } = written(step, [
		"carried",
		"(k === 0)",
		...letters.map((x) => `${x}[at]`),
	]);
	return `return function ${name}Line(start, n, step, exclusive, out, [${letters.join(", ")}]) {
		let carried = ${start};
		for (let k = 0, at = start; k < n; k++, at += step) {
			${statements.join(" ")} const next = ${value};
			out[at] = exclusive ? carried : next;
			carried = next;
		}
	}`;
}

/** The same without generated code. */
export function sharedLine(_name: string, begin: number, step: Term): Line {
	const next = termEvaluator(step);
	return (start, n, step, exclusive, out, inputs) => {
		let carried = begin;
		for (let k = 0, at = start; k < n; k++, at += step) {
			const value = next(carried, Number(k === 0), ...inputs.map((x) => x[at]!));
			out[at] = exclusive ? carried : value;
			carried = value;
		}
	};
}

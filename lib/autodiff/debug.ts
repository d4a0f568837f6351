import { userSite } from "../core/call-site.ts";
import { debugState } from "../core/debug-state.ts";
import { isFloat } from "../core/dtype.ts";
import { GradientError } from "../core/error.ts";
import type { Op } from "../core/op.ts";
import { checkFunction } from "../core/options.ts";
import type { Data } from "../core/params.ts";
import { showShape } from "../core/shape.ts";
import { elements } from "../core/strided.ts";
import type { Tensor } from "../core/tensor.ts";

/**
 * The same function, watched: the first op whose value or gradient becomes NaN or infinite, though
 * its inputs are finite, throws an error with the shapes, the ranges of the inputs and the line of
 * your source that applied it. An op that `vmap` applies one by one is named on the console.
 * Slower; wrap the outermost function, for example `debug(grad(loss))(params)`. The function must
 * not be async.
 * @returns a function of the same signature, which throws GradientError
 */
export function debug<Args extends unknown[], R>(f: (...args: Args) => R): (...args: Args) => R {
	checkFunction("debug", f);
	return (...args) => {
		const outer = { ...debugState };
		const warned = new Set<string>();
		debugState.inspect = (op, inputs, params, out) => {
			const note = op.traits?.note?.(params);
			if (note !== undefined && !warned.has(note)) console.warn(`debug: ${note}`);
			if (note !== undefined) warned.add(note);
			inspect(op, inputs, params, out);
		};
		debugState.differentiating = null;
		debugState.here = userSite;
		try {
			return f(...args);
		} finally {
			Object.assign(debugState, outer);
		}
	};
}

function inspect(op: Op, inputs: readonly Tensor[], params: Data, out: Tensor): void {
	if (!isFloat(out.dtype)) return;
	const found = summary(out);
	const appeared = found.nans > 0 || (found.infinities > 0 && inputs.every(allFinite));
	if (!appeared) return;
	const what = found.nans > 0 ? "NaN" : "infinite";
	const count = found.nans > 0 ? found.nans : found.infinities;
	const letters = inputs.map((_, i) => String.fromCharCode("a".charCodeAt(0) + i));
	const ranges = inputs.map((x, i) => `${letters[i]} ${showShape(x.shape)} in ${showRange(x)}`);
	const evaluation = `${count} of ${out.size} elements of ${op.print(letters, params)} ${showShape(out.shape)} became ${what}, with ${ranges.join(", ")}`;
	const node = debugState.differentiating;
	const subject = node === null ? op.name : `derivative of ${node.op!.name}`;
	const site = (node?.site ?? userSite())();
	const inputsOfNode =
		node === null
			? ""
			: `; ${node.op!.name} had inputs ${node.inputs.map((x) => `${showShape(x.shape)} in ${showRange(x)}`).join(", ")}`;
	throw new GradientError(`${subject}: ${evaluation}${inputsOfNode}; applied at ${site}`);
}

function allFinite(x: Tensor): boolean {
	const { nans, infinities } = summary(x);
	return nans + infinities === 0;
}

function summary(x: Tensor) {
	let [nans, infinities, min, max] = [0, 0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
	for (const value of elements(x)) {
		if (Number.isNaN(value)) nans++;
		else if (!Number.isFinite(value)) infinities++;
		if (value < min) min = value;
		if (value > max) max = value;
	}
	return { nans, infinities, min, max };
}

function showRange(x: Tensor): string {
	const { nans, min, max } = summary(x);
	const digits = (value: number) => String(Number(value.toPrecision(4)));
	const range = min > max ? "[]" : `[${digits(min)}, ${digits(max)}]`;
	return nans === 0 ? range : `${range} and ${nans} NaN`;
}

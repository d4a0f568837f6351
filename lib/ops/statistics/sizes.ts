import { TraceError } from "../../core/error.ts";
import type { Tensor } from "../../core/tensor.ts";
import { isValueless } from "../../core/valueless.ts";

/** Whether x has values that hold whenever this runs: what is traced has none, or an example's. */
export function areValuesKnown(x: Tensor): boolean {
	for (let { node } = x; node !== null; node = node.value.node) {
		if (node.tape.evaluator !== null) return false;
	}
	return !isValueless(x);
}

/** The error of a function whose result has as many elements as values say, which are not known. */
export function sizeUnknown(op: string, option: string): TraceError {
	return new TraceError(
		`${op}: how many elements the result has depends on values, and a function that is traced has none yet; ` +
			`say it, { ${option}: … }`,
	);
}

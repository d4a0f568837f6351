import { type DType, isFloat } from "../../../core/dtype.ts";
import { inOrder } from "../../../scalar/scalar.ts";
import { type Expression, inputsIn, subexpressions } from "../../../schedule/expression.ts";
import type { Pass, SliceLoop } from "../../../schedule/kernel.ts";
import { replacing } from "../../../schedule/replacing.ts";

// `softmax` needs each exponential twice: for their sum, and to be divided by it. It is computed
// once, in a loop that does nothing else, of which engines make wider vectors than of one that adds
// up, and is kept in memory until the slice is done.

/** A pass; or one that computes an expression for each element and keeps it. */
export type RunningPass =
	| Pass
	| { readonly kind: "keep"; readonly of: Expression; readonly unless?: Expression };

/** A loop over slices that keeps one expression of their elements, or none. */
export interface RunningLoop extends Omit<SliceLoop, "passes"> {
	readonly passes: readonly RunningPass[];
	/** The dtype of what is kept. */
	readonly keeps: DType | null;
}

/** Where what is kept stands among the operands of a loop; expressions read it as an input. */
export function keptOperand({ inputs, outputs }: Pick<SliceLoop, "inputs" | "outputs">): number {
	return inputs.length + outputs.length;
}

/** The loop that keeps what is reduced, if that takes long to compute. */
export function withKept(loop: SliceLoop): RunningLoop {
	const { outputs, passes } = loop;
	for (const [at, pass] of passes.entries()) {
		const reductions = pass.kind === "reduce" ? pass.reductions : [];
		const of = reductions.map((one) => uncast(one.of)).find(takesLong);
		if (of === undefined) continue;
		const place: Expression = { kind: "input", index: keptOperand(loop) };
		const read = replacing((part) => (part === of ? place : null));
		const after = (x: Pass): Pass => {
			if (x.kind === "first") return { ...x, of: read(x.of) };
			return { ...x, reductions: x.reductions.map((one) => ({ ...one, of: read(one.of) })) };
		};
		const { unless } = pass;
		// What may be left out is not there for what comes later.
		const isThere = unless === undefined;
		const keep = { kind: "keep", of, ...(!isThere && { unless }) } as const;
		const later = passes.slice(at + 1);
		return {
			...loop,
			passes: [...passes.slice(0, at), keep, after(pass), ...(isThere ? later.map(after) : later)],
			outputs: isThere ? outputs.map((x) => ({ ...x, value: read(x.value) })) : outputs,
			keeps: of.dtype,
		};
	}
	return { ...loop, keeps: null };
}

function uncast(part: Expression): Expression {
	return part.kind === "cast" ? uncast(part.of) : part;
}

/** Whether this is a float for each element, and a function is called for it. */
function takesLong(part: Expression): part is Expression & { kind: "formula" } {
	const isOfElements = part.kind === "formula" && isFloat(part.dtype) && inputsIn([part]).size > 0;
	const calls = (x: Expression) =>
		x.kind === "formula" && inOrder(x.term).some(({ kind }) => kind === "call");
	return isOfElements && subexpressions([part]).some(calls);
}

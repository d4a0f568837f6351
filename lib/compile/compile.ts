import { debugState } from "../debug-state.ts";
import { interpret } from "../program/interpret.ts";
import type { Program } from "../program/program.ts";
import { simplify } from "../program/simplify.ts";
import { trace } from "../program/trace.ts";
import type { Tensor } from "../tensor.ts";
import { engine } from "../wasm/engine.ts";
import { Instance } from "./instance.ts";
import { planOf } from "./plan.ts";
import { type Parts, takeApart } from "./signature.ts";

/** A compiled function: called like the function that it was made from. */
export type Compiled<Args extends unknown[], R> = (...args: Args) => R;

/** A program that is ready to run, for arguments of one form. */
interface Prepared {
	readonly run: (tensors: readonly Tensor[]) => readonly Tensor[];
	/** The function's result around these tensors. */
	readonly rebuild: Parts["rebuild"];
}

/** Programs that a compiled function keeps; the one not used for longest makes room. */
const MOST_PROGRAMS = 32;

/**
 * The same function, run as a program. At the first call with arguments of a form (their structure, shapes and dtypes) the function
 * runs once on tensors without values, which records the program; from then on the program runs in its place.
 * Derivatives taken inside are part of the program, so a whole training step compiles.
 *
 * Arguments are nested plain objects and arrays of tensors, and so is the result. A number, boolean or string among them belongs
 * to the form: the function may branch on it, and each new one costs a new program, so pass what changes from call to call
 * as a tensor. What the function closes over is taken as it is at the first call. Inside of a transform, of another
 * compiled function or of `debug` the function itself runs, so that derivatives are right.
 *
 * @throws TraceError when the function asks for a value while it is recorded, or an argument is of another kind; what the function
 * throws at the first call and its ops throw later passes through
 */
export function compile<Args extends unknown[], R>(f: (...args: Args) => R): Compiled<Args, R> {
	const programs = new Map<string, Prepared>();
	return (...args) => {
		const { tensors, key, rebuild } = takeApart("arguments", args);
		if (debugState.inspect !== null || tensors.some(isRecorded)) return f(...args);
		let prepared = programs.get(key);
		// Taken out and put back, so that the map is in the order of last use.
		if (prepared !== undefined) programs.delete(key);
		else {
			const traced = prepare(tensors, (leaves) => f(...(rebuild(leaves) as Args)));
			if (traced === null) return f(...args);
			prepared = traced;
		}
		programs.set(key, prepared);
		if (programs.size > MOST_PROGRAMS) programs.delete(programs.keys().next().value!);
		return prepared.rebuild(prepared.run(tensors)) as R;
	};
}

/** Records a function of tensors; null where it uses tensors that an open recording watches, which a program would hide from it. */
function prepare(
	tensors: readonly Tensor[],
	f: (leaves: readonly Tensor[]) => unknown,
): Prepared | null {
	let result!: Parts;
	const { program } = trace(tensors, (leaves) => {
		result = takeApart("result", f(leaves));
		return result.tensors;
	});
	if (constantsOf(program).some(isRecorded)) return null;
	const found = engine();
	if (found === null) return { run: (given) => interpret(program, given), rebuild: result.rebuild };
	const instance = new Instance(planOf(simplify(program).program), found.tiles);
	return { run: (given) => instance.run(given), rebuild: result.rebuild };
}

function constantsOf({ instructions, outputs }: Program): Tensor[] {
	const values = [...outputs, ...instructions.flatMap(({ inputs }) => inputs)];
	return values.flatMap((value) => (value.kind === "constant" ? [value.tensor] : []));
}

/** Whether an open recording watches the tensor. */
function isRecorded({ node }: Tensor): boolean {
	return node?.recording.open === true;
}

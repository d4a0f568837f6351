import type { Op } from "../core/op.ts";
import type { RepeatParams } from "../core/op-lowering.ts";
import { sameShape, sizeOf } from "../core/shape.ts";
import { uniformNumber } from "./builder.ts";
import {
	bodiesOf,
	constantNumber,
	type Input,
	type Instruction,
	instructionOf,
	type Program,
	type Value,
	withBodies,
} from "./program.ts";
import { asItIs, rewrite } from "./rewrite.ts";
import { simplify } from "./simplify.ts";

/** Entries of fewer elements are computed faster all at once. */
const LEAST = 64;

/** What is read in many places is not read faster than what is computed of it. */
const MOST_READ = 2;

/**
 * The same program, where what only a loop reads, entry by entry, and is computed of each element
 * by itself, is computed in the loop's steps: so it is never stored, and a bias or a factor costs
 * nothing beside the arithmetic of the step.
 */
export function intoSteps(program: Program): Program {
	if (!program.instructions.some(({ op }) => op.bodies !== undefined)) return program;
	const inside = rewrite(program, {
		...asItIs,
		apply: (step, inputs) => ({ ...step, op: withBodies(step.op, intoSteps), inputs }),
	});
	for (let current = inside.program; ; ) {
		const next = once(current);
		if (next === current) return current;
		current = simplify(next).program;
	}
}

/** The same, a step of what leads to a loop at a time; the program itself where there is none. */
function once(program: Program): Program {
	const uses = new Map<Value, number>();
	const all = [...program.outputs, ...program.instructions.flatMap(({ inputs }) => inputs)];
	for (const value of all) uses.set(value, (uses.get(value) ?? 0) + 1);
	let isOther = false;
	const { program: made } = rewrite(program, {
		...asItIs,
		apply: (step, inputs) => {
			const read = step.op.lowering === "repeat" ? entriesOf(step, inputs, uses) : [];
			if (!read.some((entry) => entry !== null)) return { ...step, inputs };
			isOther = true;
			return withEntries({ ...step, inputs }, read);
		},
	});
	return isOther ? made : program;
}

/** What the entries of an input of a loop are computed of. */
interface Entry {
	readonly by: Instruction;
	/**
	 * For each argument a number, what is read entry by entry, or what is closed over, with the op
	 * that stretches it.
	 */
	readonly args: readonly {
		readonly is: "number" | "closed" | "read";
		readonly value: Value;
		readonly stretch?: Op;
	}[];
}

/** For each input of a loop that is read by entries, what they are computed of, if they are. */
function entriesOf(
	step: Instruction,
	inputs: readonly Value[],
	uses: ReadonlyMap<Value, number>,
): (Entry | null)[] {
	const { closed, carried, length } = step.params as RepeatParams;
	return step.inputs.map((before, i) => {
		if (i < closed + carried || length === 0) return null;
		const views: Instruction[] = [];
		let [was, now] = [before, inputs[i]!];
		while (isOnly(was, uses) && was.op.traits?.view && !was.op.traits.stretch) {
			views.push(now as Instruction);
			[was, now] = [was.inputs[0]!, (now as Instruction).inputs[0]!];
		}
		const isComputed = isOnly(was, uses) && was.op.traits?.elementwise && was.op.formula;
		return isComputed ? entryOf(now as Instruction, views, length) : null;
	});
}

function isOnly(value: Value, uses: ReadonlyMap<Value, number>): value is Instruction {
	return value.kind === "instruction" && uses.get(value) === 1;
}

/** @param views through which the loop reads it, the last one first */
function entryOf(by: Instruction, views: readonly Instruction[], length: number): Entry | null {
	if (sizeOf(by.type.shape) < LEAST * length) return null;
	const args = by.inputs.map((value): Entry["args"][number] | null => {
		if (uniformNumber(value) !== null) return { is: "number", value };
		if (value.kind === "instruction" && value.op.traits?.stretch) {
			const [small] = value.inputs as [Value];
			const isSame = small.type.shape.length < by.type.shape.length && views.length === 0;
			return isSame ? { is: "closed", value: small, stretch: value.op } : null;
		}
		if (!sameShape(value.type.shape, by.type.shape)) return null;
		const shown = (x: Value, { op, params }: Instruction) => instructionOf(op, [x], params);
		return { is: "read", value: views.reduceRight(shown, value) };
	});
	if (args.includes(null)) return null;
	const known = args as Entry["args"];
	return known.filter(({ is }) => is === "read").length > MOST_READ ? null : { by, args: known };
}

/** The loop with these entries computed in its step. */
function withEntries(loop: Instruction, entries: readonly (Entry | null)[]): Instruction {
	const params = loop.params as RepeatParams;
	const [body] = bodiesOf(loop.op) as [Program];
	const closed: { input: Input; value: Value }[] = [];
	const read: { input: Input; value: Value }[] = [];
	const given = body.inputs.map((old, i): Value => {
		const entry = entries[i];
		const value = loop.inputs[i]!;
		if (!entry) {
			if (i >= params.closed + params.carried) read.push({ input: old, value });
			return old;
		}
		const { shape } = old.type;
		const args = entry.args.map(({ is, value, stretch }): Value => {
			const { dtype } = value.type;
			if (is === "number") return constantNumber(uniformNumber(value)!, { shape, dtype });
			const input: Input = { kind: "input", type: is === "read" ? { shape, dtype } : value.type };
			(is === "read" ? read : closed).push({ input, value });
			return stretch === undefined ? input : instructionOf(stretch, [input], { shape });
		});
		return instructionOf(entry.by.op, args, entry.by.params);
	});
	const { program: step } = rewrite(body, asItIs, given);
	const first = params.closed + params.carried;
	const order = <T>(own: readonly T[], closed: readonly T[], read: readonly T[]) => [
		...own.slice(0, params.closed),
		...closed,
		...own.slice(params.closed, first),
		...read,
	];
	const inputsOf = (list: readonly { input: Input }[]) => list.map(({ input }) => input);
	const valuesOf = (list: readonly { value: Value }[]) => list.map(({ value }) => value);
	const inputs = order(body.inputs, inputsOf(closed), inputsOf(read));
	return instructionOf(
		withBodies(loop.op, () => ({ ...step, inputs })),
		order(loop.inputs, valuesOf(closed), valuesOf(read)),
		{ ...params, closed: params.closed + closed.length },
	);
}

import type { Op } from "../core/op.ts";
import { sameShape } from "../core/shape.ts";
import { elements } from "../core/strided.ts";
import type { Program, Value } from "./program.ts";

/**
 * A program recorded once more at other sizes: what differs from the first one depends on sizes.
 */
export class Probe {
	readonly program: Program;
	/** The size of each axis that has another one here, by its label. */
	readonly sizes: ReadonlyMap<string, number>;
	private readonly found = new Map<Value, Value | null>();

	private constructor(program: Program, sizes: ReadonlyMap<string, number>) {
		this.program = program;
		this.sizes = sizes;
	}

	/**
	 * The values of two programs that apply the same ops to the same values; null where they do not.
	 */
	static of(program: Program, other: Program, sizes: ReadonlyMap<string, number>): Probe | null {
		const probe = new Probe(other, sizes);
		return probe.isAlike(program, other) ? probe : null;
	}

	/** Finds the values of a program in another one, those of the steps of loops too. */
	private isAlike(program: Program, other: Program): boolean {
		return (
			program.instructions.length === other.instructions.length &&
			this.pair(program.inputs, other.inputs) &&
			program.instructions.every((step, i) => {
				const there = other.instructions[i]!;
				if (!this.isSame(step.op, there.op) || !this.pair(step.inputs, there.inputs)) return false;
				this.found.set(step, there);
				return true;
			}) &&
			this.pair(program.outputs, other.outputs)
		);
	}

	/**
	 * Whether it is one op; that which marks a derivative fixed by hand is another in each run, and
	 * so is a loop.
	 */
	private isSame(op: Op, other: Op): boolean {
		if (op === other) return true;
		const [own, there] = [op.traits, other.traits];
		if (own?.steps !== undefined && there?.steps !== undefined) {
			const [step, step2] = [own.steps.program, there.steps.program] as (Program | null)[];
			return step == null || step2 == null ? step === step2 : this.isAlike(step, step2);
		}
		return own?.byHand !== undefined && own.byHand === there?.byHand;
	}

	/**
	 * The value that stands here in the place of one of the first program; null for a constant that
	 * stands for several.
	 */
	at(value: Value): Value | null {
		return this.found.get(value) ?? null;
	}

	/** Names of values of the first program as names of those here. */
	names<Name>(names: ReadonlyMap<Value, Name>): Map<Value, Name> {
		const here = new Map<Value, Name>();
		for (const [value, name] of names) {
			const there = this.at(value);
			if (there !== null) here.set(there, name);
		}
		return here;
	}

	private pair(values: readonly Value[], others: readonly Value[]): boolean {
		return (
			values.length === others.length && values.every((value, i) => this.isPair(value, others[i]!))
		);
	}

	/** One constant may stand for what differs elsewhere, such as two counts that are both 5. */
	private isPair(value: Value, other: Value): boolean {
		if (value.kind !== other.kind) return false;
		if (value.kind === "instruction") return this.found.get(value) === other;
		const known = this.found.get(value) ?? other;
		this.found.set(value, !this.found.has(value) || isEqual(known, other) ? known : null);
		return true;
	}
}

/** Whether it is one value, or two constants with the same elements. */
export function isEqual(x: Value, y: Value): boolean {
	if (x === y) return true;
	if (x.kind !== "constant" || y.kind !== "constant") return false;
	if (x.tensor === y.tensor) return true;
	if (!sameShape(x.type.shape, y.type.shape)) return false;
	const there = elements(y.tensor);
	return elements(x.tensor).every((element, i) => Object.is(element, there[i]));
}

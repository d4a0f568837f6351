import type { Op } from "../../core/op.ts";
import type { Value } from "../../program/program.ts";
import type { WrittenStep } from "./loop-model.ts";

/** What a derivation writes of an op that is opened; set once it is simplified. */
export interface Opened {
	written?: WrittenStep;
}

/** Ops of one kind without their bodies, which nobody looks into until they are written. */
export class OpenedOps<T extends Opened> {
	private readonly describe: (op: Op) => T;
	private readonly made = new WeakMap<Op, Op>();
	private readonly descriptions = new WeakMap<Op, T>();

	/** @param describe what is known of an op with bodies */
	constructor(describe: (op: Op) => T) {
		this.describe = describe;
	}

	/** The op that stands for one with bodies: always the same. */
	open(op: Op): Op {
		const known = this.made.get(op);
		if (known !== undefined) return known;
		const { bodies: _, linearized: __, ...rest } = op;
		const opened = this.describe(op);
		const steps = {
			get program() {
				return opened.written?.program ?? null;
			},
		};
		const made: Op = { ...rest, traits: { ...op.traits, steps } };
		this.descriptions.set(made, opened);
		this.made.set(op, made);
		return made;
	}

	/** What is known of the op that a value comes from; undefined where that is none of these. */
	by(value: Value): T | undefined {
		return value.kind === "instruction" ? this.descriptions.get(value.op) : undefined;
	}
}

import type { Probe } from "../../program/probe.ts";
import type { Instruction, Value } from "../../program/program.ts";
import { ExpressionWriter, type Referent } from "./expressions.ts";
import type { Application, LineExpression } from "./model.ts";

/** An expression, and what stands in its place at each probe. */
export interface Everywhere {
	readonly expression: LineExpression;
	/** One for each probe; none where they are not known. */
	readonly elsewhere: readonly LineExpression[];
}

/** Writes values in terms of names, in the first program and at the probes. */
export class ProbedWriter {
	private readonly writer: ExpressionWriter;
	private readonly others: readonly (readonly [Probe, ExpressionWriter])[];

	constructor(names: ReadonlyMap<Value, Referent>, probes: readonly Probe[]) {
		this.writer = new ExpressionWriter(names);
		this.others = probes.map((probe) => [probe, new ExpressionWriter(probe.names(names))]);
	}

	/** Whether a value has a name. */
	isNamed(value: Value): boolean {
		return this.writer.isNamed(value);
	}

	/** The right side of the line of a value. */
	definition(value: Value, at = (probe: Probe) => probe.at(value)): Everywhere {
		return this.everywhere(value, at, (writer, x) => writer.definition(x));
	}

	/** The application of the op that was recorded, though another is written. */
	applied(value: Instruction): Application {
		return this.writer.applied(value);
	}

	/** How a value is referred to. */
	reference(value: Value, at = (probe: Probe) => probe.at(value)): Everywhere {
		return this.everywhere(value, at, (writer, x) => writer.reference(x));
	}

	private everywhere(
		value: Value,
		at: (probe: Probe) => Value | null,
		write: (writer: ExpressionWriter, value: Value) => LineExpression,
	): Everywhere {
		const elsewhere = this.others.flatMap(([probe, writer]) => {
			const there = at(probe);
			return there === null ? [] : [write(writer, there)];
		});
		return { expression: write(this.writer, value), elsewhere };
	}
}

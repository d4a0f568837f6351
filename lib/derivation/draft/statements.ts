import type { Share } from "../../program/gradient.ts";
import type { Input, Instruction, Value } from "../../program/program.ts";
import { type Draft, type DraftLine, type DraftSource, draftLines } from "./draft.ts";
import type { PullbackStep, Reason, Statement } from "./model.ts";
import { type Everywhere, ProbedWriter } from "./probed-writer.ts";

/**
 * The lines of a derivation, and the recorded value that each forward line and each gradient is in
 * the engine's own run.
 */
export interface WrittenLines {
	readonly forward: readonly Statement[];
	readonly backward: readonly Statement[];
	readonly origins: ReadonlyMap<string, Value>;
}

/** Writes the lines of a derivation, and says where each comes from. */
export function writeStatements(source: DraftSource): WrittenLines {
	const draft = draftLines(source);
	const writer = new ProbedWriter(draft.variables, source.probes);
	const rightSide = ({ variable, value, of }: DraftLine): Everywhere => {
		const name = draft.variables.get(value);
		// A second name for what has one already.
		if (name !== undefined && name !== variable) {
			const expression = { kind: "name", name, value } as const;
			return { expression, elsewhere: source.probes.map(() => expression) };
		}
		if (value.kind !== "constant") return writer.definition(value);
		// One constant may be several results that differ at other sizes.
		const output = of === null ? 0 : 1 + source.program.inputs.indexOf(of as Input);
		return writer.definition(value, ({ program }) => program.outputs[output]!);
	};
	const write = (line: DraftLine, reason: Reason): Statement => {
		const { variable, value, of } = line;
		return {
			variable,
			...rightSide(line),
			value,
			axes: source.axesOf(value),
			gradientOf: of === null ? null : draft.variables.get(of)!,
			reason,
		};
	};
	const forward = draft.forward.map((line) => write(line, { kind: "forward" }));
	const { stepsTo, isUsed } = pullbackSteps(source, draft, forward, writer);
	const nearest = new Map<Value, Value>();
	for (const [recorded, gradient] of source.recorded.gradients) {
		const [of, value] = [source.after(recorded), source.after(gradient)];
		// They come from the result backwards.
		if (!nearest.has(value) && isUsed(of)) nearest.set(value, of);
	}
	const reasonOf = (of: Value, value: Value): Reason => {
		const steps = stepsTo(of);
		if (steps.length === 0) return { kind: "unused" };
		return { kind: "gradient", of: nearest.get(value) ?? of, steps };
	};
	const termOf = (value: Value): Reason => {
		const of = nearest.get(value) ?? null;
		return { kind: "term", of, steps: of === null ? [] : stepsTo(of) };
	};
	const backward = draft.backward.map((line) =>
		write(line, line.of === null ? termOf(line.value) : reasonOf(line.of, line.value)),
	);
	const origins = new Map<string, Value>();
	const variableOf = new Map(forward.map(({ variable, value }) => [value, variable]));
	for (const step of source.recorded.program.instructions) {
		const variable = variableOf.get(source.after(step));
		if (variable !== undefined) origins.set(variable, step);
	}
	for (const [of, gradient] of source.recorded.gradients) {
		const variable = draft.gradients.get(source.after(of));
		if (variable !== undefined) origins.set(variable, gradient);
	}
	return { forward, backward, origins };
}

/** A share in terms of the derivation's program, with the line on which its consumer is written. */
type TracedShare = Share & { readonly consumer: Instruction; readonly statement: Statement };

/**
 * The maps that took cotangents back to a value, from the nearest gradients that have a line, in
 * the order in which they were applied.
 */
function pullbackSteps(
	{ program, recorded, after }: DraftSource,
	{ variables, gradients }: Draft,
	forward: readonly Statement[],
	writer: ProbedWriter,
): { stepsTo: (of: Value) => PullbackStep[]; isUsed: (of: Value) => boolean } {
	const [loss] = program.outputs;
	const statementOf = new Map<Value, Statement>();
	for (const statement of forward) {
		for (const part of partsOf(statement.value, variables)) {
			if (!statementOf.has(part)) statementOf.set(part, statement);
		}
	}
	const sharesOf = new Map<Value, TracedShare[]>();
	for (const share of recorded.shares) {
		const [consumer, parent] = [after(share.consumer), after(share.parent)];
		const statement = statementOf.get(consumer);
		// Naming a value is a step of the recorded program and none of the derivation.
		if (consumer === parent || statement === undefined || consumer.kind !== "instruction") continue;
		const others = sharesOf.get(parent) ?? [];
		others.push({ ...share, consumer, statement });
		sharesOf.set(parent, others);
	}
	const isUsed = (of: Value) => sharesOf.has(of);
	const stepsTo = (of: Value) => {
		const steps: PullbackStep[] = [];
		const visited = new Set<Value>();
		// Iterative: what comes before the nearest gradient with a line may be a long chain.
		const path: { parent: Value; next: number; through: boolean }[] = [];
		const enter = (parent: Value) => {
			if (visited.has(parent)) return false;
			visited.add(parent);
			path.push({ parent, next: 0, through: false });
			return true;
		};
		enter(of);
		while (path.length > 0) {
			const last = path[path.length - 1]!;
			const share = sharesOf.get(last.parent)?.[last.next];
			if (share === undefined) {
				path.pop();
				continue;
			}
			const { consumer, statement, argument, map, call } = share;
			const cotangent = gradients.get(consumer) ?? null;
			const isBehind = cotangent === null && consumer !== loss && !last.through;
			last.through = isBehind && enter(consumer);
			if (last.through) continue;
			last.next++;
			const forward = writer.applied(consumer);
			const input = last.parent;
			steps.push({ statement, forward, argument, input, call, map, cotangent });
		}
		return steps;
	};
	return { stepsTo, isUsed };
}

/** The values that are written on the line of a value. */
function partsOf(value: Value, variables: ReadonlyMap<Value, string>): Value[] {
	if (value.kind !== "instruction") return [value];
	const inner = value.inputs.filter((x) => x.kind === "instruction" && !variables.has(x));
	return [value, ...inner.flatMap((x) => partsOf(x, variables))];
}

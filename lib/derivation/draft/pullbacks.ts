import type { Share } from "../../program/gradient.ts";
import type { Instruction, Value } from "../../program/program.ts";
import type { Paths, PullbackStep, Received, Statement } from "./model.ts";
import { loopBy, partOf } from "./open-loops.ts";
import type { ProbedWriter } from "./probed-writer.ts";

/** What a run backward told, in terms of the program whose lines are written. */
export interface PullbackSource {
	readonly recorded: { readonly shares: readonly Share[] };
	readonly after: (before: Value) => Value;
	/** The lines of the way forward; of its loops what they start from. */
	readonly forward: readonly Statement[];
	/** Whether a value has a name. */
	readonly isNamed: (value: Value) => boolean;
	/** The variable of the gradient of a value, where that has a line. */
	readonly gradients: ReadonlyMap<Value, string>;
	readonly writer: ProbedWriter;
	/** The value whose gradient is the number 1, where there is one. */
	readonly result?: Value;
	/** What comes back to a value from outside of the lines. */
	readonly received?: ReadonlyMap<Value, readonly Received[]>;
	/** What comes back through a loop to one of the values that it takes. */
	readonly throughLoop: (loop: Instruction, argument: number) => Received;
}

/** How cotangents come back to values. */
export interface Pullbacks {
	/**
	 * The maps that took cotangents back to a value, from the nearest gradients that have a line, in
	 * the order in which they were applied; and what came back to it and to what is between from
	 * loops and from outside.
	 */
	readonly pathsTo: (of: Value) => Paths;
	/** Whether anything comes back to a value. */
	readonly isUsed: (of: Value) => boolean;
}

/** A share in terms of the written program, with the line on which its consumer is written. */
type TracedShare = Share & {
	readonly consumer: Instruction;
	readonly statement?: Statement;
	/** The loop that it is a share of, instead. */
	readonly loop?: Instruction;
};

/** How cotangents came back to the values of a program, or of the step of a loop. */
export function pullbacksOf(source: PullbackSource): Pullbacks {
	const { recorded, after, forward, gradients, writer, result, throughLoop } = source;
	const statementOf = new Map<Value, Statement>();
	for (const statement of forward) {
		for (const part of partsOf(statement.value, source.isNamed)) {
			if (!statementOf.has(part)) statementOf.set(part, statement);
		}
	}
	const sharesOf = new Map<Value, TracedShare[]>();
	for (const share of recorded.shares) {
		const [consumer, parent] = [after(share.consumer), after(share.parent)];
		const loop = loopOf(share, after);
		const statement = statementOf.get(consumer);
		// Naming a value, or taking a result of a loop, is a step of the recorded program and none of
		// the derivation.
		if (consumer === parent || consumer.kind !== "instruction") continue;
		if (loop === null && (statement === undefined || partOf(consumer))) continue;
		const others = sharesOf.get(parent) ?? [];
		const traced = statement === undefined || loop !== null ? { loop: loop! } : { statement };
		others.push({ ...share, consumer, ...traced });
		sharesOf.set(parent, others);
	}
	const fromOutside = (of: Value) => source.received?.get(of) ?? [];
	const isUsed = (of: Value) => sharesOf.has(of) || fromOutside(of).length > 0;
	const pathsTo = (of: Value): Paths => {
		const steps: PullbackStep[] = [];
		const received: Received[] = [];
		const visited = new Set<Value>();
		// Iterative: what comes before the nearest gradient with a line may be a long chain.
		const path: { parent: Value; next: number; through: boolean }[] = [];
		const enter = (parent: Value) => {
			if (visited.has(parent)) return false;
			visited.add(parent);
			received.push(...fromOutside(parent));
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
			const { consumer, statement, loop, argument, map, call } = share;
			const input = last.parent;
			if (statement === undefined) {
				received.push({ ...throughLoop(loop!, argument), value: input });
				last.next++;
				continue;
			}
			const cotangent = gradients.get(consumer) ?? null;
			const isBehind = cotangent === null && consumer !== result && !last.through;
			last.through = isBehind && enter(consumer);
			if (last.through) continue;
			last.next++;
			const forward = writer.applied(consumer);
			steps.push({ statement, forward, argument, input, call, map, cotangent });
		}
		return { steps, received };
	};
	return { pathsTo, isUsed };
}

/**
 * The loop that a share comes through; null for that of any other op. A loop that is taken backward
 * gives more than the user's, which is a part of its result.
 */
function loopOf({ consumer, parent, argument }: Share, after: (x: Value) => Value) {
	for (let value = consumer; value.kind === "instruction"; value = value.inputs[0]!) {
		const loop = after(value);
		if (loopBy(loop) !== undefined) {
			const { inputs } = loop as Instruction;
			return inputs[argument] === after(parent) ? (loop as Instruction) : null;
		}
		if (value.inputs.length !== 1) return null;
	}
	return null;
}

/** The values that are written on the line of a value. */
function partsOf(value: Value, isNamed: (value: Value) => boolean): Value[] {
	// What a loop takes has lines of its own.
	if (value.kind !== "instruction" || partOf(value) !== null) return [value];
	const inner = value.inputs.filter((x) => x.kind === "instruction" && !isNamed(x));
	return [value, ...inner.flatMap((x) => partsOf(x, isNamed))];
}

import {
	type Instruction,
	instructionsOf,
	type Program,
	type Value,
} from "../../program/program.ts";
import { ownLines } from "./blocks.ts";
import type { Referent } from "./expressions.ts";
import { partsRead, writtenLoop } from "./loop-names.ts";
import type { Sink } from "./loop-order.ts";
import { countsOf } from "./loop-steps.ts";
import type { Item, Paths, Reason, Received } from "./model.ts";
import type { LoopPlan } from "./plan-loops.ts";
import { ProbedWriter } from "./probed-writer.ts";
import { type Pullbacks, pullbacksOf } from "./pullbacks.ts";

/** Of what no cotangent comes back to. */
export const NO_PATHS: Paths = { steps: [], received: [] };

/** Where it is not known how cotangents come back. */
export const UNKNOWN: Pullbacks = { pathsTo: () => NO_PATHS, isUsed: () => true };

/**
 * What comes back through the loops of a program.
 * @param results what the results of its loops are called
 */
export function receivedThrough(
	program: Program,
	results: ReadonlyMap<Value, readonly string[]>,
	writer: ProbedWriter,
): (loop: Instruction, argument: number) => Received {
	return (loop, argument) => {
		const unknown: Received = { value: loop, cotangent: null, from: "loop" };
		const pull = writtenLoop(loop)?.step.pull;
		if (pull == null || !pull.inputs[argument] || !results.has(pull.loop)) return unknown;
		const { closed, carried } = countsOf(loop);
		const isCarry = (i: number) => i >= closed && i < closed + carried;
		const varying = [...loop.inputs.keys()].filter((i) => pull.inputs[i]);
		// The carries come first.
		const order = [...varying.filter(isCarry), ...varying.filter((i) => !isCarry(i))];
		const part = partsRead(program, pull.loop).get(order.indexOf(argument));
		if (part === undefined) return unknown;
		return { ...unknown, cotangent: writer.reference(part).expression };
	};
}

/** Why the lines of a loop backward are true. */
export interface LoopReasons {
	readonly pullbacks: Pullbacks;
	/** Of a line in the body. */
	readonly of: (value: Value, sink: Sink | null) => Reason;
	/** Of what the carry starts from, the i-th of those that have a cotangent. */
	readonly start: (i: number) => Reason;
}

/**
 * Why the lines of a loop backward are true.
 * @param written the body of the loop forward
 * @param names what values of the step are called in the loop backward
 * @param pullbacks how cotangents come back to what stands around the loop
 */
export function stepReasons(
	plan: LoopPlan,
	written: { readonly body: readonly Item[]; readonly writer: ProbedWriter },
	names: ReadonlyMap<Value, Referent>,
	pullbacks: Pullbacks,
): LoopReasons {
	const { step, loop, around, inside, gradientOf, forward, backward } = plan;
	const writer = new ProbedWriter(names, []);
	const { program, pull } = step;
	const { closed, carried } = countsOf(loop);
	const { carries, others } = backward!;
	const back = around.results.get(pull!.loop)!;
	const cotangents = program.inputs.slice(loop.inputs.length);
	const received = new Map<Value, Received[]>();
	const given = [...pull!.outputs.keys()].filter((i) => pull!.outputs[i]);
	for (const [i, output] of given.entries()) {
		const value = program.outputs[output]!;
		const from = output < carried ? "nextStep" : "outside";
		if (!names.has(cotangents[i]!)) continue;
		const cotangent = writer.reference(cotangents[i]!).expression;
		received.set(value, [
			...(received.get(value) ?? []),
			{ value, cotangent, from, index: plan.index },
		]);
	}
	const gradients = new Map<Value, string>();
	const ofGradient = new Map<Value, Value>();
	for (const [of, gradient] of gradientOf) {
		const name = names.get(gradient);
		if (name !== undefined) gradients.set(of, typeof name === "string" ? name : name.name);
		if (forward.names.has(of)) ofGradient.set(gradient, of);
	}
	const own = pullbacksOf({
		...step,
		forward: ownLines(written.body),
		isNamed: (value) => forward.names.has(value),
		...{ gradients, received, writer: written.writer },
		throughLoop: receivedThrough(inside.program, inside.results, writer),
	});
	const { pathsTo } = own;
	const inputs = [...carries.map((c) => closed + c), ...others];
	const inputOf = new Map(inputs.map((input, i) => [back[i]!, program.inputs[input]!]));
	const outputOf = new Map(carries.map((c, i) => [back[i]!, program.outputs[c]!]));
	const results = program.outputs.slice(0, step.results);
	const read = instructionsOf(results).flatMap(({ inputs }) => inputs);
	const isRead = (value: Value) =>
		read.includes(value) || results.filter((each) => each === value).length > 1;
	const isWhole = (i: number) => {
		const output = program.outputs[carries[i]!]!;
		// What has a name of its own is handed on by a line that copies it: others read that name.
		if (forward.names.get(output) !== around.results.get(loop)![carries[i]!]) return true;
		const whole = gradientOf.get(output);
		// Of what varies with nothing that is differentiated nobody told a gradient.
		return whole === undefined ? !isRead(output) : whole === cotangents[i];
	};
	return {
		pullbacks: own,
		of: (value, sink) => {
			if (sink !== null && (sink.kind !== "carry" || sink.value === value)) {
				const of = inputOf.get(sink.variable)!;
				if (sink.kind === "carry") return { kind: "handedOn", of, ...pathsTo(of) };
				// What no line of the step reads has no name, and a share of zeros.
				if (!written.writer.isNamed(of)) return { kind: "term", of: null, ...NO_PATHS };
				const reference = written.writer.reference(of).expression;
				return { kind: "share", of, reference, ...pathsTo(of) };
			}
			const of = sink === null ? (ofGradient.get(value) ?? null) : outputOf.get(sink.variable)!;
			if (of === null) return { kind: "term", of, ...NO_PATHS };
			return { kind: "gradient", of, own: of, ...pathsTo(of) };
		},
		start: (i) => {
			const of = partsRead(around.program, loop).get(carries[i]!) ?? null;
			const paths = of === null ? NO_PATHS : pullbacks.pathsTo(of);
			return { kind: "start", of, isWhole: isWhole(i), ...paths };
		},
	};
}

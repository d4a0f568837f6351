import type { Instruction, Program, Value } from "../../program/program.ts";
import { namesInStep } from "./labels.ts";
import type { Pull } from "./loop-model.ts";
import { nameLoop, partsRead, writtenLoop } from "./loop-names.ts";
import { countsOf } from "./loop-steps.ts";
import type { Names } from "./names.ts";
import { choiceBy, isOpenChoice } from "./open-choices.ts";
import { partOf } from "./open-loops.ts";

/** Names the variables of the loops of a program, in the same turn as its lines are named. */
export class NamedLoops {
	/** What the results of each loop are called, in their order; those of loops backward too. */
	readonly results = new Map<Value, readonly string[]>();
	private readonly program: Program;
	private readonly names: Names;
	private readonly variables: Map<Value, string>;
	private readonly pulls: { loop: Instruction; pull: Pull }[] = [];

	/** @param variables takes the names of those results that the program reads */
	constructor(program: Program, names: Names, variables: Map<Value, string>) {
		this.program = program;
		this.names = names;
		this.variables = variables;
	}

	/** What is handed on in the loops of the forward pass, and what all of their steps give. */
	nameForward(forward: readonly Value[], labels: ReadonlyMap<Value, string>): void {
		for (const value of forward) {
			if (isOpenChoice(value)) this.nameChoice(value, labels);
			const written = writtenLoop(value);
			if (written === null) continue;
			const { loop, step } = written;
			const inside = namesInStep(step);
			const made = nameLoop(written, partsRead(this.program, value), {
				names: this.names,
				label: (x) => labels.get(x),
				inside: (x) => inside.get(x),
				known: (x) => this.variables.get(x) ?? labels.get(x),
			});
			this.take(value, made);
			if (step.pull !== null) this.pulls.push({ loop, pull: step.pull });
		}
	}

	/** What a choice gives, as the user named it after it or in a branch. */
	private nameChoice(choice: Value, labels: ReadonlyMap<Value, string>): void {
		const { written, count } = choiceBy(choice)!;
		const inside = namesInStep(written!);
		const { outputs } = written!.program;
		const each = outputs.length / count;
		const labelIn = (i: number) =>
			outputs.filter((_, at) => at % each === i).flatMap((x) => inside.get(x) ?? [])[0];
		this.nameParts(choice, (part, i) => labels.get(part) ?? labelIn(i) ?? "chosen");
	}

	private nameParts(choice: Value, wanted: (part: Value, i: number) => string | null): void {
		const known = new Map<number, string>();
		for (const [i, part] of choiceParts(this.program, choice)) {
			const own = this.variables.get(part) ?? known.get(i);
			const claimed = own === undefined ? wanted(part, i) : null;
			const name = own ?? (claimed === null ? this.names.next("term") : this.names.claim(claimed));
			known.set(i, name);
			this.variables.set(part, name);
		}
	}

	/** The cotangents that loops backward hand on: those of what is handed on forward. */
	nameCotangents(): void {
		for (const { loop, pull } of this.pulls) {
			const { closed, carried } = countsOf(loop);
			const all = this.results.get(loop)!.slice(0, carried);
			const varying = all.filter((_, i) => pull.inputs[closed + i]);
			this.take(
				pull.loop,
				varying.map((variable) => this.names.claim(`grad_${variable}`)),
			);
		}
	}

	/** The gradients of what steps and branches read, where no line has named them. */
	nameGradients(): void {
		for (const value of this.program.instructions) {
			if (isOpenChoice(value)) this.nameParts(value, () => null);
		}
		for (const { loop, pull } of this.pulls) {
			const { closed, carried } = countsOf(loop);
			const carries = this.results.get(pull.loop)!;
			const parts = partsRead(this.program, pull.loop);
			const isCarry = (i: number) => i >= closed && i < closed + carried;
			const others = [...loop.inputs.keys()].filter((i) => pull.inputs[i] && !isCarry(i));
			const made = others.map((input, i) => {
				const part = parts.get(carries.length + i);
				const known = part === undefined ? undefined : this.variables.get(part);
				if (known !== undefined) return known;
				const of = this.variables.get(loop.inputs[input]!);
				return of === undefined ? this.names.next("term") : this.names.claim(`grad_${of}`);
			});
			this.take(pull.loop, [...carries, ...made]);
		}
	}

	private take(loop: Value, names: readonly string[]): void {
		this.results.set(loop, names);
		for (const [i, part] of partsRead(this.program, loop)) {
			if (i < names.length && !this.variables.has(part)) this.variables.set(part, names[i]!);
		}
	}
}

/** The results of a choice that a program reads, each with its place among them. */
export function choiceParts({ instructions, outputs }: Program, choice: Value): [number, Value][] {
	return [...new Set([...instructions, ...outputs])].flatMap((value): [number, Value][] => {
		const part = partOf(value);
		return part?.loop === choice ? [[part.index, value]] : [];
	});
}

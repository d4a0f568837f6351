import type { LoopParams } from "../../control/model.ts";
import type { WhileParams } from "../../core/op-lowering.ts";
import { ExpressionWriter } from "../../derivation/draft/expressions.ts";
import { chooseLines } from "../../derivation/draft/lines.ts";
import type { Names } from "../../derivation/draft/names.ts";
import { choiceBy, type OpenChoice } from "../../derivation/draft/open-choices.ts";
import {
	loopBy,
	type OpenLoop,
	type OpenWhile,
	openLoops,
	partOf,
	whileBy,
} from "../../derivation/draft/open-loops.ts";
import type { Instruction, Program, Value } from "../../program/program.ts";
import { simplify } from "../../program/simplify.ts";
import { constantText, jaxText } from "./expressions.ts";

/** Lines of Python, and what the results are called in them. */
export interface WrittenBody {
	readonly lines: readonly string[];
	readonly results: readonly string[];
}

/** Writes programs as bodies of Python functions; all of one module share their names. */
export class FunctionWriter {
	private readonly names: Names;

	constructor(names: Names) {
		this.names = names;
	}

	/**
	 * The lines of a program.
	 * @param given how its inputs are called; they may come from around the function
	 * @param depth of how many blocks it is the inside
	 */
	body(program: Program, given: readonly string[], depth: number): WrittenBody {
		const { instructions, outputs } = program;
		const known = new Map<Value, string>();
		for (const [i, input] of program.inputs.entries()) known.set(input, given[i]!);
		const blocks = instructions.filter(isBlock);
		// What a block closes over has a name there.
		const closedOver = blocks.flatMap(({ inputs }) => inputs);
		const fixed = new Set<Value>([...outputs, ...blocks, ...closedOver].filter(isComputed));
		const lines = chooseLines({ program, fixed, named: new Set() });
		const writer = new ExpressionWriter(known);
		const text: string[] = [];
		const write = (line: string) => text.push(`${"    ".repeat(depth)}${line}`);
		const refer = (value: Value): string =>
			known.get(value) ??
			(value.kind === "constant" ? constantText(value) : jaxText(writer.reference(value)));
		for (const value of instructions) {
			const part = partOf(value);
			if (part !== null) continue;
			if (isBlock(value)) {
				this.block(value, instructions, known, refer, depth, text);
			} else if (lines.has(value)) {
				const variable = this.names.next(value.op.name);
				write(`${variable} = ${jaxText(writer.definition(value))}${shapeComment(value)}`);
				known.set(value, variable);
			}
		}
		return { lines: text, results: outputs.map(refer) };
	}

	/** A loop or a choice, and names for what it gives. */
	private block(
		value: Instruction,
		instructions: readonly Instruction[],
		known: Map<Value, string>,
		refer: (value: Value) => string,
		depth: number,
		text: string[],
	): void {
		const parts = new Map<number, Value>();
		for (const other of instructions) {
			const part = partOf(other);
			if (part?.loop === value) parts.set(part.index, other);
		}
		const nameOf = (index: number, stem: string): string => {
			const part = parts.get(index);
			if (part === undefined) return "_";
			const variable = this.names.next(stem);
			known.set(part, variable);
			return variable;
		};
		const write = (line: string) => text.push(`${"    ".repeat(depth)}${line}`);
		const loop = loopBy(value);
		const choice = choiceBy(value);
		if (loop !== undefined) this.scan(value, loop, refer, nameOf, depth, write, text);
		else if (choice !== undefined) this.choice(value, choice, refer, nameOf, depth, write, text);
		else this.while(value, whileBy(value)!, refer, nameOf, depth, write, text);
	}

	private scan(
		{ inputs, params }: Instruction,
		{ whole }: OpenLoop,
		refer: (value: Value) => string,
		nameOf: (index: number, stem: string) => string,
		depth: number,
		write: (line: string) => void,
		text: string[],
	): void {
		const { closed, carried, length, reverse } = params as LoopParams;
		const step = this.names.next("step");
		const inside = whole.inputs.map((_, i) => {
			if (i < closed) return refer(inputs[i]!);
			return this.names.next(i < closed + carried ? "carry" : "x");
		});
		const carry = inside.slice(closed, closed + carried);
		const xs = inside.slice(closed + carried);
		const { lines, results } = this.body(opened(whole), inside, depth + 1);
		write(`def ${step}(carry, xs):`);
		if (carried > 0) write(`    ${tupleOf(carry)} = carry`);
		if (xs.length > 0) write(`    ${tupleOf(xs)} = xs`);
		text.push(...lines);
		write(`    return ${tupleOf(results.slice(0, carried))}, ${tupleOf(results.slice(carried))}`);
		const last = carry.map((_, i) => nameOf(i, "last"));
		const all = results.slice(carried).map((_, i) => nameOf(carried + i, "all"));
		const start = tupleOf(inputs.slice(closed, closed + carried).map(refer));
		const read = tupleOf(inputs.slice(closed + carried).map(refer));
		const given = xs.length > 0 ? `${read}` : "None";
		const options = [
			...(xs.length > 0 ? [] : [`length=${length}`]),
			...(reverse ? ["reverse=True"] : []),
		];
		const call = [step, start, given, ...options].join(", ");
		write(`${tupleOf(last)}, ${tupleOf(all)} = lax.scan(${call})`);
	}

	private choice(
		{ inputs }: Instruction,
		{ isTest, branches }: OpenChoice,
		refer: (value: Value) => string,
		nameOf: (index: number, stem: string) => string,
		depth: number,
		write: (line: string) => void,
		text: string[],
	): void {
		const [index, ...args] = inputs as [Value, ...Value[]];
		const given = args.map(refer);
		const functions = branches.map((branch, i) => {
			const name = this.names.next(isTest ? ["no", "yes"][i]! : "branch");
			const { lines, results } = this.body(opened(branch), given, depth + 1);
			write(`def ${name}():`);
			text.push(...lines);
			write(`    return ${tupleOf(results)}`);
			return name;
		});
		const scalar = index.type.shape.length === 0 ? refer(index) : `${refer(index)}.reshape(())`;
		const results = branches[0]!.outputs.map((_, i) => nameOf(i, "chosen"));
		const call = isTest
			? `lax.cond(${scalar} != 0, ${functions[1]}, ${functions[0]})`
			: `lax.switch(jnp.int32(${scalar}), [${functions.join(", ")}])`;
		write(`${tupleOf(results)} = ${call}`);
	}

	private while(
		{ inputs, params }: Instruction,
		{ test, step }: OpenWhile,
		refer: (value: Value) => string,
		nameOf: (index: number, stem: string) => string,
		depth: number,
		write: (line: string) => void,
		text: string[],
	): void {
		const { closed } = params as WhileParams;
		const outside = inputs.slice(0, closed).map(refer);
		const functions = [test, step].map((program, i) => {
			const name = this.names.next(i === 0 ? "test" : "step");
			const carry = inputs.slice(closed).map(() => this.names.next("carry"));
			const { lines, results } = this.body(opened(program), [...outside, ...carry], depth + 1);
			write(`def ${name}(carry):`);
			write(`    ${tupleOf(carry)} = carry`);
			text.push(...lines);
			write(`    return ${i === 0 ? `(${results[0]} != 0).reshape(())` : tupleOf(results)}`);
			return name;
		});
		const start = tupleOf(inputs.slice(closed).map(refer));
		const last = step.outputs.map((_, i) => nameOf(i, "last"));
		write(`${tupleOf(last)} = lax.while_loop(${functions.join(", ")}, ${start})`);
	}
}

/** Whether it is written as a function and a call of `lax`. */
function isBlock(value: Instruction): boolean {
	return [loopBy, choiceBy, whileBy].some((by) => by(value) !== undefined);
}

function isComputed(value: Value): boolean {
	return value.kind === "instruction" && partOf(value) === null;
}

/** The program of a block with its own loops opened. */
function opened(program: Program): Program {
	return simplify(openLoops(program, true).program).program;
}

function tupleOf(texts: readonly string[]): string {
	return texts.length === 1 ? `(${texts[0]},)` : `(${texts.join(", ")})`;
}

function shapeComment({ type: { shape } }: Instruction): string {
	return shape.length === 0 ? "" : `  # (${shape.join(", ")})`;
}

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
import { indented } from "../../derivation/printers/blocks.ts";
import type { Instruction, Program, Value } from "../../program/program.ts";
import { simplify } from "../../program/simplify.ts";
import { jaxConstant, jaxText, lineText } from "./expressions.ts";

/** Lines of Python, and what the results are called in them. */
export interface WrittenBody {
	readonly lines: readonly string[];
	readonly results: readonly string[];
}

/** A block to be written, and what is known around it. */
interface Surroundings {
	readonly block: Instruction;
	/** How a value is referred to. */
	readonly refer: (value: Value) => string;
	/** A variable for the result of the block with this number; one that nobody reads is `_`. */
	readonly resultName: (index: number, stem: string) => string;
}

/** Writes programs as bodies of Python functions; all of one module share their names. */
export class FunctionWriter {
	private readonly names: Names;
	private readonly wishes: ReadonlyMap<Value, string>;

	/** @param wishes what values would best be called */
	constructor(names: Names, wishes: ReadonlyMap<Value, string>) {
		this.names = names;
		this.wishes = wishes;
	}

	/**
	 * The lines of a program.
	 * @param given how its inputs are called; they may come from around the function
	 */
	body(program: Program, given: readonly string[]): WrittenBody {
		const { inputs, instructions, outputs } = program;
		const known = new Map<Value, string>(inputs.map((input, i) => [input, given[i]!]));
		const blocks = instructions.filter(isBlock);
		const named = new Set(instructions.filter((value) => this.wishes.has(value)));
		// What a block closes over has a name there.
		const closedOver = blocks.flatMap(({ inputs }) => inputs);
		const fixed = [...outputs, ...blocks, ...closedOver, ...named].filter(isComputed);
		const chosen = chooseLines({ program, fixed: new Set(fixed), named });
		const writer = new ExpressionWriter(known);
		const refer = (value: Value): string =>
			known.get(value) ??
			(value.kind === "constant" ? jaxConstant(value) : jaxText(writer.reference(value)));
		const lines: string[] = [];
		for (const value of instructions) {
			if (isBlock(value)) {
				const parts = partsOf(value, instructions);
				const resultName = (index: number, stem: string): string => {
					const part = parts.get(index);
					if (part === undefined) return "_";
					known.set(part, this.nameFor(part, stem));
					return known.get(part)!;
				};
				lines.push(...this.block({ block: value, refer, resultName }));
			} else if (chosen.has(value)) {
				const text = lineText(writer.definition(value));
				known.set(value, this.nameFor(value, value.op.name));
				lines.push(`${known.get(value)} = ${text}${shapeComment(value)}`);
			}
		}
		return { lines, results: outputs.map(refer) };
	}

	/** A name for a value, and from then on for no other. */
	private nameFor(value: Value, stem: string): string {
		const wish = this.wishes.get(value);
		return wish === undefined ? this.names.next(snakeCase(stem)) : this.names.claim(wish);
	}

	/** A loop or a choice: functions, and the call of `lax` that runs them. */
	private block(around: Surroundings): string[] {
		const loop = loopBy(around.block);
		if (loop !== undefined) return this.scan(loop, around);
		const choice = choiceBy(around.block);
		return choice === undefined
			? this.while(whileBy(around.block)!, around)
			: this.choice(choice, around);
	}

	private scan({ whole }: OpenLoop, { block, refer, resultName }: Surroundings): string[] {
		const { closed, carried, length, reverse } = block.params as LoopParams;
		const first = closed + carried;
		const step = this.names.next("step");
		const inside = whole.inputs.map((_, i) => {
			if (i < closed) return refer(block.inputs[i]!);
			return this.names.next(i < first ? "carry" : "x");
		});
		const [carry, xs] = [inside.slice(closed, first), inside.slice(first)];
		const { lines, results } = this.body(opened(whole), inside);
		const definition = functionText(`${step}(carry, xs)`, [
			...(carried > 0 ? [`${tupleOf(carry)} = carry`] : []),
			...(xs.length > 0 ? [`${tupleOf(xs)} = xs`] : []),
			...lines,
			`return ${tupleOf(results.slice(0, carried))}, ${tupleOf(results.slice(carried))}`,
		]);
		const last = results.slice(0, carried).map((_, i) => resultName(i, "last"));
		const entries = results.slice(carried).map((_, i) => resultName(carried + i, "entries"));
		const read = block.inputs.slice(first).map(refer);
		const call = [
			step,
			tupleOf(block.inputs.slice(closed, first).map(refer)),
			...(read.length > 0 ? [tupleOf(read)] : ["None", `length=${length}`]),
			...(reverse ? ["reverse=True"] : []),
		];
		return [...definition, `${tupleOf(last)}, ${tupleOf(entries)} = lax.scan(${call.join(", ")})`];
	}

	private choice(
		{ isTest, branches }: OpenChoice,
		{ block, refer, resultName }: Surroundings,
	): string[] {
		const [index, ...args] = block.inputs as [Value, ...Value[]];
		const given = args.map(refer);
		const names = branches.map((_, i) => this.names.next(isTest ? ["no", "yes"][i]! : "branch"));
		const definitions = branches.flatMap((branch, i) => {
			const { lines, results } = this.body(opened(branch), given);
			return functionText(`${names[i]}()`, [...lines, `return ${tupleOf(results)}`]);
		});
		const number = index.type.shape.length === 0 ? refer(index) : `${refer(index)}.reshape(())`;
		const call = isTest
			? `lax.cond(${number} != 0, ${names[1]}, ${names[0]})`
			: `lax.switch(jnp.int32(${number}), [${names.join(", ")}])`;
		const chosen = branches[0]!.outputs.map((_, i) => resultName(i, "chosen"));
		return [...definitions, `${tupleOf(chosen)} = ${call}`];
	}

	private while({ test, step }: OpenWhile, { block, refer, resultName }: Surroundings): string[] {
		const { closed } = block.params as WhileParams;
		const outside = block.inputs.slice(0, closed).map(refer);
		const start = block.inputs.slice(closed).map(refer);
		const names = ["test", "step"].map((stem) => this.names.next(stem));
		const definitions = [test, step].flatMap((program, i) => {
			const carry = start.map(() => this.names.next("carry"));
			const { lines, results } = this.body(opened(program), [...outside, ...carry]);
			const result = i === 0 ? `(${results[0]} != 0).reshape(())` : tupleOf(results);
			const body = [`${tupleOf(carry)} = carry`, ...lines, `return ${result}`];
			return functionText(`${names[i]}(carry)`, body);
		});
		const last = step.outputs.map((_, i) => resultName(i, "last"));
		const call = `lax.while_loop(${names.join(", ")}, ${tupleOf(start)})`;
		return [...definitions, `${tupleOf(last)} = ${call}`];
	}
}

/** Whether it is written as functions and a call of `lax`. */
function isBlock(value: Instruction): boolean {
	return [loopBy, choiceBy, whileBy].some((by) => by(value) !== undefined);
}

function isComputed(value: Value): boolean {
	return value.kind === "instruction" && partOf(value) === null;
}

/** The results of a block that are read, by their numbers. */
function partsOf(block: Instruction, instructions: readonly Instruction[]): Map<number, Value> {
	const parts = instructions.flatMap((value): [number, Value][] => {
		const part = partOf(value);
		return part?.loop === block ? [[part.index, value]] : [];
	});
	return new Map(parts);
}

/** The program of a block with its own loops opened. */
function opened(program: Program): Program {
	return simplify(openLoops(program, true).program).program;
}

/** A function in a function, with room around it. */
function functionText(head: string, body: readonly string[]): string[] {
	return ["", `def ${head}:`, ...indented(body, "    "), ""];
}

function tupleOf(texts: readonly string[]): string {
	return texts.length === 1 ? `(${texts[0]},)` : `(${texts.join(", ")})`;
}

function shapeComment({ type: { shape } }: Instruction): string {
	return shape.length === 0 ? "" : `  # (${shape.join(", ")})`;
}

/** `tanhSlope` as Python writes it: `tanh_slope`. */
function snakeCase(name: string): string {
	return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

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
	partOf,
	whileBy,
} from "../../derivation/draft/open-loops.ts";
import type { Instruction, Program, Value } from "../../program/program.ts";
import {
	argumentNumbers,
	innerFunction,
	shapeNote,
	snakeCase,
	tupleOf,
	unpackedFrom,
} from "./block-text.ts";
import { jaxConstant, jaxText, lineText } from "./expressions.ts";
import { shortened, WIDTH } from "./layout.ts";
import { gradientBy, type OpenGradient } from "./openings.ts";
import { type Readable, readableProgram } from "./readable.ts";
import { isReadWhole, resultsRead } from "./results.ts";

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
	/**
	 * A variable for the result of the block with this number, called so if it has no name of its
	 * own; one that nobody reads is `_`.
	 */
	readonly resultName: (index: number, name: () => string) => string;
}

/** Variables that results are given go on one line with the call as far as this. */
const SHORT = 40;

/** Writes programs as bodies of Python functions; all of one module share their names. */
export class FunctionWriter {
	private readonly names: Names;
	private readonly leavesGradients: boolean;
	/** In how many functions the lines stand. */
	private depth = 1;

	/** @param leavesGradients whether JAX differentiates what is written */
	constructor(names: Names, leavesGradients: boolean) {
		this.names = names;
		this.leavesGradients = leavesGradients;
	}

	/**
	 * The lines of a program.
	 * @param given how its inputs are called; they may come from around the function
	 */
	body({ program, wishes }: Readable, given: readonly string[]): WrittenBody {
		const { inputs, instructions, outputs } = program;
		const known = new Map<Value, string>(inputs.map((input, i) => [input, given[i]!]));
		const blocks = instructions.filter(isBlock);
		const named = new Set(instructions.filter((value) => wishes.has(value)));
		// What a block closes over has a name there.
		const closedOver = blocks.flatMap(({ inputs }) => inputs);
		const fixed = [...outputs, ...blocks, ...closedOver, ...named].filter(isComputed);
		const chosen = chooseLines({ program, fixed: new Set(fixed), named });
		const writer = new ExpressionWriter(known);
		const refer = (value: Value): string =>
			known.get(value) ??
			(value.kind === "constant" ? jaxConstant(value) : jaxText(writer.reference(value)));
		const lines: string[] = [];
		/** A name for a value, and from then on for no other. */
		const name = (value: Value, otherwise: () => string): string => {
			const wish = wishes.get(value);
			known.set(value, wish === undefined ? otherwise() : this.names.claim(wish));
			return known.get(value)!;
		};
		/** The line of a value, after lines of its parts where it would be too long. */
		const writeLine = (value: Instruction): void => {
			const otherwise = () => this.names.next(snakeCase(value.op.name));
			const room = WIDTH - 4 * this.depth - (wishes.get(value) ?? value.op.name).length - 5;
			for (;;) {
				const text = `${lineText(writer.definition(value))}${shapeNote(value)}`;
				const part = text.length > room ? largestPart(value, known) : undefined;
				if (part === undefined) {
					const nameOfPart = (stem: string) => this.names.next(stem);
					const { before, rest } = shortened(text, room, nameOfPart);
					lines.push(...before, `${name(value, otherwise)} = ${rest}`);
					return;
				}
				writeLine(part);
			}
		};
		for (const value of instructions) {
			if (isBlock(value)) {
				const parts = resultsRead(value, instructions);
				const isWhole = isReadWhole(value, program);
				const all: string[] = [];
				const resultName = (index: number, otherwise: () => string): string => {
					const part = parts.get(index);
					all[index] = part ? name(part, otherwise) : isWhole ? otherwise() : "_";
					return all[index];
				};
				lines.push(...this.block({ block: value, refer, resultName }));
				if (isWhole) {
					const vectors = all.map((text) => `${text}.ravel()`).join(", ");
					const packed = name(value, () => this.names.next("packed"));
					const dtype = `dtype=jnp.${value.type.dtype}`;
					lines.push(`${packed} = jnp.concatenate([${vectors}], ${dtype})${shapeNote(value)}`);
				}
			} else if (chosen.has(value) && !known.has(value)) writeLine(value);
		}
		return { lines, results: outputs.map(refer) };
	}

	/** The lines of the body of a block. */
	private inside(program: Program, given: readonly string[]): WrittenBody {
		this.depth++;
		const body = this.body(readableProgram(program, this.leavesGradients), given);
		this.depth--;
		return body;
	}

	/** A loop, a choice or a gradient: functions, and the call that runs them. */
	private block(around: Surroundings): string[] {
		const loop = loopBy(around.block);
		if (loop !== undefined) return this.scan(loop, around);
		const gradient = gradientBy(around.block);
		if (gradient !== undefined) return this.gradient(gradient, around);
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
		const { lines, results } = this.inside(whole, inside);
		const definition = innerFunction(`${step}(carry, xs)`, [
			...unpackedFrom("carry", carry, [...lines, ...results]),
			...unpackedFrom("xs", xs, [...lines, ...results]),
			...lines,
			`return ${tupleOf(results.slice(0, carried))}, ${tupleOf(results.slice(carried))}`,
		]);
		const last = results
			.slice(0, carried)
			.map((_, i) => resultName(i, () => this.names.next("last")));
		const entries = results
			.slice(carried)
			.map((_, i) => resultName(carried + i, () => this.names.next("entries")));
		const read = block.inputs.slice(first).map(refer);
		const call = [
			step,
			tupleOf(block.inputs.slice(closed, first).map(refer)),
			...(read.length > 0 ? [tupleOf(read)] : ["None", `length=${length}`]),
			...(reverse ? ["reverse=True"] : []),
		];
		return [
			...definition,
			...this.takenApart([tupleOf(last), tupleOf(entries)], `lax.scan(${call.join(", ")})`),
		];
	}

	/** A function whose gradient is left to JAX. */
	private gradient({ body, closed }: OpenGradient, around: Surroundings): string[] {
		const { block, refer, resultName } = around;
		const outside = block.inputs.slice(0, closed).map(refer);
		const given = block.inputs.slice(closed).map(refer);
		// Inside, a variable has the name that it has outside, unless that means something else.
		const inside = given.map((text, i) => {
			const isFree = !outside.includes(text) && given.indexOf(text) === i;
			return isFree && /^\w+$/.test(text) ? text : this.names.next("x");
		});
		const loss = this.names.next("loss");
		const { lines, results } = this.inside(body, [...outside, ...inside]);
		const value = resultName(0, () => this.names.next("value"));
		const more = results.slice(1).flatMap((text, i) => {
			const name = resultName(i + 1, () => this.names.next("other"));
			return name === "_" ? [] : [{ text, name }];
		});
		const gradients = inside.map((name, i) =>
			resultName(results.length + i, () => this.names.claim(`grad_${name}`)),
		);
		const aux = more.length > 0 ? `, ${tupleOf(more.map(({ text }) => text))}` : "";
		const definition = innerFunction(`${loss}(${inside.join(", ")})`, [
			...lines,
			`return ${results[0]}${aux}`,
		]);
		const isAlone = value === "_" && aux === "";
		const transform = [
			isAlone ? `jax.grad(${loss}` : `jax.value_and_grad(${loss}`,
			...(inside.length > 1 ? [`argnums=${argumentNumbers(inside.length)}`] : []),
			...(aux === "" ? [] : ["has_aux=True"]),
		];
		const derivative = this.names.next("derivative");
		const values = aux === "" ? value : `(${value}, ${tupleOf(more.map(({ name }) => name))})`;
		const slopes = inside.length > 1 ? tupleOf(gradients) : gradients[0]!;
		return [
			...definition,
			`${derivative} = ${transform.join(", ")})`,
			...this.takenApart(
				isAlone ? [slopes] : [values, slopes],
				`${derivative}(${given.join(", ")})`,
			),
		];
	}

	/** Lines that take the results of a call apart, where they are many on a line of their own. */
	private takenApart(targets: readonly string[], call: string): string[] {
		const later: string[] = [];
		const first = targets.map((target) => {
			if (target.length <= SHORT) return target;
			const whole = this.names.next("results");
			later.push(`${target} = ${whole}`);
			return whole;
		});
		return [`${first.join(", ")} = ${call}`, ...later];
	}

	private choice(
		{ isTest, branches }: OpenChoice,
		{ block, refer, resultName }: Surroundings,
	): string[] {
		const [index, ...args] = block.inputs as [Value, ...Value[]];
		const given = args.map(refer);
		const names = branches.map((_, i) => this.names.next(isTest ? ["no", "yes"][i]! : "branch"));
		const definitions = branches.flatMap((branch, i) => {
			const { lines, results } = this.inside(branch, given);
			return innerFunction(`${names[i]}()`, [...lines, `return ${tupleOf(results)}`]);
		});
		const number = index.type.shape.length === 0 ? refer(index) : `${refer(index)}.reshape(())`;
		const call = isTest
			? `lax.cond(${number} != 0, ${names[1]}, ${names[0]})`
			: `lax.switch(jnp.int32(${number}), [${names.join(", ")}])`;
		const chosen = branches[0]!.outputs.map((_, i) =>
			resultName(i, () => this.names.next("chosen")),
		);
		return [...definitions, ...this.takenApart([tupleOf(chosen)], call)];
	}

	private while({ test, step }: OpenWhile, { block, refer, resultName }: Surroundings): string[] {
		const { closed } = block.params as WhileParams;
		const outside = block.inputs.slice(0, closed).map(refer);
		const start = block.inputs.slice(closed).map(refer);
		const names = ["test", "step"].map((stem) => this.names.next(stem));
		const definitions = [test, step].flatMap((program, i) => {
			const carry = start.map(() => this.names.next("carry"));
			const { lines, results } = this.inside(program, [...outside, ...carry]);
			const result = i === 0 ? `(${results[0]} != 0).reshape(())` : tupleOf(results);
			const rest = [...lines, `return ${result}`];
			return innerFunction(`${names[i]}(carry)`, [...unpackedFrom("carry", carry, rest), ...rest]);
		});
		const last = step.outputs.map((_, i) => resultName(i, () => this.names.next("last")));
		const call = `lax.while_loop(${names.join(", ")}, ${tupleOf(start)})`;
		return [...definitions, ...this.takenApart([tupleOf(last)], call)];
	}
}

/** Whether it is written as functions and a call that runs them. */
function isBlock(value: Instruction): boolean {
	return [loopBy, choiceBy, whileBy, gradientBy].some((by) => by(value) !== undefined);
}

function isComputed(value: Value): boolean {
	return value.kind === "instruction" && partOf(value) === null;
}

/** What a value is made of most of all and that has no name; a view only for want of others. */
function largestPart(
	value: Instruction,
	known: ReadonlyMap<Value, string>,
): Instruction | undefined {
	const isPart = (x: Value): x is Instruction => x.kind === "instruction" && !known.has(x);
	const parts = value.inputs.filter(isPart);
	const inViews = parts.flatMap(function inside(x): Instruction[] {
		return x.op.traits?.view ? x.inputs.filter(isPart).flatMap(inside) : [x];
	});
	const sizeOf = (x: Value): number =>
		isPart(x) ? x.inputs.reduce((total, y) => total + sizeOf(y), 1) : 0;
	const candidates = inViews.length > 0 ? inViews : parts;
	return candidates.sort((a, b) => sizeOf(b) - sizeOf(a))[0];
}

import { sizeOf } from "../core/shape.ts";
import { bytesIn, operationsOf } from "../program/cost.ts";
import type { Instruction, Value } from "../program/program.ts";
import { productOf, readSize } from "../program/sizes.ts";
import { choicesIn, inTextOrder, isChoiceBlock, isStatement } from "./draft/blocks.ts";
import { variablesIn } from "./draft/expressions.ts";
import type { Block, Derived, LineExpression, LoopBlock, Statement } from "./draft/model.ts";

/** What one line costs. */
export interface LineCost {
	readonly variable: string;
	readonly pass: "forward" | "backward";
	/** How often it runs: in a loop, once for each step. What it costs is of all times together. */
	readonly times: number;
	/** Whether it stands in a branch, and runs only where that is taken: `times` at most. */
	readonly isConditional: boolean;
	/** Operations on numbers; a function such as exp counts as one, a view as none. */
	readonly flops: number;
	/** Bytes of the variables that it reads and of the one that it writes, each once a time. */
	readonly bytes: number;
	/** The backward lines that read a forward variable, which is kept for them. */
	readonly keptFor: readonly string[];
}

/** What the lines of a block cost, and they together. */
export interface BlockCost {
	readonly lines: readonly LineCost[];
	readonly flops: number;
	readonly bytes: number;
}

/** What a derivation costs, line by line. As a string, a table. */
export class Cost {
	readonly lines: readonly LineCost[];
	/** Of all lines; of a choice, the most that one of its branches costs. */
	readonly flops: number;
	/** The same of bytes. */
	readonly bytes: number;
	/**
	 * Bytes of the forward variables that the backward pass reads, those of all steps of a loop among
	 * them; arguments, which are there anyway, are not counted.
	 */
	readonly keptBytes: number;

	/** @internal */
	constructor({ lines, flops, bytes }: BlockCost, keptBytes: number) {
		this.lines = lines;
		this.flops = flops;
		this.bytes = bytes;
		this.keptBytes = keptBytes;
	}

	/** A line for each variable, and the sums. */
	toString(): string {
		const rows = this.lines.map(({ variable, times, isConditional, flops, bytes, keptFor }) => {
			const branch = isConditional ? ["if taken"] : [];
			const often = times === 1 ? [] : [`${times} times`];
			const kept = keptFor.length === 0 ? [] : [`kept for ${keptFor.join(", ")}`];
			return [variable, String(flops), String(bytes), [...branch, ...often, ...kept].join(", ")];
		});
		const total = ["total", String(this.flops), String(this.bytes), `${this.keptBytes} bytes kept`];
		const table = [["", "FLOPs", "bytes", ""], ...rows, total];
		const widths = [0, 1, 2].map((column) => Math.max(...table.map((row) => row[column]!.length)));
		return table
			.map(([name, flops, bytes, kept]) =>
				`${name!.padEnd(widths[0]!)}  ${flops!.padStart(widths[1]!)}  ${bytes!.padStart(widths[2]!)}  ${kept}`.trimEnd(),
			)
			.join("\n");
	}

	/** What `console.log` shows in Node. */
	[Symbol.for("nodejs.util.inspect.custom")](): string {
		return this.toString();
	}
}

/** Counts operations and bytes of each line, and finds what has to be kept between the passes. */
export function costOf(derived: Derived): Cost {
	const { blocks, forward, backward, atArguments } = derived;
	const readers = new Map<string, Set<string>>();
	const reads = (variable: string, expression: LineExpression) => {
		for (const name of variablesIn(expression).keys()) {
			readers.set(name, (readers.get(name) ?? new Set()).add(variable));
		}
	};
	for (const { variable, expression } of backward) reads(variable, expression);
	for (const { test, results } of choicesIn(blocks.backward)) {
		for (const { variable } of results) reads(variable, test.expression);
	}
	// A variable of a loop has several lines; what it is in the end is kept.
	const last = new Map(forward.map((line) => [line.variable, line]));
	const bytesOf = (value: Value) => bytesIn(atArguments(value).type);
	let keptBytes = 0;
	const lineCost = (line: Statement, pass: LineCost["pass"], way: Way): BlockCost => {
		const { times, isConditional } = way;
		const { variable, expression, value, at, change } = line;
		const read = [...variablesIn(expression).values()].map(bytesOf);
		// A sum is read too.
		if (change === "adds") read.push(bytesOf(value));
		const added = change === "adds" ? sizeOf(atArguments(value).type.shape) : 0;
		const isKept = pass === "forward" && last.get(variable) === line && readers.has(variable);
		if (isKept) keptBytes += bytesOf(value) * (at === undefined ? 1 : times);
		const cost = {
			...{ variable, pass, times, isConditional },
			flops: times * (flopsOf(expression, atArguments) + added),
			bytes: times * read.reduce((sum, bytes) => sum + bytes, bytesOf(value)),
			keptFor: isKept ? [...readers.get(variable)!] : [],
		};
		return { lines: [cost], flops: cost.flops, bytes: cost.bytes };
	};
	const costs = (block: Block, pass: LineCost["pass"], way: Way): BlockCost =>
		together(
			block.flatMap((item) => {
				if (isStatement(item)) return [lineCost(item, pass, way)];
				if (isChoiceBlock(item)) {
					const inside = { ...way, isConditional: true };
					return [oneOf(inTextOrder(item).map((branch) => costs(branch, pass, inside)))];
				}
				const inside = { ...way, times: way.times * stepsOf(item, derived) };
				const starts = item.starts.map((line) => lineCost(line, pass, way));
				return [...starts, costs(item.body, pass, inside)];
			}),
		);
	const way = { times: 1, isConditional: false };
	const passes = [costs(blocks.forward, "forward", way), costs(blocks.backward, "backward", way)];
	return new Cost(together(passes), keptBytes);
}

/** How often lines run. */
type Way = Pick<LineCost, "times" | "isConditional">;

function together(costs: readonly BlockCost[]): BlockCost {
	return {
		lines: costs.flatMap(({ lines }) => lines),
		flops: costs.reduce((sum, { flops }) => sum + flops, 0),
		bytes: costs.reduce((sum, { bytes }) => sum + bytes, 0),
	};
}

/** Of several branches one. */
function oneOf(costs: readonly BlockCost[]): BlockCost {
	return {
		lines: costs.flatMap(({ lines }) => lines),
		flops: Math.max(...costs.map(({ flops }) => flops)),
		bytes: Math.max(...costs.map(({ bytes }) => bytes)),
	};
}

/** How many steps a loop has at the arguments. */
function stepsOf({ lengths }: LoopBlock, { sizes }: Derived): number {
	const points = [sizes.home, ...sizes.probes.map((probe) => probe.sizes)];
	const size = readSize(lengths, points, 1e-13);
	if (size === null) return lengths[0]!;
	return Math.round(size.coefficient * productOf(size.factors, sizes.sizes));
}

function flopsOf(expression: LineExpression, at: Derived["atArguments"]): number {
	if (expression.kind !== "application") return 0;
	const { op, args, params, value } = expression;
	const there = at(value) as Instruction;
	const own = operationsOf({ ...there, op, params: op === value.op ? there.params : params });
	return args.reduce((sum, arg) => sum + flopsOf(arg, at), own);
}

import { bytesIn, operationsOf } from "../program/cost.ts";
import type { Instruction, Value } from "../program/program.ts";
import { variablesIn } from "./draft/expressions.ts";
import type { Derived, LineExpression, Statement } from "./draft/model.ts";

/** What one line costs. */
export interface LineCost {
	readonly variable: string;
	readonly pass: "forward" | "backward";
	/** Operations on numbers; a function such as exp counts as one, a view as none. */
	readonly flops: number;
	/** Bytes of the variables that it reads and of the one that it writes, each once. */
	readonly bytes: number;
	/** The backward lines that read a forward variable, which is kept for them. */
	readonly keptFor: readonly string[];
}

/** What a derivation costs, line by line. As a string, a table. */
export class Cost {
	readonly lines: readonly LineCost[];
	/** Of all lines. */
	readonly flops: number;
	/** Of all lines. */
	readonly bytes: number;
	/**
	 * Bytes of the forward variables that the backward pass reads; arguments, which are there anyway,
	 * are not counted.
	 */
	readonly keptBytes: number;

	/** @internal */
	constructor(lines: readonly LineCost[], keptBytes: number) {
		this.lines = lines;
		this.flops = lines.reduce((sum, line) => sum + line.flops, 0);
		this.bytes = lines.reduce((sum, line) => sum + line.bytes, 0);
		this.keptBytes = keptBytes;
	}

	/** A line for each variable, and the sums. */
	toString(): string {
		const rows = this.lines.map(({ variable, flops, bytes, keptFor }) => [
			variable,
			String(flops),
			String(bytes),
			keptFor.length === 0 ? "" : `kept for ${keptFor.join(", ")}`,
		]);
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
export function costOf({ forward, backward, atArguments }: Derived): Cost {
	const readers = new Map<string, string[]>();
	for (const { variable, expression } of backward) {
		for (const name of variablesIn(expression).keys()) {
			readers.set(name, [...(readers.get(name) ?? []), variable]);
		}
	}
	const bytesOf = (value: Value) => bytesIn(atArguments(value).type);
	const lineCost = (statement: Statement, pass: LineCost["pass"]): LineCost => {
		const { variable, expression, value } = statement;
		const read = [...variablesIn(expression).values()].map(bytesOf);
		return {
			variable,
			pass,
			flops: flopsOf(expression, atArguments),
			bytes: read.reduce((sum, bytes) => sum + bytes, bytesOf(value)),
			keptFor: pass === "forward" ? (readers.get(variable) ?? []) : [],
		};
	};
	const kept = forward.filter(({ variable }) => readers.has(variable));
	return new Cost(
		[
			...forward.map((statement) => lineCost(statement, "forward")),
			...backward.map((statement) => lineCost(statement, "backward")),
		],
		kept.reduce((sum, { value }) => sum + bytesOf(value), 0),
	);
}

function flopsOf(expression: LineExpression, at: Derived["atArguments"]): number {
	if (expression.kind !== "application") return 0;
	const { op, args, params, value } = expression;
	const there = at(value) as Instruction;
	const own = operationsOf({ ...there, op, params: op === value.op ? there.params : params });
	return args.reduce((sum, arg) => sum + flopsOf(arg, at), own);
}

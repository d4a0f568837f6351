import { BYTES } from "../core/dtype.ts";
import type { TensorType } from "../core/op.ts";
import { sizeOf } from "../core/shape.ts";
import type { Derived, Expression, Statement } from "./model.ts";

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
export function costOf({ forward, backward }: Derived): Cost {
	const readers = new Map<string, string[]>();
	for (const { variable, expression } of backward) {
		for (const { name } of namesIn(expression)) {
			readers.set(name, [...(readers.get(name) ?? []), variable]);
		}
	}
	const lineCost = (statement: Statement, pass: LineCost["pass"]): LineCost => {
		const { variable, expression, value } = statement;
		const read = namesIn(expression).map((name) => bytesOf(name.value.type));
		return {
			variable,
			pass,
			flops: flopsOf(expression),
			bytes: read.reduce((sum, bytes) => sum + bytes, bytesOf(value.type)),
			keptFor: pass === "forward" ? (readers.get(variable) ?? []) : [],
		};
	};
	const kept = forward.filter(({ variable }) => readers.has(variable));
	return new Cost(
		[
			...forward.map((statement) => lineCost(statement, "forward")),
			...backward.map((statement) => lineCost(statement, "backward")),
		],
		kept.reduce((sum, { value }) => sum + bytesOf(value.type), 0),
	);
}

/** The variables in an expression, each once. */
function namesIn(expression: Expression): Extract<Expression, { kind: "name" }>[] {
	const found = new Map<string, Extract<Expression, { kind: "name" }>>();
	const visit = (x: Expression) => {
		if (x.kind === "name") found.set(x.name, x);
		else if (x.kind === "application") for (const arg of x.args) visit(arg);
	};
	visit(expression);
	return [...found.values()];
}

function flopsOf(expression: Expression): number {
	if (expression.kind !== "application") return 0;
	const { op, args, params, value } = expression;
	const shapes = value.inputs.map(({ type }) => type.shape);
	const out = value.type.shape;
	const { flops, view } = op.traits ?? {};
	const own =
		flops?.(shapes, out, params) ?? (view ? 0 : Math.max(...[out, ...shapes].map(sizeOf)));
	return args.reduce((sum, arg) => sum + flopsOf(arg), own);
}

function bytesOf({ shape, dtype }: TensorType): number {
	return sizeOf(shape) * BYTES[dtype];
}

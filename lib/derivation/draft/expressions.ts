import { DerivationError } from "../../core/error.ts";
import { type Shape, sameShape } from "../../core/shape.ts";
import { uniformNumber } from "../../program/builder.ts";
import { isLifted } from "../../program/means.ts";
import {
	type Constant,
	type Instruction,
	instructionOf,
	type Value,
} from "../../program/program.ts";
import { permute } from "../../structure/layout.ts";
import { type Applied, asWritten } from "./absorbing-products.ts";
import type { Application, LineExpression, Name } from "./model.ts";
import { loopBy } from "./open-loops.ts";

/**
 * How a value is referred to: by a variable, as the entry of one at a place, or as that place,
 * counted from a number.
 */
export type Referent =
	| string
	| { readonly name: string; readonly at: string }
	| { readonly name: string; readonly from: number };

/** Writes values as expressions in terms of the values that have names. */
export class ExpressionWriter {
	private readonly names: ReadonlyMap<Value, Referent>;

	constructor(names: ReadonlyMap<Value, Referent>) {
		this.names = names;
	}

	/** Whether a value has a name. */
	isNamed(value: Value): boolean {
		return this.names.has(value);
	}

	/** The right side of the line of a value: what it is made from, though it has a name itself. */
	definition(value: Value): LineExpression {
		return value.kind === "instruction" ? this.application(value) : this.reference(value);
	}

	/** The application of the op that was recorded, though another is written. */
	applied(value: Instruction): Application {
		return this.application(value, value);
	}

	/** How a value is referred to: by its name, or by what it is made from. */
	reference(value: Value): LineExpression {
		const name = this.name(value);
		if (name !== null) return name;
		if (value.kind === "instruction") return this.application(value);
		if (value.kind === "input") throw noLine("a value that a loop was given");
		const number = uniformNumber(value);
		return number !== null && value.type.shape.length === 0
			? { kind: "number", number, value }
			: { kind: "constant", value };
	}

	private written(value: Instruction): Applied {
		return asWritten(value, (x) => this.names.has(x));
	}

	private name(value: Value): Name | null {
		const name = this.names.get(value);
		if (name === undefined) return null;
		return typeof name === "string"
			? { kind: "name", name, value }
			: { kind: "name", ...name, value };
	}

	private application(value: Instruction, applied = this.written(value)): Application {
		if (loopBy(value)) throw noLine("all results of a loop at once");
		const { op, params } = applied;
		const args = this.arguments(applied, value.type.shape);
		return { kind: "application", op, args, params, value };
	}

	private arguments({ op, inputs }: Applied, shape: Shape): readonly LineExpression[] {
		const { elementwise, stretchesBatches, stretch } = op.traits ?? {};
		if (elementwise) return this.operands(inputs, shape);
		if (stretchesBatches) return this.batches(inputs, shape);
		return inputs.map((x) => this.reference(stretch ? this.unlifted(x) : x));
	}

	/** What is stretched needs no axes of size 1 in front. */
	private unlifted(value: Value): Value {
		if (value.kind !== "instruction" || this.names.has(value) || !isLifted(value)) return value;
		return this.unlifted(value.inputs[0]!);
	}

	/**
	 * Arguments that broadcast: numbers, and tensors before they were stretched, as far as they still
	 * give the shape.
	 */
	private operands(inputs: readonly Value[], shape: Shape): readonly LineExpression[] {
		const fits = (operands: readonly LineExpression[]) =>
			sameShape(jointShape(operands.map(shapeOf)), shape);
		const short = inputs.map((x) => this.operand(x));
		if (fits(short)) return short;
		const whole = inputs.map((x) => this.reference(x));
		const unstretched = short.map((x, i) => (x.kind === "number" ? x : whole[i]!));
		return fits(unstretched) ? unstretched : whole;
	}

	/** Matrices, before they were stretched to a batch, if they still give its shape. */
	private batches(inputs: readonly Value[], shape: Shape): readonly LineExpression[] {
		const short = inputs.map((x) => this.reference(this.oneOfBatch(x)));
		const isWhole = sameShape(jointShape(short.map(batchOf)), shape.slice(0, -2));
		return isWhole ? short : inputs.map((x) => this.reference(x));
	}

	/** The matrices that a batch repeats; what is transposed after it was stretched is so before. */
	private oneOfBatch(value: Value): Value {
		if (value.kind !== "instruction" || this.names.has(value)) return value;
		const [x] = value.inputs as [Value];
		if (value.op === permute.op) {
			const { axes } = value.params as { axes: readonly number[] };
			const one = this.oneOfBatch(x);
			const missing = axes.length - one.type.shape.length;
			if (one === x || axes.some((axis, i) => i < missing && axis !== i)) return value;
			const own = axes.slice(missing).map((axis) => axis - missing);
			return instructionOf(permute.op, [one], { axes: own });
		}
		if (!value.op.traits?.stretch && !isLifted(value)) return value;
		const isMatrix = sameShape(x.type.shape.slice(-2), value.type.shape.slice(-2));
		return isMatrix ? this.oneOfBatch(x) : value;
	}

	/** An argument that may be smaller than its value, for what it stands in stretches it. */
	private operand(value: Value): LineExpression {
		const number = uniformNumber(value);
		if (number !== null) return { kind: "number", number, value: value as Constant };
		if (value.kind !== "instruction" || this.names.has(value)) return this.reference(value);
		const { op, inputs, params } = this.written(value);
		if (op.traits?.stretch || isLifted(value)) return this.operand(inputs[0]!);
		if (!op.traits?.elementwise) return this.reference(value);
		return { kind: "application", op, args: inputs.map((x) => this.operand(x)), params, value };
	}
}

/** The last guard against a name that no line defines. */
function noLine(what: string): DerivationError {
	return new DerivationError(
		`derive: a line reads ${what}, and none before it has that; the function cannot be derived line by line`,
	);
}

/**
 * The shape of an expression as it stands: that of its value, or smaller where what it stands in
 * stretches it.
 */
export function shapeOf(expression: LineExpression): Shape {
	if (expression.kind === "number") return [];
	if (expression.kind === "application" && expression.op.traits?.elementwise) {
		return jointShape(expression.args.map(shapeOf));
	}
	return expression.value.type.shape;
}

/** The axes of an expression before those of its matrices. */
function batchOf(expression: LineExpression): Shape {
	return shapeOf(expression).slice(0, -2);
}

/** The shape to which others broadcast; those here came from one shape, so they fit. */
function jointShape(shapes: readonly Shape[]): Shape {
	const rank = Math.max(...shapes.map((shape) => shape.length));
	return Array.from({ length: rank }, (_, axis) =>
		shapes.reduce((size, shape) => {
			const own = shape[axis - (rank - shape.length)] ?? 1;
			return own === 1 ? size : own;
		}, 1),
	);
}

/** The variables that an expression refers to, each once, from left to right, with their values. */
export function variablesIn(expression: LineExpression): ReadonlyMap<string, Value> {
	if (expression.kind === "name") {
		const { name, from, value } = expression;
		return new Map(from === undefined ? [[name, value]] : []);
	}
	const args = expression.kind === "application" ? expression.args : [];
	return new Map(args.flatMap((arg) => [...variablesIn(arg)]));
}

import { type Shape, sameShape } from "../../core/shape.ts";
import { uniformNumber } from "../../program/builder.ts";
import { isLifted } from "../../program/means.ts";
import type { Constant, Instruction, Value } from "../../program/program.ts";
import { type Applied, asWritten } from "./absorbing-products.ts";
import type { Application, LineExpression, Name } from "./model.ts";

/** Writes values as expressions in terms of the values that have names. */
export class ExpressionWriter {
	private readonly names: ReadonlyMap<Value, string>;

	constructor(names: ReadonlyMap<Value, string>) {
		this.names = names;
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
		const number = uniformNumber(value);
		return number !== null && value.type.shape.length === 0
			? { kind: "number", number, value: value as Constant }
			: { kind: "constant", value: value as Constant };
	}

	private written(value: Instruction): Applied {
		return asWritten(value, (x) => this.names.has(x));
	}

	private name(value: Value): Name | null {
		const name = this.names.get(value);
		return name === undefined ? null : { kind: "name", name, value };
	}

	private application(value: Instruction, applied = this.written(value)): Application {
		const { op, inputs, params } = applied;
		const args = op.traits?.elementwise
			? this.operands(inputs, value.type.shape)
			: inputs.map((x) => this.reference(op.traits?.stretch ? this.unlifted(x) : x));
		return { kind: "application", op, args, params, value };
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
		const fits = (operands: readonly LineExpression[]) => sameShape(jointShape(operands), shape);
		const short = inputs.map((x) => this.operand(x));
		if (fits(short)) return short;
		const whole = inputs.map((x) => this.reference(x));
		const unstretched = short.map((x, i) => (x.kind === "number" ? x : whole[i]!));
		return fits(unstretched) ? unstretched : whole;
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

/**
 * The shape of an expression as it stands: that of its value, or smaller where what it stands in
 * stretches it.
 */
export function shapeOf(expression: LineExpression): Shape {
	if (expression.kind === "number") return [];
	if (expression.kind === "application" && expression.op.traits?.elementwise) {
		return jointShape(expression.args);
	}
	return expression.value.type.shape;
}

/** The shape to which operands broadcast; those here came from one shape, so they fit. */
function jointShape(operands: readonly LineExpression[]): Shape {
	const shapes = operands.map(shapeOf);
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
	if (expression.kind === "name") return new Map([[expression.name, expression.value]]);
	const args = expression.kind === "application" ? expression.args : [];
	return new Map(args.flatMap((arg) => [...variablesIn(arg)]));
}

import { div } from "../ops/arithmetic.ts";
import { uniform } from "../program/builder.ts";
import type { Constant, Instruction, Value } from "../program/program.ts";
import { type Shape, sameShape } from "../shape.ts";
import type { Application, Expression, Name } from "./model.ts";

/** Writes values as expressions in terms of the values that have names. */
export class ExpressionWriter {
	private readonly names: ReadonlyMap<Value, string>;

	constructor(names: ReadonlyMap<Value, string>) {
		this.names = names;
	}

	/** The right side of the line of a value: what it is made from, though it has a name itself. */
	definition(value: Value): Expression {
		return value.kind === "instruction" ? this.application(value) : this.reference(value);
	}

	/** How a value is referred to: by its name, or by what it is made from. */
	reference(value: Value): Expression {
		const name = this.name(value);
		if (name !== null) return name;
		if (value.kind === "instruction") return this.application(value);
		const number = uniform(value);
		return number !== null && value.type.shape.length === 0
			? { kind: "number", number, value: value as Constant }
			: { kind: "constant", value: value as Constant };
	}

	private name(value: Value): Name | null {
		const name = this.names.get(value);
		return name === undefined ? null : { kind: "name", name, value };
	}

	private application(value: Instruction): Application {
		const { op, inputs, params } = asQuotient(value, this.names);
		const args = op.facts?.elementwise
			? this.operands(inputs, value.type.shape)
			: inputs.map((x) => this.reference(x));
		return { kind: "application", op, args, params, value };
	}

	/** Arguments that broadcast: numbers, and tensors before they were stretched, as far as they still give the shape. */
	private operands(inputs: readonly Value[], shape: Shape): readonly Expression[] {
		const fits = (operands: readonly Expression[]) => sameShape(jointShape(operands), shape);
		const short = inputs.map((x) => this.operand(x));
		if (fits(short)) return short;
		const whole = inputs.map((x) => this.reference(x));
		const unstretched = short.map((x, i) => (x.kind === "number" ? x : whole[i]!));
		return fits(unstretched) ? unstretched : whole;
	}

	/** An argument that may be smaller than its value, for what it stands in stretches it. */
	private operand(value: Value): Expression {
		const number = uniform(value);
		if (number !== null) return { kind: "number", number, value: value as Constant };
		if (value.kind !== "instruction" || this.names.has(value)) return this.reference(value);
		const { op, inputs, params } = asQuotient(value, this.names);
		if (op.facts?.stretch) return this.operand(inputs[0]!);
		if (!op.facts?.elementwise) return this.reference(value);
		return { kind: "application", op, args: inputs.map((x) => this.operand(x)), params, value };
	}
}

/** The instruction, or the division that says the same as a product with 1/x which absorbs zeros. */
function asQuotient(
	value: Instruction,
	names: ReadonlyMap<Value, string>,
): Pick<Instruction, "op" | "inputs" | "params"> {
	const [x, y] = value.inputs;
	if (!value.op.facts?.algebra?.absorbing || y?.kind !== "instruction" || names.has(y))
		return value;
	const powers = y.op.facts?.algebra?.powers;
	return powers?.length === 1 && powers[0] === -1
		? { op: div.op, inputs: [x!, y.inputs[0]!], params: null }
		: value;
}

/** The shape of an expression as it stands: that of its value, or smaller where what it stands in stretches it. */
export function shapeOf(expression: Expression): Shape {
	if (expression.kind === "number") return [];
	if (expression.kind === "application" && expression.op.facts?.elementwise) {
		return jointShape(expression.args);
	}
	return expression.value.type.shape;
}

/** The shape to which operands broadcast; those here came from one shape, so they fit. */
function jointShape(operands: readonly Expression[]): Shape {
	const shapes = operands.map(shapeOf);
	const rank = Math.max(...shapes.map((shape) => shape.length));
	return Array.from({ length: rank }, (_, axis) =>
		shapes.reduce((size, shape) => {
			const own = shape[axis - (rank - shape.length)] ?? 1;
			return own === 1 ? size : own;
		}, 1),
	);
}

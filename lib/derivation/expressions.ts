import { div } from "../ops/arithmetic.ts";
import { uniform } from "../program/builder.ts";
import type { Constant, Instruction, Value } from "../program/program.ts";
import { type Shape, sameShape } from "../shape.ts";
import type { Expression, Name } from "./model.ts";

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

	private reference(value: Value): Expression {
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

	private application(value: Instruction): Expression {
		const { op, inputs, params } = value;
		const quotient = this.quotient(value);
		if (quotient !== null) return quotient;
		const args = op.facts?.elementwise
			? this.operands(inputs, value.type.shape)
			: inputs.map((x) => this.reference(x));
		return { kind: "application", op, args, params, value };
	}

	/** A product with 1/x that absorbs zeros is written as a division by x. */
	private quotient(value: Instruction): Expression | null {
		const [x, y] = value.inputs;
		if (!value.op.facts?.algebra?.absorbing || y?.kind !== "instruction") return null;
		const powers = y.op.facts?.algebra?.powers;
		if (powers?.length !== 1 || powers[0] !== -1 || this.names.has(y)) return null;
		const args = this.operands([x!, y.inputs[0]!], value.type.shape);
		return { kind: "application", op: div.op, args, params: null, value };
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

	private operand(value: Value): Expression {
		const number = uniform(value);
		if (number !== null) return { kind: "number", number, value: value as Constant };
		const isStretched = value.kind === "instruction" && value.op.facts?.stretch;
		return isStretched && !this.names.has(value)
			? this.reference(value.inputs[0]!)
			: this.reference(value);
	}
}

/** The shape to which operands broadcast; those here came from one shape, so they fit. */
function jointShape(operands: readonly Expression[]): Shape {
	const shapes = operands.map((x) => (x.kind === "number" ? [] : x.value.type.shape));
	const rank = Math.max(...shapes.map((shape) => shape.length));
	return Array.from({ length: rank }, (_, axis) =>
		shapes.reduce((size, shape) => {
			const own = shape[axis - (rank - shape.length)] ?? 1;
			return own === 1 ? size : own;
		}, 1),
	);
}

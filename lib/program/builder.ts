import type { TypedArray } from "../core/dtype.ts";
import type { Op, TensorType } from "../core/op.ts";
import type { Data } from "../core/params.ts";
import { noData } from "../core/plain-data.ts";
import { isUniform, storedOnce } from "../core/stored-once.ts";
import { elements } from "../core/strided.ts";
import {
	bodiesOf,
	type Constant,
	constantNumber,
	type Instruction,
	instructionOf,
	type Program,
	type Value,
} from "./program.ts";
import { structureKey } from "./structure-key.ts";

/**
 * Makes values, the same one for the same op on the same arguments: equal terms are found by being
 * one.
 */
export class Builder {
	private readonly ids = new Map<unknown, number>();
	private readonly made = new Map<string, Value>();

	/**
	 * The application of an op to values; the same one if the parameters are so by structure.
	 * @throws DomainError for parameters that are no plain data
	 */
	apply(op: Op, inputs: readonly Value[], params: Data): Instruction {
		const key = this.keyOf(op, inputs, params, (x) => this.id(x));
		return this.once(key, () => instructionOf(op, inputs, params)) as Instruction;
	}

	/** A tensor all of whose elements are `number`; it takes one element of storage. */
	number(number: number, { shape, dtype }: TensorType): Constant {
		const key = `${Object.is(number, -0) ? "-0" : number} ${dtype} ${shape.join()}`;
		return this.once(key, () => constantNumber(number, { shape, dtype })) as Constant;
	}

	/**
	 * The same constant; one number all over is made one with others like it, and takes one element
	 * of storage.
	 */
	adopt(value: Constant): Constant {
		const known = uniformNumber(value);
		if (known !== null) return this.number(known, value.type);
		const values = elements(storedOnce(value.tensor));
		return isOneNumber(values) ? this.number(values[0]!, value.type) : value;
	}

	private once(key: string, make: () => Value): Value {
		let value = this.made.get(key);
		if (value === undefined) {
			value = make();
			this.made.set(key, value);
		}
		return value;
	}

	private keyOf(
		op: Op,
		inputs: readonly Value[],
		params: Data,
		idOf: (value: Value) => number | string,
	): string {
		const given = structureKey(params, (x, path) => {
			throw noData(op.name, x, path);
		});
		return `${this.opId(op)}(${inputs.map(idOf)})${given}`;
	}

	/** An op with bodies is made anew for them: it is the same one if they do the same. */
	private opId(op: Op): number {
		if (op.bodies === undefined) return this.id(op);
		let id = this.ids.get(op);
		if (id === undefined) {
			id = this.id(`${op.name}{${bodiesOf(op).map((body) => this.programKey(body))}}`);
			this.ids.set(op, id);
		}
		return id;
	}

	/** A text of a program by what it does, whatever its values are. */
	private programKey({ inputs, instructions, outputs }: Program): string {
		const names = new Map<Value, string>();
		for (const [i, input] of inputs.entries()) names.set(input, `a${i}`);
		for (const [i, step] of instructions.entries()) names.set(step, `b${i}`);
		const nameOf = (value: Value) => names.get(value) ?? this.constantKey(value as Constant);
		const types = inputs.map(({ type }) => `${type.dtype} ${type.shape}`);
		const steps = instructions.map((x) => this.keyOf(x.op, x.inputs, x.params, nameOf));
		return `${types.join(";")}|${steps.join(";")}|${outputs.map(nameOf)}`;
	}

	private constantKey(value: Constant): string {
		const number = uniformNumber(value);
		const { shape, dtype } = value.type;
		if (number === null) return `c${this.id(value.tensor)}`;
		return `${Object.is(number, -0) ? "-0" : number} ${dtype} ${shape}`;
	}

	private id(key: unknown): number {
		let id = this.ids.get(key);
		if (id === undefined) {
			id = this.ids.size;
			this.ids.set(key, id);
		}
		return id;
	}
}

/**
 * The number that all elements of a constant are, or null; a tensor that is stored whole is not
 * searched.
 */
export function uniformNumber(value: Value): number | null {
	if (value.kind !== "constant") return null;
	const { tensor } = value;
	return isUniform(tensor) ? tensor.array[tensor.offset]! : null;
}

/** Whether all elements are one number; without a callback, since there may be a million. */
function isOneNumber(values: TypedArray): boolean {
	const first = values[0];
	for (let i = 1; i < values.length; i++) if (!Object.is(values[i], first)) return false;
	return first !== undefined;
}

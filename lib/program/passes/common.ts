import type { Tensor } from "../../tensor.ts";
import type { Instruction, Program, Value } from "../program.ts";
import { rewrite } from "./rewrite.ts";

/** The program with each thing computed once: an op on the same inputs with the same parameters gives the same result. */
export function withCommonShared(program: Program): Program {
	const numbers = new Map<string, Value>();
	/** A constant that is one number all over stands for every other such constant of its type. */
	const shared = (value: Value): Value => {
		if (value.kind !== "constant" || !isUniform(value.tensor)) return value;
		const { storage, offset, dtype, shape } = value.tensor;
		const number = storage[offset]!;
		return remembered(
			numbers,
			`${dtype}(${shape}) ${Object.is(number, -0) ? "-0" : number}`,
			value,
		);
	};
	const numbering = new Map<unknown, number>();
	const numberOf = (thing: unknown): number => remembered(numbering, thing, numbering.size);
	const computed = new Map<string, Instruction>();
	return rewrite(program, (step) => {
		const inputs = step.inputs.map(shared);
		const params = keyOf(step.params, numberOf);
		const key = `${numberOf(step.op)} ${inputs.map(numberOf)} ${params}`;
		const same = inputs.every((input, i) => input === step.inputs[i]);
		return remembered(computed, key, same ? step : { ...step, inputs });
	});
}

function remembered<K, V>(map: Map<K, V>, key: K, value: V): V {
	const known = map.get(key);
	if (known !== undefined) return known;
	map.set(key, value);
	return value;
}

function isUniform({ size, strides, shape }: Tensor): boolean {
	return size > 0 && strides.every((stride, i) => stride === 0 || shape[i] === 1);
}

/** Parameters as text; what is no plain data is the same only as itself. */
function keyOf(params: unknown, numberOf: (thing: unknown) => number): string {
	return JSON.stringify(params, (_, value) => {
		if (typeof value === "function" || typeof value === "symbol") return `#${numberOf(value)}`;
		if (typeof value === "number" && !Number.isFinite(value)) return `#${value}`;
		return Object.is(value, -0) ? "#-0" : value;
	});
}

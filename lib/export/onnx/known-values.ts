import { evaluate } from "../../core/op.ts";
import { sizeOf } from "../../core/shape.ts";
import {
	type Constant,
	constantNumber,
	constantOf,
	type Instruction,
} from "../../program/program.ts";

/** What an instruction gives whatever its inputs hold, because they or it have no elements. */
export function knownValue({ op, inputs, params, type }: Instruction): Constant | null {
	if (sizeOf(type.shape) === 0) return constantNumber(0, type);
	if (inputs.length === 0 || inputs.some((x) => sizeOf(x.type.shape) > 0)) return null;
	const empty = inputs.map((x) => constantNumber(0, x.type).tensor);
	return constantOf(evaluate(op, empty, params, type));
}

import type { DType, TypedArray } from "../../../core/dtype.ts";
import { coalesce, forEachRun } from "../../../core/strided.ts";
import { generated } from "../../../kernels/generated.ts";
import { formulasIn, inputsIn } from "../../../schedule/expression.ts";
import type { ElementwiseLoop } from "../../../schedule/kernel.ts";
import { evaluateExpressions } from "./evaluate.ts";
import { randomDraws, writeExpressions } from "./expression.ts";

/**
 * A loop as a function of the storages of the inputs and of the outputs, and of where their first
 * elements lie; false where something is wrong.
 */
export type LoopFunction = (storages: readonly TypedArray[], offsets: readonly number[]) => boolean;

/** The same with how many elements it goes over along one of the axes. */
export type PartialLoop = (
	count: number,
	storages: readonly TypedArray[],
	offsets: readonly number[],
) => boolean;

/** The function of a loop over all elements. */
export function defineElementwise(loop: ElementwiseLoop): LoopFunction {
	const operands = [...loop.inputs, ...loop.outputs];
	const { shape, layouts } = coalesce(
		loop.shape,
		operands.map(({ strides }) => ({ strides, offset: 0 })),
	);
	const strides = layouts.map((layout) => layout.strides);
	const [count = 1] = shape;
	const run = definePartial(
		shape.length > 0
			? withStrides(loop, shape, strides)
			: withStrides(
					loop,
					[1],
					strides.map(() => [0]),
				),
	);
	return (storages, offsets) => run(count, storages, offsets);
}

function withStrides(
	{ inputs, outputs }: ElementwiseLoop,
	shape: readonly number[],
	strides: readonly (readonly number[])[],
): ElementwiseLoop {
	return {
		shape,
		inputs: inputs.map((input, k) => ({ ...input, strides: strides[k]! })),
		outputs: outputs.map((out, k) => ({ ...out, strides: strides[inputs.length + k]! })),
	};
}

/**
 * The function of a loop over parts of an axis: code for this loop alone, or where code
 * generation is forbidden (a page's Content-Security-Policy without unsafe-eval) a walk that does
 * the same, slower.
 */
export function definePartial(loop: ElementwiseLoop, axis = 0): PartialLoop {
	const formulas = [...formulasIn(loop.outputs.map(({ value }) => value))];
	const given = { draws: randomDraws };
	return generated(formulas, sourceOf(loop, axis), () => evaluated(loop, axis), given);
}

/** The loops one in the other; what stays the same in an inner one is read before it. */
function sourceOf({ shape, inputs, outputs }: ElementwiseLoop, partial: number): string {
	const values = outputs.map(({ value }) => value);
	const read = inputsIn(values);
	const operands = [...inputs, ...outputs].map(({ strides }, k) => ({
		k,
		strides,
		isUsed: k >= inputs.length || read.has(k),
		isInput: k < inputs.length,
		// The innermost loop in which it moves; −1: it stays where it is.
		depth: strides.findLastIndex((stride) => stride !== 0),
		place: `p${k}`,
	}));
	const used = operands.filter(({ isUsed }) => isUsed);
	const loads = (depth: number) =>
		used.flatMap((x) =>
			x.isInput && x.depth === depth ? [`const x${x.k} = a${x.k}[${x.place}];`] : [],
		);
	const lines = used.flatMap(({ k }) => [`const a${k} = arrays[${k}], p${k} = places[${k}];`]);
	lines.push(...loads(-1));
	for (const [axis, size] of shape.entries()) {
		const moving = used.filter(({ strides }) => strides[axis] !== 0);
		const starts = moving.map((x) => {
			const before = x.place;
			x.place = `p${x.k}_${axis}`;
			return `, ${x.place} = ${before}`;
		});
		const i = `i${axis}`;
		const steps = moving.map(({ place, strides }) => `, ${place} += ${strides[axis]}`);
		const end = axis === partial ? "count" : size;
		lines.push(`for (let ${i} = 0${starts.join("")}; ${i} < ${end}; ${i}++${steps.join("")}) {`);
		lines.push(...loads(axis));
	}
	const { statements, values: texts } = writeExpressions(values, (k) => `x${k}`);
	lines.push(...statements);
	for (const [j, { dtype, value }] of outputs.entries()) {
		const { k, place } = operands[inputs.length + j]!;
		const text = texts[j]!;
		if (dtype === "int32" && !isInteger(value, inputs)) {
			lines.push(`if (${text} !== (${text} | 0)) return false;`);
		}
		lines.push(`a${k}[${place}] = ${text};`);
	}
	lines.push("}".repeat(shape.length));
	const body = [...lines, "return true;"].join("\n");
	return `return function loop(count, arrays, places) {\n${body}\n}`;
}

type Value = ElementwiseLoop["outputs"][number]["value"];

/** Whether a value is known to fit into int32. */
function isInteger(value: Value, inputs: readonly { readonly dtype: DType }[]): boolean {
	if (value.kind === "input") return inputs[value.index]!.dtype === "int32";
	return "dtype" in value && (value.dtype === "int32" || value.dtype === "bool");
}

/** The same without generated code. */
function evaluated({ shape, inputs, outputs }: ElementwiseLoop, axis: number): PartialLoop {
	const evaluate = evaluateExpressions(outputs.map(({ value }) => value));
	const operands = [...inputs, ...outputs];
	return (count, storages, offsets) => {
		let fits = true;
		// The last axis of 1 makes each element a run.
		const layouts = operands.map(({ strides }, k) => ({
			strides: [...strides, 0],
			offset: offsets[k]!,
		}));
		const elements = new Array<number>(inputs.length);
		forEachRun([...shape.with(axis, count), 1], layouts, (at) => {
			for (let k = 0; k < inputs.length; k++) elements[k] = storages[k]![at[k]!]!;
			const values = evaluate(elements);
			for (const [j, { dtype }] of outputs.entries()) {
				const value = values === null ? Number.NaN : values[j]!;
				fits &&= values !== null && (dtype !== "int32" || value === (value | 0));
				const k = inputs.length + j;
				storages[k]![at[k]!] = value;
			}
		});
		return fits;
	};
}

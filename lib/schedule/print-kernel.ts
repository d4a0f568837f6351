import { isRowMajor, type Shape, showShape } from "../core/shape.ts";
import { literal } from "../notation/call.ts";
import type { Expression } from "./expression.ts";
import { FormulaTexts, type Named, termText } from "./formula-text.ts";
import {
	type ElementwiseLoop,
	type Epilogue,
	expressionsIn,
	type IndexedLoop,
	type Kernel,
	type KernelOf,
	type KernelOperand,
	type ScanLoop,
} from "./kernel.ts";

/**
 * A kernel as lines of text. It reads x0, x1, …, a product a and b before these, and writes r0, r1,
 * …; p is an element of a product, v0, v1, … are what passes over slices give, and t0, t1, … what
 * is computed once and used several times. Strides are told where
 * elements are not in row-major order of the loop's shape.
 */
export function printKernel(kernel: Kernel): string[] {
	switch (kernel.kind) {
		case "loop": {
			const { shape, inputs } = kernel.loop;
			const named = inputs.map(asRead);
			return [
				`loop ${showShape(shape)}`,
				...named.map((input) => operand(input, shape)),
				...stored(kernel.loop, new FormulaTexts(expressionsIn(kernel), named)),
			];
		}
		case "reduction":
			return reduction(kernel);
		case "product": {
			const { batch, m, k, n, a, b } = kernel.matrices;
			const times = batch.length === 0 ? "" : `, for each of ${showShape(batch)}`;
			return [
				`product ${showShape([m, k])}·${showShape([k, n])}${times}`,
				...operandOfProduct("a", [...batch, m, k], a),
				...operandOfProduct("b", [...batch, k, n], b),
				...epilogue(kernel, expressionsIn(kernel)),
			];
		}
		case "convolution": {
			const { geometry, ...channels } = kernel.convolution;
			return [
				`convolution, its ${kernel.wanted}: ${fields(channels)}`,
				fields(geometry),
				...epilogue(kernel, expressionsIn(kernel)),
			];
		}
		case "scatter": {
			const { windows, images, dtype, stride, dilation } = kernel.scatter;
			return [
				`scatter: windows ${showShape(windows.shape)} added up in images ${showShape(images)}`,
				`x0: ${dtype}${layout(windows.shape, windows.strides)}`,
				fields({ stride, dilation }),
			];
		}
		case "indexed":
			return indexed(kernel.indexed);
		case "scan":
			return scan(kernel.scan);
		case "repeat":
			return [`repeat ${kernel.count} times`];
		case "while":
			return [kernel.most === null ? "while" : `while, at most ${kernel.most} times`];
		case "choice":
			return ["choice"];
		case "evaluation": {
			const { op, inputs, params, type } = kernel.instruction;
			const given = params === null || params === undefined ? "" : `, ${literal(params)}`;
			const types = [...inputs.map((input) => input.type), type];
			const names = [...inputs.map((_, i) => `x${i}`), "r0"];
			return [
				`evaluation of ${op.name}${given}`,
				...types.map(({ dtype, shape }, i) => `${names[i]}: ${dtype} ${showShape(shape)}`),
			];
		}
	}
}

function reduction(kernel: KernelOf<"reduction">): string[] {
	const { shape, axes, inputs, passes, outputs } = kernel.loop;
	const named = inputs.map(asRead);
	const texts = new FormulaTexts(expressionsIn(kernel), named);
	let results = 0;
	return [
		`reduction ${showShape(shape)} along axes ${axes.join(", ")}`,
		...named.map((input) => operand(input, shape)),
		...passes.flatMap((pass) => {
			const parts =
				pass.kind === "first"
					? [{ name: pass.kind, of: pass.of }]
					: pass.reductions.map(({ by, of }) => ({ name: by, of }));
			const lines: string[] = [];
			const made = parts.map(({ name, of }) => {
				const { lines: before, text } = texts.write(of);
				lines.push(...before);
				return `v${results++} = ${name}(${text})`;
			});
			if (pass.unless === undefined) return [...lines, `pass: ${made.join("; ")}`];
			const test = texts.write(pass.unless);
			return [...lines, ...test.lines, `pass unless ${test.text}: ${made.join("; ")}`];
		}),
		...outputs.flatMap((output, i) => {
			const { lines, text } = texts.write(output.value);
			// Along the axes of a slice an output of one element a slice stays where it is.
			const kept = output.perElement
				? shape
				: shape.map((n, axis) => (axes.includes(axis) ? 1 : n));
			const each = output.perElement ? "for each element" : "for each slice";
			return [...lines, `${written(output, i, kept)} = ${text}, ${each}`];
		}),
	];
}

/** What becomes of the elements p of a product. */
function epilogue(kernel: Epilogue, expressions: readonly Expression[]): string[] {
	const { loop, readings } = kernel;
	const named = loop.inputs.map((input, i) => ({ ...input, name: i === 0 ? "p" : `x${i - 1}` }));
	return [
		...named.slice(1).map((input, i) => `${operand(input, loop.shape)}, by ${readings[i]}`),
		...stored(loop, new FormulaTexts(expressions, named)),
	];
}

function stored({ shape, outputs }: ElementwiseLoop, texts: FormulaTexts): string[] {
	return outputs.flatMap((output, i) => {
		const { lines, text } = texts.write(output.value);
		return [...lines, `${written(output, i, shape)} = ${text}`];
	});
}

function indexed({ shape, source, target, indices, each, ...loop }: IndexedLoop): string[] {
	const verb = loop.adds ? "added" : "copied";
	const places = loop.indexed === "source" ? "from indexed places" : "to indexed places";
	return [
		`indexed ${showShape(shape)}: elements ${verb} ${places}`,
		...[source, indices].map((input, i) => operand(asRead(input, i), shape)),
		...each.map((index) => `index ${fields(index)}`),
		written(target, 0, shape),
	];
}

/** What is carried is called `carried`, and what tells the first step `isFirst`. */
function scan({ start, step, shape, axis, inputs, output, ...how }: ScanLoop): string[] {
	const words = [how.reverse ? ", reverse" : "", how.exclusive ? ", exclusive" : ""];
	const texts = ["carried", "isFirst", ...inputs.map((_, i) => `x${i}`)];
	return [
		`scan ${showShape(shape)} along axis ${axis}${words.join("")}`,
		`carried: ${start}, then ${termText(step, texts)}`,
		...inputs.map((input, i) => operand(asRead(input, i), shape)),
		written(output, 0, shape),
	];
}

function asRead<T extends KernelOperand>(input: T, index: number): T & Named {
	return { ...input, name: `x${index}` };
}

function written({ dtype, strides }: KernelOperand, index: number, shape: Shape): string {
	return operand({ name: `r${index}`, dtype, strides }, shape);
}

function operand({ name, dtype, strides }: KernelOperand & Named, shape: Shape): string {
	return `${name}: ${dtype}${layout(shape, strides)}`;
}

/** How the matrices of a product lie, where that is not in row-major order. */
function operandOfProduct(name: string, shape: Shape, strides: readonly number[]): string[] {
	const text = layout(shape, strides);
	return text === "" ? [] : [name + text];
}

/** Strides in words, nothing for those of row-major order. */
export function layout(shape: Shape, strides: readonly number[]): string {
	return isRowMajor(shape, strides) ? "" : ` strides (${strides.join(", ")})`;
}

/** What is known by name: `stride 2×2, groups 1`. */
function fields(known: object): string {
	const show = (value: unknown) => (Array.isArray(value) ? value.join("×") : String(value));
	return Object.entries(known)
		.map(([name, value]) => `${name} ${show(value)}`)
		.join(", ");
}

import { type Shape, sizeOf } from "../../core/shape.ts";
import { asArgument } from "../../notation/embed.ts";
import { affine } from "../../notation/plain.ts";
import { type Host, merged } from "./along-axes.ts";
import type { PrintedFunction } from "./functions.ts";
import { loops } from "./nest.ts";
import { inJavaScript, type LoopOperand, numberAt, rowMajorPosition, stored } from "./operands.ts";

/** Calls of a function for each matrix or line of the arguments. */
export function writeCalls<P>(
	host: Host,
	name: string,
	{ axes: axesOf, call, givesNumber = false }: PrintedFunction<P>,
	args: readonly LoopOperand[],
	params: P,
	shape: Shape,
): LoopOperand {
	const last = args.at(-1)!.shape;
	const axes = axesOf(last.length, params);
	const sizes = axes.map((axis) => last[axis]!);
	const kept = last.filter((_, axis) => !axes.includes(axis));
	const count = sizeOf(kept);
	const called = (parts: readonly string[]) => host.defining(call(parts, sizes, params));
	// Parts that are not one run of neighbours are copied into a line, and back.
	if (count !== 1 && axes[0] !== last.length - axes.length) {
		return writeLines(host, name, called, args[0]!, axes, shape);
	}
	const arrays = args.map((x) => arrayOf(host, x));
	if (count === 1) {
		const value = called(arrays);
		const isArray = shape.length > 0;
		const text = givesNumber && isArray ? `Float64Array.of(${value})` : value;
		host.lines.push(`const ${name} = ${text}${givesNumber || isArray ? "" : "[0]"};`);
		return stored(name, shape);
	}
	const out = host.declare(name, shape, "");
	const [i] = host.indexOf([count], []) as [string];
	const from = (at: string, n: number) => inJavaScript(affine(asArgument(at), n, 0));
	const value = called(
		arrays.map((array, k) => {
			const n = sizeOf(args[k]!.shape) / count;
			return `${array}.subarray(${from(i, n)}, ${from(`${i} + 1`, n)})`;
		}),
	);
	const kind = givesNumber ? `${out.flat!(i)} = ${value};` : null;
	const line = kind ?? `${name}.set(${value}, ${from(i, sizeOf(shape) / count)});`;
	host.lines.push(...loops([i], [count], [line]));
	return out;
}

/** The typed array that holds an operand in row-major order, which a number has to be put into. */
function arrayOf(host: Host, x: LoopOperand): string {
	if (x.array !== undefined) return x.array;
	const { name } = x.name === undefined ? host.store(host.fresh("t"), x) : x;
	return x.shape.length === 0 ? `Float64Array.of(${name})` : name!;
}

function writeLines(
	host: Host,
	name: string,
	called: (parts: readonly string[]) => string,
	x: LoopOperand,
	axes: readonly number[],
	shape: Shape,
): LoopOperand {
	const sizes = axes.map((axis) => shape[axis]!);
	const keptSizes = shape.filter((_, axis) => !axes.includes(axis));
	const kept = host.indexOf(keptSizes, []);
	const along = host.indexOf(sizes, kept);
	const index = merged(shape, axes, kept, along);
	const place = rowMajorPosition(along, sizes);
	const out = host.declare(name, shape, "");
	const [line, made] = [host.fresh("line"), host.fresh("made")];
	const body = [
		`const ${line} = new Float64Array(${sizeOf(sizes)});`,
		...loops(along, sizes, [`${line}[${place}] = ${numberAt(x, x.at(index))};`]),
		`const ${made} = ${called([line])};`,
		...loops(along, sizes, [`${out.at(index)} = ${made}[${place}];`]),
	];
	host.lines.push(...loops(kept, keptSizes, body));
	host.release(line);
	host.release(made);
	return out;
}

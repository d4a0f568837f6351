import { type Shape, sizeOf } from "../../core/shape.ts";
import { asArgument } from "../../notation/embed.ts";
import { inExpressions, usesOf } from "../../notation/formula.ts";
import { affine, broadcastIndex } from "../../notation/plain.ts";
import { type Style, written } from "../../scalar/javascript.ts";
import type { Scanned } from "../../scalar/scan.ts";
import type { Sliced } from "../../scalar/slices.ts";
import { loops } from "./nest.ts";
import { inJavaScript, type LoopOperand, numberAt, rowMajorPosition, stored } from "./operands.ts";
import { isOneResult, usesOfElement, writeSlice } from "./slice-loops.ts";

/** What the writer of a program does for loops along axes. */
export interface Host {
	readonly lines: string[];
	readonly nameOf: Style["nameOf"];
	/** A name that is not taken; it is taken until it is released. */
	readonly fresh: (stem: string) => string;
	readonly release: (name: string) => void;
	/** Keeps an operand in a typed array, or in a number. */
	readonly store: (name: string, x: LoopOperand) => LoopOperand;
	readonly declare: (name: string, shape: Shape, start: string) => LoopOperand;
	/** An index for each axis. */
	readonly indexOf: (shape: Shape, used: readonly string[]) => string[];
	/** A text that calls functions of `functions.ts`, which the program then defines. */
	readonly defining: (text: string) => string;
}

/** What a form says of the slices along axes: a value for each, or for each element. */
export function writeSlices<P>(
	host: Host,
	name: string,
	sliced: Sliced<P>,
	args: readonly LoopOperand[],
	params: P,
	shape: Shape,
): LoopOperand {
	const form = sliced.form();
	const axes = sliced.axes(
		args.map((x) => x.shape),
		params,
	);
	const [given, ...others] = args;
	const isRead = given!.name !== undefined || given!.made?.term.kind === "constant";
	const x = isRead || usesOfElement(form) < 2 ? given! : host.store(host.fresh("t"), given!);
	const sizes = axes.map((axis) => x.shape[axis]!);
	const keptSizes = x.shape.filter((_, axis) => !axes.includes(axis));
	const isScalar = keptSizes.every((size) => size === 1);
	// All elements of one tensor, in order: one loop does.
	const whole = isScalar && sizes.length === x.shape.length ? x.flat : null;
	const over = whole === null ? sizes : [sizeOf(sizes)];
	const kept = host.indexOf(keptSizes, []);
	const along = host.indexOf(over, kept);
	const at = (inner: readonly string[]) => merged(x.shape, axes, kept, inner);
	const element = (input: number, inner: readonly string[]) => {
		if (input === 0) return numberAt(x, whole?.(inner[0]!) ?? x.at(at(inner)));
		const other = others[input - 1]!;
		return numberAt(other, other.at(broadcastIndex(at(zeros(sizes)), other.shape)));
	};
	const names: string[] = [];
	const { lines, value } = writeSlice(form, {
		nameOf: host.nameOf,
		fresh: (stem) => {
			names.push(host.fresh(stem));
			return names.at(-1)!;
		},
		around: (body) => loops(along, over, body),
		element: (input) => element(input, along),
		first: (input) => element(input, zeros(over)),
		position: rowMajorPosition(along, over),
		n: sizeOf(sizes),
		numbers: sliced.numbers?.(params) ?? [],
		into: shape.length === 0 && isOneResult(form) ? name : undefined,
	});
	if (shape.length === 0 && !form.perElement) {
		const isThere = names.length === 0;
		host.lines.push(...lines);
		if (value !== name) host.lines.push(`${isThere ? "" : "const "}${name} = ${value};`);
		return stored(name, shape);
	}
	const out = host.declare(name, shape, "");
	const place = shape.length === kept.length ? kept : at(zeros(sizes));
	const last = form.perElement
		? loops(along, over, [
				`${whole === null ? out.at(at(along)) : out.flat!(along[0]!)} = ${value};`,
			])
		: [`${out.at(place)} = ${value};`];
	host.lines.push(...loops(kept, keptSizes, [...lines, ...last]));
	for (const each of names) host.release(each);
	return out;
}

/** The place that lies as far from the end. */
function backwards(at: string, n: number): string {
	return inJavaScript(affine(asArgument(at), -1, n - 1));
}

const zeros = (shape: Shape) => shape.map(() => "0");

/** What is carried on along lines of operands of one shape. */
export function writeScan<P>(
	host: Host,
	name: string,
	scan: Scanned<P>,
	args: readonly LoopOperand[],
	params: P,
	shape: Shape,
): LoopOperand {
	const { axis, reverse, exclusive } = scan.walk(params);
	const step = scan.step();
	const inputs = args.map((x, i) =>
		x.name === undefined && usesOf(step, i + 2) > 1 ? host.store(host.fresh("t"), x) : x,
	);
	const n = shape[axis]!;
	const kept = host.indexOf(shape.toSpliced(axis, 1), []);
	const [at] = host.indexOf([n], kept);
	const index = kept.toSpliced(axis, 0, reverse ? backwards(at!, n) : at!);
	const out = host.declare(name, shape, "");
	const carried = host.fresh("carried");
	const texts = [carried, `${at} === 0`, ...inputs.map((x) => numberAt(x, x.at(index)))];
	const next = `${carried} = ${written(step, texts, inExpressions(host.nameOf)).value};`;
	const emitted = `${out.at(index)} = ${carried};`;
	const body = exclusive ? [emitted, next] : [next, emitted];
	const line = [`let ${carried} = ${scan.start};`, ...loops([at!], [n], body)];
	host.lines.push(...loops(kept, shape.toSpliced(axis, 1), line));
	host.release(carried);
	return out;
}

/** The index of an element, from those of its slice and those along the slice. */
export function merged(
	shape: Shape,
	axes: readonly number[],
	kept: readonly string[],
	along: readonly string[],
): string[] {
	const [others, inner] = [kept.values(), along.values()];
	return shape.map((_, axis) => (axes.includes(axis) ? inner : others).next().value!);
}

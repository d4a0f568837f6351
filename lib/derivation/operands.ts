import { embed } from "../notation/embed.ts";
import { javascript } from "../notation/javascript.ts";
import { broadcastIndex, type Elements, position, type ScalarForm } from "../notation/plain.ts";
import { type Shape, sameShape, sizeOf } from "../shape.ts";

/** A value as the expressions of a loop read it. */
export interface Operand extends Elements {
	/** The element at a position in row-major order; null where that needs division. */
	readonly flat: ((position: string) => string) | null;
	/** Its elements are true or false, rather than numbers. */
	readonly truth: boolean;
	/** The variable that holds it, if there is one. */
	readonly name?: string;
}

/** A typed array, or for a scalar a number, under its name. */
export function stored(name: string, shape: Shape): Operand {
	const flat = (at: string) => (shape.length === 0 ? name : `${name}[${at}]`);
	return { shape, at: (index) => flat(position(index, shape)), flat, truth: false, name };
}

/** A number, wherever it is asked for. */
export function repeated(text: string, shape: Shape): Operand {
	return { shape, at: () => text, flat: () => text, truth: false };
}

/** The same elements in row-major order, in another shape; null where they cannot be read so. */
export function reshaped({ flat, truth }: Operand, shape: Shape): Operand | null {
	return flat && { shape, at: (index) => flat(position(index, shape)), flat, truth };
}

/** An elementwise op of operands that broadcast to a shape. */
export function elementwise(form: ScalarForm, args: readonly Operand[], shape: Shape): Operand {
	const write = (texts: readonly string[]) =>
		embed(
			javascript,
			form.of,
			texts.map((text, i) => converted(text, args[i]!.truth, form.conditions.includes(i))),
		);
	const spread = args.map((x) => spreadFlat(x, shape));
	return {
		shape,
		at: (index) => write(args.map((x) => x.at(broadcastIndex(index, x.shape)))),
		flat: spread.includes(null) ? null : (at) => write(spread.map((flat) => flat!(at))),
		truth: form.truth,
	};
}

/** How the elements of x are read in the row-major order of the shape to which it broadcasts. */
function spreadFlat(x: Operand, shape: Shape): Operand["flat"] {
	if (sameShape(x.shape, shape)) return x.flat;
	return sizeOf(x.shape) === 1 ? () => x.at(x.shape.map(() => "0")) : null;
}

/** A number as a condition, or a condition as a number, where that is asked for. */
function converted(text: string, truth: boolean, condition: boolean): string {
	if (truth === condition) return text;
	return condition ? embed(javascript, ([x]) => `${x} !== 0`, [text]) : `Number(${text})`;
}

/** An element as a number, to be stored. */
export function numberAt(x: Operand, text: string): string {
	return converted(text, x.truth, false);
}

import { mayHoldData, type Path } from "../core/plain-data.ts";
import { DEEPEST } from "../core/tree.ts";

/** The text of what is no plain data, which must not look like the text of data. */
type Other = (x: unknown, path: Path) => string;

/**
 * A text of a value that two values share only where nobody can tell them apart: plain data by its
 * structure, all else as `other` says. Data are null, undefined, booleans, numbers, bigints and
 * strings, and plain objects and arrays of data; a number is told from a string, 0 from −0, and a
 * missing key or element from one that is undefined. No data are functions, symbols, Maps, tensors
 * and the like, objects with symbols as keys, arrays with more than elements, an object inside of
 * itself, and what lies too deep for a tree.
 */
export function structureKey(value: unknown, other: Other): string {
	return write(value, other, [], []);
}

/**
 * The same of a list that is known to hold its elements and nothing else, such as the arguments of
 * a call.
 */
export function structureKeys(values: readonly unknown[], other: Other): string {
	const around = [values];
	let text = "";
	for (let i = 0; i < values.length; i++) text += `${write(values[i], other, [i], around)},`;
	return text;
}

/** @param around the objects in which it lies */
function write(x: unknown, other: Other, path: (string | number)[], around: unknown[]): string {
	if (typeof x === "string") return JSON.stringify(x);
	if (typeof x === "number") return Object.is(x, -0) ? "-0" : String(x);
	if (typeof x === "bigint") return `${x}n`;
	if (x === null || x === undefined || typeof x === "boolean") return String(x);
	const depth = around.length;
	if (typeof x !== "object" || depth > DEEPEST || around.includes(x) || !mayHoldData(x)) {
		return other(x, path);
	}
	let text: string;
	if (Array.isArray(x)) {
		around.push(x);
		text = "[";
		for (let i = 0; i < x.length; i++) {
			path[depth] = i;
			if (i in x) text += write(x[i], other, path, around);
			text += ",";
		}
		text += "]";
	} else {
		around.push(x);
		text = "{";
		for (const key of Object.keys(x)) {
			path[depth] = key;
			const part = (x as Record<string, unknown>)[key];
			text += `${JSON.stringify(key)}:${write(part, other, path, around)},`;
		}
		text += "}";
	}
	around.pop();
	path.length = depth;
	return text;
}

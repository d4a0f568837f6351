import type { Program, Value } from "../../program/program.ts";

/** Which values get a line of their own; the others are written where they are used. */
export interface LineChoice {
	readonly program: Program;
	/** Values that have a line in any case. */
	readonly fixed: ReadonlySet<Value>;
	/** Values that the user named. */
	readonly named: ReadonlySet<Value>;
}

/** More ops than this do not go on one line. */
const LONGEST = 12;

/**
 * The values that get a line: the fixed ones, those used more than once, and parts of what would be
 * too long. A view, and a sum or product of what has a name, is said again rather than named.
 */
export function chooseLines({ program, fixed, named }: LineChoice): Set<Value> {
	const lines = new Set(fixed);
	const uses = new Map<Value, number>();
	for (const value of program.instructions.toReversed()) {
		const used = uses.get(value) ?? 0;
		if (used > 1 && !isSaidAgain(value, named)) lines.add(value);
		for (const input of value.inputs) {
			uses.set(input, (uses.get(input) ?? 0) + (lines.has(value) ? 1 : used));
		}
	}
	const sizes = new Map<Value, number>();
	for (const value of program.instructions) {
		const parts = value.inputs.filter((x) => x.kind === "instruction" && !lines.has(x));
		const own = value.op.traits?.view ? 0 : 1;
		let size = parts.reduce((total, x) => total + sizes.get(x)!, own);
		if (size > LONGEST) {
			const longest = parts.reduce((x, y) => (sizes.get(y)! > sizes.get(x)! ? y : x));
			lines.add(longest);
			size -= sizes.get(longest)!;
		}
		sizes.set(value, size);
	}
	return lines;
}

function isSaidAgain(value: Value, named: ReadonlySet<Value>): boolean {
	if (value.kind !== "instruction") return true;
	const { view, algebra } = value.op.traits ?? {};
	if (view) return true;
	const isShort = (x: Value) =>
		x.kind !== "instruction" || named.has(x) || x.op.traits?.algebra === undefined;
	return algebra !== undefined && value.inputs.every(isShort);
}

/** The lines that a line's text refers to. */
function referredTo(value: Value, lines: ReadonlySet<Value>): Set<Value> {
	const found = new Set<Value>();
	const visit = (x: Value) => {
		if (lines.has(x)) found.add(x);
		else if (x.kind === "instruction") for (const input of x.inputs) visit(input);
	};
	if (value.kind === "instruction") for (const input of value.inputs) visit(input);
	return found;
}

/**
 * The order in which a person works: a line as soon as the ones it refers to are there, and of
 * several that could come next the preferred first, else the first.
 */
export function inWorkingOrder(
	values: readonly Value[],
	lines: ReadonlySet<Value>,
	isPreferred: (value: Value) => boolean,
): Value[] {
	const own = new Set(values);
	const missing = new Map(
		values.map((value) => [value, [...referredTo(value, lines)].filter((x) => own.has(x))]),
	);
	const done = new Set<Value>();
	const waiting = [...values];
	while (waiting.length > 0) {
		const isReady = (value: Value) => missing.get(value)!.every((x) => done.has(x));
		let at = waiting.findIndex((value) => isPreferred(value) && isReady(value));
		if (at < 0) at = waiting.findIndex(isReady);
		done.add(...(waiting.splice(at, 1) as [Value]));
	}
	return [...done];
}

import type { TensorType } from "../../core/op.ts";
import type { Instruction, Program, Value } from "../../program/program.ts";

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
	if (view || isCastNumber(value)) return true;
	const isShort = (x: Value) =>
		x.kind !== "instruction" || named.has(x) || x.op.traits?.algebra === undefined;
	return algebra !== undefined && value.inputs.every(isShort);
}

/** A whole number that is given, such as the place of a loop, in another dtype. */
function isCastNumber({ op, inputs: [x] }: Instruction): boolean {
	return op.lowering === "cast" && x!.kind === "input" && isNumber(x!.type);
}

function isNumber({ shape, dtype }: TensorType): boolean {
	return shape.length === 0 && dtype === "int32";
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
	const places = new Map(values.map((value, i) => [value, i]));
	const missing: number[] = [];
	const users = values.map((): number[] => []);
	// Those that could come next, each in order: the preferred ones and the others.
	const ready: readonly [number[], number[]] = [[], []];
	const makeReady = (i: number) => {
		const all = ready[isPreferred(values[i]!) ? 0 : 1];
		let at = all.length;
		while (at > 0 && all[at - 1]! > i) at--;
		all.splice(at, 0, i);
	};
	for (const [i, value] of values.entries()) {
		const needed = [...referredTo(value, lines)].flatMap((x) => places.get(x) ?? []);
		for (const place of needed) users[place]!.push(i);
		missing.push(needed.length);
	}
	for (const [i, count] of missing.entries()) if (count === 0) makeReady(i);
	const done: Value[] = [];
	while (ready[0].length + ready[1].length > 0) {
		const next = (ready[0].shift() ?? ready[1].shift())!;
		done.push(values[next]!);
		for (const user of users[next]!) if (--missing[user]! === 0) makeReady(user);
	}
	return done;
}

import type { ProgramForm } from "../../../lib/derivation/index.ts";

/** A line of a printed program with a slip in it. */
export interface Slip {
	/** What was done, in words. */
	readonly name: string;
	readonly line: string;
}

/** What may stand in place of a variable: others of its shape. */
export type Others = (name: string) => readonly string[];

const SIGNS: readonly [string, string][] = [
	[" + ", " - "],
	[" - ", " + "],
	[" * ", " / "],
	[" / ", " * "],
	[" >= ", " < "],
	[" > ", " < "],
	[" < ", " > "],
	[" == ", " != "],
	[" += ", " -= "],
	[" ? ", " === 0 ? "],
];

const WORDS: readonly [string, string][] = [
	[".add(", ".sub("],
	[".sub(", ".add("],
	[".mul(", ".div("],
	[".div(", ".mul("],
	[".greaterEqual(", ".less("],
	[".greater(", ".less("],
	["np.exp(", "np.sin("],
	["np.log(", "np.exp("],
	["np.tanh(", "np.sin("],
	["np.square(", "np.abs("],
	["np.sqrt(", "np.abs("],
	[".exp(", ".sin("],
	[".square(", ".abs("],
	[".tanh(", ".sin("],
	["Math.exp(", "Math.sin("],
	[".sum(", ".mean("],
	[".mean(", ".sum("],
	["keepdims=True", "keepdims=False"],
	[".T", ""],
];

const NAME =
	/(?<![\p{ID_Continue}$.])[\p{ID_Start}$_][\p{ID_Continue}$]*(?![\p{ID_Continue}$(]| ?=(?!=))/gu;
/** A place in an array of two axes, in plain loops. */
const PLACE = /(?<=\[)(?<row>\w+) \* (?<width>\w+) \+ (?<column>\w+)(?=\])/g;
/** The place in a loop: `x[t]`, `x.slice(t)`; in loops in loops the last one. */
const STEP = /(?<=(?:\[|\.slice\()(?:t(?:_\d+)?, )*)t(?:_\d+)?(?=[\])])/g;
const NUMBER = /(?<![\w.$])\d+(?:\.\d+)?(?:e[+-]?\d+)?(?![\w.])/g;

/** Every slip that may be made in what a line computes; its left side and comments stay. */
export function slipsIn(line: string, form: ProgramForm, others: Others): Slip[] {
	const parts =
		/^(?<left>\s*(?:(?:for|if) \([^{]*\) )*(?:const |let )?[^\s=()]+(?:\[[^=]*\])? [-+*/]?= )(?<right>.*?)(?<end>;?(?:\s*(?:\/\/|#).*)?)$/u.exec(
			line,
		)?.groups;
	if (parts === undefined) return [];
	const { left, right, end } = parts as Record<"left" | "right" | "end", string>;
	if (/^(new Float64Array|-?Infinity$|greatest)/.test(right)) return [];
	const made = (name: string, text: string) => ({ name, line: left + text + end });
	const times = (factor: string) =>
		form === "ts" ? `(${right}).mul(${factor})` : `(${right}) * ${factor}`;
	const slips = [
		made("the sign changed", times("-1")),
		made("twice as much", times("2")),
		made("half of it: a share lost", times("0.5")),
	];
	for (const [from, to] of [...SIGNS, ...WORDS]) {
		for (const at of places(right, from)) {
			slips.push(made(`${from.trim()} became ${to.trim()}`, replaced(right, at, from.length, to)));
		}
	}
	for (const { index, 0: number } of right.matchAll(NUMBER)) {
		const changed = (by: number) =>
			replaced(right, index, number.length, String(Number(number) + by));
		slips.push(made(`${number} became one more`, changed(1)));
		if (Number(number) >= 1) slips.push(made(`${number} became one less`, changed(-1)));
	}
	for (const { index, 0: place, groups } of right.matchAll(PLACE)) {
		const { row, width, column } = groups as Record<"row" | "width" | "column", string>;
		const text = replaced(right, index, place.length, `${column} * ${width} + ${row}`);
		slips.push(made(`${place}: rows for columns`, text));
	}
	for (const { index, 0: name } of right.matchAll(NAME)) {
		for (const other of others(name)) {
			slips.push(made(`${other} for ${name}`, replaced(right, index, name.length, other)));
		}
		if (form === "plain" || others(name).length === 0) continue;
		const turned = replaced(right, index, name.length, `${name}.T`);
		slips.push(made(`${name} transposed`, turned));
	}
	for (const [start, stop, name] of callsIn(right)) {
		slips.push(made(`${name} dropped`, right.slice(0, start) + right.slice(stop)));
	}
	for (const [name, text] of [...droppedTerms(right), ...droppedArguments(right)]) {
		slips.push(made(name, text));
	}
	for (const [inner, swapped] of swappedChoices(right)) {
		slips.push(made(`${inner}: the branches swapped`, right.replace(inner, swapped)));
	}
	for (const { index, 0: place } of right.matchAll(STEP)) {
		slips.push(
			made(`${place}: the step before`, replaced(right, index, place.length, `${place} - 1`)),
		);
	}
	const [, sum, added] = /^(\w+)\.add\((.*)\)$/.exec(right) ?? [];
	if (sum !== undefined && left.trim() === `${sum} =`) slips.push(made("not added to", added!));
	if (left.includes(" += ")) {
		slips.push({ name: "not added to", line: left.replace(" += ", " = ") + right + end });
	}
	const entry = left.replace(STEP, "$& - 1");
	slips.push({ name: "the entry of the step before", line: entry + right + end });
	return slips.filter((slip) => slip.line !== line);
}

function replaced(text: string, at: number, length: number, by: string): string {
	return text.slice(0, at) + by + text.slice(at + length);
}

function places(text: string, part: string): number[] {
	const found: number[] = [];
	for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + 1)) found.push(at);
	return found;
}

/** Calls of methods, `.sum(0)`, from the point to behind the bracket. */
function callsIn(text: string): [number, number, string][] {
	const found: [number, number, string][] = [];
	for (const match of text.matchAll(/(?<=[\p{ID_Continue}$)\]])(?<!\bnp|Math)\.(\w+)\(/gu)) {
		const stop = closing(text, match.index + match[0].length - 1);
		found.push([match.index, stop + 1, match[1]!]);
	}
	return found;
}

/** Where the bracket closes that opens at a place. */
function closing(text: string, open: number): number {
	let depth = 0;
	for (let i = open; i < text.length; i++) {
		if ("([{".includes(text[i]!)) depth++;
		if (")]}".includes(text[i]!) && --depth === 0) return i;
	}
	return text.length;
}

/**
 * One side of each sum, product and choice, wherever it stands: a share, a factor or a mask that is
 * lost.
 */
function droppedTerms(text: string): [string, string][] {
	return [" + ", " - ", " * ", " / ", " ? ", " : "].flatMap((sign) =>
		places(text, sign).flatMap((at): [string, string][] => {
			const [from, to] = [sideStart(text, at), sideEnd(text, at + sign.length)];
			const kept = (part: string) => text.slice(0, from) + part + text.slice(to);
			const word = sign.trim();
			return [
				[`what stands after ${word} dropped`, kept(text.slice(from, at))],
				[`what stands before ${word} dropped`, kept(text.slice(at + sign.length, to))],
			];
		}),
	);
}

/** Where the bracket or the argument begins that a place is in. */
function sideStart(text: string, at: number): number {
	let depth = 0;
	for (let i = at - 1; i >= 0; i--) {
		if (")]}".includes(text[i]!)) depth++;
		if ("([{".includes(text[i]!) && depth-- === 0) return i + 1;
		if (depth === 0 && text.startsWith(", ", i)) return i + 2;
	}
	return 0;
}

/** Where it ends. */
function sideEnd(text: string, at: number): number {
	let depth = 0;
	for (let i = at; i < text.length; i++) {
		if ("([{".includes(text[i]!)) depth++;
		if (")]}".includes(text[i]!) && depth-- === 0) return i;
		if (depth === 0 && text.startsWith(", ", i)) return i;
	}
	return text.length;
}

/** One argument in place of a call, `x` for `np.where(mask, x, 0)` or for `y.add(x)`. */
function droppedArguments(text: string): [string, string][] {
	const call =
		/(?<![\p{ID_Continue}$.\])])(?:[\p{ID_Continue}$]+\.)*(?<name>[\p{ID_Continue}$]+)\(/gu;
	return [...text.matchAll(call)].flatMap((match): [string, string][] => {
		const open = match.index + match[0].length - 1;
		const end = closing(text, open);
		return argumentsIn(text.slice(open + 1, end)).map((kept) => [
			`only ${kept} of ${match.groups!.name}`,
			`${text.slice(0, match.index)}(${kept})${text.slice(end + 1)}`,
		]);
	});
}

/** The arguments of a call, from what stands in its brackets. */
function argumentsIn(inner: string): string[] {
	const found: string[] = [];
	for (let start = 0; start < inner.length; start = sideEnd(inner, start) + 2) {
		found.push(inner.slice(start, sideEnd(inner, start)));
	}
	return found.filter((each) => !/^(\w+=(?!=)|[{[])/.test(each));
}

/** `where(c, a, b)` or `.where(a, b)` with a and b swapped. */
function swappedChoices(text: string): [string, string][] {
	return [...text.matchAll(/(?:np|\.?\w+)?\.where\(/g)].flatMap((match): [string, string][] => {
		const open = match.index + match[0].length - 1;
		const inner = text.slice(open + 1, closing(text, open));
		const args = argumentsIn(inner);
		const [a, b] = args.slice(-2);
		return args.length < 2 ? [] : [[inner, [...args.slice(0, -2), b, a].join(", ")]];
	});
}

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
	["axis=0", "axis=-1"],
	["keepdims=True", "keepdims=False"],
	[".T", ""],
];

const NAME =
	/(?<![\p{ID_Continue}$.])[\p{ID_Start}$_][\p{ID_Continue}$]*(?![\p{ID_Continue}$(]| ?=(?!=))/gu;
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
		const text = replaced(right, index, number.length, String(Number(number) + 1));
		slips.push(made(`${number} became one more`, text));
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
	for (const [name, text] of droppedTerms(right)) slips.push(made(name, text));
	for (const [inner, swapped] of swappedChoices(right)) {
		slips.push(made(`${inner}: the branches swapped`, right.replace(inner, swapped)));
	}
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

/** One side of each sum outside of brackets. */
function droppedTerms(text: string): [string, string][] {
	const found: [string, string][] = [];
	for (const sign of [" + ", " - "]) {
		for (const at of places(text, sign)) {
			const [before, after] = [text.slice(0, at), text.slice(at + 3)];
			if (!isWhole(before) || !isWhole(after)) continue;
			found.push(["what stands after a sign dropped", before]);
			found.push(["what stands before a sign dropped", after]);
		}
	}
	return found;
}

function isWhole(text: string): boolean {
	const count = (pattern: RegExp) => text.match(pattern)?.length ?? 0;
	return count(/[([{]/g) === count(/[)\]}]/g);
}

/** `where(c, a, b)` or `.where(a, b)` with a and b swapped. */
function swappedChoices(text: string): [string, string][] {
	return [...text.matchAll(/(?:np|\.?\w+)?\.where\(/g)].flatMap((match): [string, string][] => {
		const open = match.index + match[0].length - 1;
		const inner = text.slice(open + 1, closing(text, open));
		const args: string[] = [];
		let start = 0;
		for (const at of places(inner, ", ")) {
			if (!isWhole(inner.slice(start, at))) continue;
			args.push(inner.slice(start, at));
			start = at + 2;
		}
		args.push(inner.slice(start));
		const [a, b] = args.slice(-2);
		return args.length < 2 ? [] : [[inner, [...args.slice(0, -2), b, a].join(", ")]];
	});
}

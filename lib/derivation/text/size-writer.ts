import type { DType } from "../../core/dtype.ts";
import { labelsOf, productOf, readSize, type Size } from "../../program/sizes.ts";
import type { Argument, Sizes } from "../draft/model.ts";
import { knownNumber } from "./known-numbers.ts";
import { numberLatex } from "./latex-symbols.ts";
import { type SizeLanguage, sizeCode, sizeLatex } from "./size-text.ts";

/**
 * A size that a printed program uses: the length of an argument along an axis is `times` the
 * `variable`.
 */
export interface SizeDefinition {
	readonly variable: string;
	readonly argument: string;
	readonly axis: number;
	readonly times: number;
}

/** Relative rounding of the few operations that a number went through. */
const ROUNDING = { float64: 1e-13, float32: 1e-6, int32: 1e-13, bool: 1e-13 };

const NUMBER = /(?<![\w.$])\d+(?:\.\d+)?(?:e[+-]?\d+)?/g;

const NO_SIZES: Sizes = {
	axesOf: ({ type }) => type.shape.map(String),
	sizes: new Map(),
	home: new Map(),
	probes: [],
	isComplete: true,
	variables: new Map(),
};

/**
 * Writes the texts of one printed form so that sizes are called by their names. It compares what a
 * text is at several sizes: numbers that differ are read as sizes. And it keeps in mind for which
 * shapes the texts hold.
 */
export class SizeWriter {
	private readonly sizes: Sizes;
	private readonly points: readonly ReadonlyMap<string, number>[];
	private readonly used = new Set<string>();
	private readonly held: string[] = [];
	private state: "anySize" | "given" | "derived";

	/** @param sizes left out: all sizes are numbers */
	constructor(sizes: Sizes = NO_SIZES) {
		this.sizes = sizes;
		this.points = [sizes.home, ...sizes.probes.map((probe) => probe.sizes)];
		this.state = sizes.isComplete ? "anySize" : "given";
	}

	/**
	 * The shapes for which what has been written holds. `anySize`: whatever the sizes are; `given`: a
	 * name is any size, a number is that size; `derived`: those of the arguments it was derived at.
	 */
	get holdsFor(): "anySize" | "given" | "derived" {
		return this.state;
	}

	/** The sizes that programs written so far refer to, from the arguments. */
	definitions(args: readonly Argument[]): SizeDefinition[] {
		return [...this.used].map((label) => {
			const variable = this.sizes.variables.get(label)!;
			const found = args.flatMap(({ name, axes }) =>
				axes.flatMap((text, axis) => {
					const times = text === label ? 1 : Number(text.slice(0, -label.length - 1));
					const isMultiple = times === 1 || text === `${times}·${label}`;
					return isMultiple ? [{ variable, argument: name, axis, times }] : [];
				}),
			);
			return found.find(({ times }) => times === 1) ?? found[0]!;
		});
	}

	/**
	 * A text of a program.
	 * @param texts what it is at the derived sizes, and at each probe
	 * @param dtype that of the values that its numbers belong to
	 */
	code(texts: readonly string[], dtype: DType, language: SizeLanguage): string {
		return this.merge(texts, (number, numbers, before, after) => {
			if (numbers.every((each) => each === number)) {
				const known = knownNumber(Number(number), dtype)?.code(language, dtype);
				return known === undefined ? number : factor(known, before, after);
			}
			const size = this.read(numbers.map(Number), dtype);
			if (size === null) return number;
			for (const label of size.factors.flatMap(labelsOf)) this.used.add(label);
			// Before a factor, N needs no point.
			const isFloat = /^\d+\.0$/.test(number) && !(size.coefficient === 1 && /^ \* /.test(after));
			return fitted(sizeCode(size, this.sizes.variables, language, isFloat), before, after);
		});
	}

	/** An op in LaTeX: as `code`, for the numbers of its parameters. */
	latex(texts: readonly string[]): string {
		return this.merge(texts, (number, numbers) =>
			numbers.every((each) => each === number)
				? number
				: this.hold(numbers.map(Number), "int32", number),
		);
	}

	/**
	 * A number in LaTeX, from what it is at the derived sizes and at each probe. One that is a size
	 * is 00.0, 00.1, … until `release`: notations treat it as the number that it is, and no other
	 * number or name looks like that.
	 */
	hold(numbers: readonly number[], dtype: DType, text = numberLatex(numbers[0]!)): string {
		if (!this.isKnown(numbers) || numbers.every((x) => Object.is(x, numbers[0]))) {
			const [number] = numbers as [number];
			const known = knownNumber(Math.abs(number), dtype)?.latex;
			const size = known ?? text.replace(/^-/, "");
			if (known === undefined && !size.includes("^")) return text;
			this.held.push(size);
			return `${number < 0 ? "-" : ""}00.${this.held.length - 1}`;
		}
		const size = this.read(numbers, dtype);
		if (size === null) return text;
		this.held.push(sizeLatex({ ...size, coefficient: Math.abs(size.coefficient) }));
		return `${size.coefficient < 0 ? "-" : ""}00.${this.held.length - 1}`;
	}

	/**
	 * A text that has no form for sizes: the first, which holds for the others only if it is the
	 * same.
	 */
	same(texts: readonly string[]): string {
		if (this.isKnown(texts) && texts.some((text) => text !== texts[0])) this.fail();
		return texts[0]!;
	}

	/** The text with its sizes in the places that were held for them. */
	release(text: string): string {
		return text.replace(
			/(\{?)(?<![\d.])00\.(\d+)(\}?)(\^?)/g,
			(_, open: string, i: string, close: string, power: string) => {
				const size = this.held[Number(i)]!;
				const isAlone = open !== "" && close !== "";
				const isBase = power !== "" && close === "";
				const inner = isAlone && /^\([^()]*\)$/.test(size) ? size.slice(1, -1) : size;
				return `${open}${isBase ? `\\left(${inner}\\right)` : inner}${close}${power}`;
			},
		);
	}

	/** Says that a text differs from size to size in a way that no names show. */
	fail(): void {
		this.state = this.sizes.variables.size === 0 ? "given" : "derived";
	}

	/** Whether something is known at every probe. */
	private isKnown(each: readonly unknown[]): boolean {
		if (each.length === this.points.length) return true;
		this.fail();
		return false;
	}

	/** A number as a size with names; null where it has none. */
	private read(numbers: readonly number[], dtype: DType): Size | null {
		const size = readSize(numbers, this.points, ROUNDING[dtype]);
		if (size === null) {
			this.fail();
			return null;
		}
		const isNamed = (label: string) => this.sizes.variables.has(label);
		const unnamed = size.factors.filter((factor) => !labelsOf(factor).some(isNamed));
		const factors = size.factors.filter((factor) => labelsOf(factor).every(isNamed));
		if (unnamed.length + factors.length < size.factors.length) {
			this.fail();
			return null;
		}
		if (unnamed.length > 0 && this.state === "anySize") this.state = "given";
		if (factors.length === 0) return null;
		return { coefficient: size.coefficient * productOf(unnamed, this.points[0]!), factors };
	}

	/** The first text, with what `write` makes of each number, from what it is in all. */
	private merge(
		texts: readonly string[],
		write: (number: string, numbers: readonly string[], before: string, after: string) => string,
	): string {
		const [first] = texts as [string];
		if (!this.isKnown(texts)) return first;
		const between = texts.map((text) => text.split(NUMBER));
		if (between.some((words) => JSON.stringify(words) !== JSON.stringify(between[0]))) {
			this.fail();
			return first;
		}
		const numbers = texts.map((text) => text.match(NUMBER) ?? []);
		const words = between[0]!;
		return [...numbers[0]!].reduce((out, number, i) => {
			const all = numbers.map((each) => each[i]!);
			const next = words[i + 1]!;
			return out + write(number, all, out, next) + next;
		}, words[0]!);
	}
}

/**
 * A size as it stands between these texts: in brackets where operators beside it would take it
 * apart.
 */
function fitted(text: string, before: string, after: string): string {
	if (/^\w+$/.test(text)) return text;
	const isSum = /^\([^()]*\)$/.test(text);
	const isAlone = /(^|[([,:=]\s*)$/.test(before) && /^\s*($|[)\],:;])/.test(after);
	if (isSum) return isAlone ? text.slice(1, -1) : text;
	const isPower = !/ [*/] /.test(text);
	const isApart =
		!(isPower ? /\*\*\s*-?\s*$/ : /(\/|%|@|\*\*)\s*-?\s*$/).test(before) && !/^\s*\*\*/.test(after);
	return isApart ? text : `(${text})`;
}

/**
 * A number that is written as a quotient or a product, in brackets where it follows an operator.
 */
function factor(text: string, before: string, after: string): string {
	const isPower = !/ [*/] /.test(text) && text.includes(" ** ");
	const isWhole = !/ [*/] /.test(text) && !isPower;
	const isBehind = (isPower ? /\*\*\s*-?\s*$/ : /[*/%@]\s*-?\s*$/).test(before);
	const isApart = !isBehind && !/^\s*(\*\*|\.)/.test(after);
	return isWhole || isApart ? text : `(${text})`;
}

import type { Shape } from "../../../../core/shape.ts";
import type { ShaderWriter } from "../../wgsl/shader.ts";
import { deeper, range, scaledText, stridedIndex, sumText, vectorOf } from "./text.ts";

/**
 * One of the two that are multiplied, and where its elements lie: the place of one is the sum of
 * that of its line, which is a row of the left factor or a column of the right one, and that of its
 * term, which is how far along k it is.
 */
export interface ProductFactor {
	readonly operand: number;
	readonly lines: number;
	/** Whether lines or terms that follow each other lie beside each other in memory. */
	readonly along: "lines" | "terms";
	/** Whether four of them, from a multiple of four on, begin at a multiple of four elements. */
	readonly fours: boolean;
	/** What a place is in WGSL. */
	readonly place: "i32" | "vec3<i32>";
	/** The place of `line` of the matrix `batch`. */
	readonly ofLine: string;
	/** The place of term `k`. */
	readonly ofTerm: string;
	/** The index of the element at `place`. */
	readonly index: string;
	/** Whether there is one at `place`; what lies outside counts as 0. */
	readonly inside?: string;
}

/** A factor whose matrices have these strides. */
export function matrixFactor(
	operand: number,
	batch: Shape,
	strides: readonly number[],
	{ lines, terms }: { readonly lines: number; readonly terms: number },
	isLeft: boolean,
): ProductFactor {
	const [row, column] = strides.slice(-2) as [number, number];
	const [ofLine, ofTerm] = isLeft ? [row, column] : [column, row];
	const outer = batch.flatMap((size, axis) => (size > 1 ? [strides[axis]!] : []));
	const along =
		terms > 1 && (ofTerm === 1 || (ofLine !== 1 && ofTerm < ofLine)) ? "terms" : "lines";
	const [near, across] = along === "terms" ? [ofTerm, ofLine] : [ofLine, ofTerm];
	const [count, others] = along === "terms" ? [terms, lines] : [lines, terms];
	const begin = [...outer, ...(others > 1 ? [across] : [])].every((stride) => stride % 4 === 0);
	return {
		operand,
		lines,
		along,
		fours: near === 1 && count % 4 === 0 && begin,
		place: "i32",
		ofLine: sumText(stridedIndex("batch", batch, strides), scaledText("line", ofLine)),
		ofTerm: scaledText("k", ofTerm),
		index: "place",
	};
}

/**
 * Writes what loads elements of a factor. Under its name there are functions for the places of
 * lines and terms, and those that load an element, or four, where there are so many terms.
 */
export class FactorWriter {
	readonly factor: ProductFactor;
	readonly name: string;
	/** Whether four terms of a line, or four lines, are loaded as a vector. */
	readonly #runs: boolean;
	readonly #crosses: boolean;
	readonly #m: ShaderWriter;
	readonly #isWhole: boolean;

	/** Where more terms may be asked for than there are, it is not whole. */
	constructor(m: ShaderWriter, name: string, factor: ProductFactor, isWhole: boolean) {
		const isVector = factor.fours && m.vectors(factor.operand);
		this.factor = factor;
		this.#runs = isVector && factor.along === "terms";
		this.#crosses = isVector && factor.along === "lines";
		this.#m = m;
		this.name = name;
		this.#isWhole = isWhole;
	}

	/**
	 * Statements that find the places of so many lines from one on, as `${name}_line0` and so on;
	 * beyond the last line stands the last one again, of which sums are not used.
	 */
	lines(count: number, batch: string, first: string): string[] {
		return this.#places(count, batch, first, this.factor.lines - 1);
	}

	#places(count: number, batch: string, first: string, last: number): string[] {
		const { place, ofLine } = this.factor;
		const params = "batch: i32, line: i32";
		this.#define("line", params, place, [`return ${ofLine};`]);
		return range(count).map((i) => {
			const line = `min(${sumText(first, i)}, ${last})`;
			return `let ${this.name}_line${i} = ${this.name}_line(${batch}, ${line});`;
		});
	}

	/**
	 * Statements that find the places of four lines, from one on that is a multiple of four, that are
	 * loaded by `across`.
	 */
	fourLines(batch: string, first: string): string[] {
		if (!this.#crosses) return this.lines(4, batch, first);
		return this.#places(1, batch, first, this.factor.lines - 4);
	}

	/**
	 * Statements that load so many terms, from `k` on, of each of the lines, as `${name}_run0` and so
	 * on: one, or four from a multiple of four on.
	 */
	runs(lines: number, width: 1 | 4, k: string): string[] {
		const { name } = this;
		const isVector = width === 4 && this.#runs;
		const terms = range(isVector ? 1 : width);
		return [
			...terms.map((j) => `let ${name}_term${j} = ${this.#term(sumText(k, j))};`),
			...range(lines).map((i) => {
				const all = terms.map((j) => {
					const at = `${name}_line${i} + ${name}_term${j}`;
					return isVector ? this.#four(at, k) : this.#one(at, sumText(k, j));
				});
				return `let ${name}_run${i} = ${all.length > 1 ? vectorOf(all) : all[0]};`;
			}),
		];
	}

	/** Statements that load one term of four lines, as `${name}_across3` with this number. */
	across(number: number, k: string): string[] {
		const { name } = this;
		const term = `${name}_term${number}`;
		const place = (i: number) => `${name}_line${i} + ${term}`;
		const loaded = this.#crosses
			? this.#four(place(0), k)
			: vectorOf(range(4).map((i) => this.#one(place(i), k)));
		return [`let ${term} = ${this.#term(k)};`, `let ${name}_across${number} = ${loaded};`];
	}

	#term(k: string): string {
		return this.#define("term", "k: i32", this.factor.place, [`return ${this.factor.ofTerm};`])(k);
	}

	#one(place: string, k: string): string {
		const { operand, index } = this.factor;
		return this.#load("one", "f32", this.#m.load(operand, index), place, k);
	}

	#four(place: string, k: string): string {
		const { operand, index } = this.factor;
		return this.#load("four", "vec4<f32>", this.#m.load4(operand, index), place, k);
	}

	/** A load from a place, of 0 where there is no term k or nothing there. */
	#load(name: string, type: string, loaded: string, place: string, k: string): string {
		const { inside } = this.factor;
		const tests = [...(this.#isWhole ? [] : ["isTerm"]), ...(inside === undefined ? [] : [inside])];
		const value =
			tests.length === 0 ? loaded : `select(${type}(), ${loaded}, ${tests.join(" & ")})`;
		const params = `place: ${this.factor.place}${this.#isWhole ? "" : ", isTerm: bool"}`;
		const call = this.#define(name, params, type, [`return ${value};`]);
		return this.#isWhole ? call(place) : call(place, `${k} < end`);
	}

	/** What writes calls of a function, which is defined if it is not yet. */
	#define(name: string, params: string, type: string, body: readonly string[]) {
		const whole = `${this.name}_${name}`;
		const lines = [`fn ${whole}(${params}) -> ${type} {`, ...deeper(body), "}"];
		this.#m.define(whole, lines.join("\n"));
		return (...args: readonly string[]) => `${whole}(${args.join(", ")})`;
	}
}

import type { Shape } from "../../../../core/shape.ts";
import type { ShaderWriter } from "../../shader.ts";
import { indented, plus, range, stridedIndex, times } from "./text.ts";

/**
 * One of the two that are multiplied, and where its elements lie: the place of one is the sum of
 * that of its line, which is a row of the left factor or a column of the right one, and that of its
 * term, which is how far along k it is.
 */
export interface Factor {
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
): Factor {
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
		ofLine: plus(stridedIndex("batch", batch, strides), times("line", ofLine)),
		ofTerm: times("k", ofTerm),
		index: "place",
	};
}

/** Writes what loads elements of a factor: functions under its name, where they are called. */
export class FactorWriter {
	readonly factor: Factor;
	readonly name: string;
	/** Whether four terms of a line, or four lines, are loaded as a vector. */
	readonly #runs: boolean;
	readonly crosses: boolean;
	readonly #m: ShaderWriter;
	readonly #isWhole: boolean;

	/** Where the terms that are asked for may be more than there are, it is not whole. */
	constructor(m: ShaderWriter, name: string, factor: Factor, isWhole: boolean) {
		const isVector = factor.fours && m.vectors(factor.operand);
		this.factor = factor;
		this.#runs = isVector && factor.along === "terms";
		this.crosses = isVector && factor.along === "lines";
		this.#m = m;
		this.name = name;
		this.#isWhole = isWhole;
	}

	/** The place of a line. */
	line(batch: string, line: string): string {
		const { place, ofLine } = this.factor;
		const body = [`return ${ofLine};`];
		return this.#call("line", { batch: "i32", line: "i32" }, place, body, [batch, line]);
	}

	/** The element of term k of the line at a place; 0 from the term `end` on. */
	one(line: string, k: string, end: string): string {
		const { operand, index } = this.factor;
		return this.#load("one", "f32", this.#m.load(operand, index), [line], k, end);
	}

	/** Those of four terms from k on, which is a multiple of four. */
	run(line: string, k: string, end: string): string {
		const { operand, index } = this.factor;
		if (this.#runs) {
			return this.#load("run", "vec4<f32>", this.#m.load4(operand, index), [line], k, end);
		}
		const all = range(4).map((j) => this.one("line", plus("k", j), "end"));
		return this.#four("run", ["line"], all, [line, k, end]);
	}

	/** Those of one term of four lines; of the one of the first where these are vectors. */
	across(lines: readonly string[], k: string, end: string): string {
		const { operand, index } = this.factor;
		if (this.crosses) {
			return this.#load("across", "vec4<f32>", this.#m.load4(operand, index), lines, k, end);
		}
		const names = range(4).map((i) => `line${i}`);
		const all = names.map((line) => this.one(line, "k", "end"));
		return this.#four("across", names, all, [...lines, k, end]);
	}

	#four(name: string, lines: readonly string[], all: readonly string[], args: readonly string[]) {
		const places = lines.map((line) => [line, this.factor.place]);
		const params = { ...Object.fromEntries(places), k: "i32", end: "i32" };
		return this.#call(name, params, "vec4<f32>", [`return vec4<f32>(${all.join(", ")});`], args);
	}

	#load(
		name: string,
		type: string,
		loaded: string,
		lines: readonly string[],
		k: string,
		end: string,
	): string {
		const { place, ofTerm, inside } = this.factor;
		const tests = [
			...(this.#isWhole ? [] : ["k < end"]),
			...(inside === undefined ? [] : [inside]),
		];
		const body = [
			`let place = ${plus("line", ofTerm)};`,
			tests.length === 0
				? `return ${loaded};`
				: `return select(${type}(), ${loaded}, ${tests.join(" && ")});`,
		];
		const params = { line: place, k: "i32", end: "i32" };
		return this.#call(name, params, type, body, [...lines, k, end]);
	}

	/** A call of the function of that name, which is defined if it is not yet. */
	#call(
		name: string,
		params: Readonly<Record<string, string>>,
		type: string,
		body: readonly string[],
		args: readonly string[],
	): string {
		const whole = `${this.name}_${name}`;
		const list = Object.entries(params).map(([param, type]) => `${param}: ${type}`);
		const lines = [`fn ${whole}(${list.join(", ")}) -> ${type} {`, ...indented(body), "}"];
		this.#m.define(whole, lines.join("\n"));
		return `${whole}(${args.join(", ")})`;
	}
}

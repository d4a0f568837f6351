import { DerivationError } from "../../core/error.ts";
import type { Op, TensorType } from "../../core/op.ts";
import type { Data } from "../../core/params.ts";
import { type Shape, sizeOf } from "../../core/shape.ts";
import { elements } from "../../core/strided.ts";
import type { Tensor } from "../../core/tensor.ts";
import { literal } from "../../notation/call.ts";
import { inFunctions, repeats } from "../../notation/formula.ts";
import { uniformNumber } from "../../program/builder.ts";
import { definition, helpersOf } from "../../scalar/javascript.ts";
import {
	type ArgumentTerm,
	type DefinedFunction,
	inOrder,
	type Term,
} from "../../scalar/scalar.ts";
import type { LineExpression } from "../draft/model.ts";
import { identifier } from "../draft/names.ts";
import { placeText } from "../text/places.ts";
import { withAliases } from "./aliases.ts";
import { type Host, writeScan, writeSlices } from "./along-axes.ts";
import { writeCalls } from "./call-loops.ts";
import { writeConvolution } from "./convolution-loops.ts";
import { writeFold, writePlace } from "./fold-loops.ts";
import { functions, functionsIn, functionText, type PrintedFunction } from "./functions.ts";
import { loweredConvolution, loweredElement } from "./lowered-loops.ts";
import { loops } from "./nest.ts";
import {
	element,
	elementwiseOperand,
	entryOperand,
	type LoopOperand,
	numberAt,
	repeated,
	reshaped,
	stored,
} from "./operands.ts";

/** Writes the statements of a derivation as loops over typed arrays. */
export class LoopWriter {
	readonly lines: string[] = [];
	private readonly taken: Set<string>;
	private readonly lengths: ReadonlyMap<string, number>;
	/** The functions that the loops call, by name, and those made of formulas of ops. */
	private readonly helpers = new Map<DefinedFunction, string>();
	private readonly functions = new Map<() => Term, DefinedFunction>();
	/** The functions of matrices and lines that they call, with the names they have here. */
	private readonly printed = new Map<string, string>();

	/**
	 * @param names the variables of the program, which no loop and no intermediate array may shadow
	 * @param lengths how many places the index of a loop of the derivation has
	 */
	constructor(names: Iterable<string>, lengths: ReadonlyMap<string, number> = new Map()) {
		this.taken = new Set(names);
		this.lengths = lengths;
	}

	/** Writes `variable = expression`: a typed array and the loops that fill it, or a number. */
	assign(variable: string, expression: LineExpression): void {
		const operand = this.read(expression, variable);
		if (operand.name === variable) return;
		if (expression.kind === "name") {
			// The same elements under another name, whatever their number.
			this.lines.push(`const ${variable} = ${operand.name};`);
		} else if (operand.shape.length === 0) {
			this.lines.push(`const ${variable} = ${numberAt(operand, operand.at([]))};`);
		} else {
			this.store(variable, operand);
		}
	}

	/**
	 * An expression as an operand. What cannot be read within a loop is computed before, `into` a
	 * variable if one is given.
	 */
	read(expression: LineExpression, into?: string): LoopOperand {
		const { shape } = expression.value.type;
		if (expression.kind === "name") {
			const { name, at, from } = expression;
			if (from !== undefined)
				return stored(from === 0 ? name : `(${placeText(expression)})`, shape);
			return at === undefined ? stored(name, shape) : this.entryOf(name, at, shape);
		}
		if (expression.kind === "number") return repeated(expression.number, shape);
		if (expression.kind === "constant") {
			const number = uniformNumber(expression.value);
			return number === null ? this.constant(expression.value.tensor) : repeated(number, shape);
		}
		const { op, params, args } = expression;
		const operands = args.map((arg) => this.read(arg));
		return this.apply(op, operands, params, expression.value.type, into);
	}

	/** The entry of a typed array at the places of loops, `t` or `t, t_2`. */
	entryOf(name: string, at: string, shape: Shape): LoopOperand {
		const places = at.split(", ");
		const sizes = places.map((index) => this.lengths.get(index)!);
		return entryOperand(name, places, sizes, shape);
	}

	private constant(x: Tensor): LoopOperand {
		const name = this.fresh("c");
		const values = [...elements(x)].map(literal).join(", ");
		const text = x.rank === 0 ? values : `Float64Array.of(${values})`;
		this.lines.push(`const ${name} = ${text};`);
		return stored(name, x.shape);
	}

	private apply(
		op: Op,
		args: readonly LoopOperand[],
		params: Data,
		{ shape, dtype }: TensorType,
		into?: string,
	): LoopOperand {
		const { loops: plain = loweredElement(op, dtype), formula, slices, scan } = op;
		// Without elements there is nothing to compute, and some ops would refuse to.
		if (sizeOf(shape) === 0) return this.declared(into ?? this.fresh("t"), shape, "");
		if (formula !== undefined) {
			const writer = {
				nameOf: this.nameOf,
				keep: (x: LoopOperand) => this.store(this.fresh("t"), x),
			};
			return elementwiseOperand(this.withoutRepeats(op.name, formula), args, shape, writer);
		}
		if (slices !== undefined) {
			return writeSlices(this.host, into ?? this.fresh("t"), slices, args, params, shape);
		}
		if (scan !== undefined) {
			return writeScan(this.host, into ?? this.fresh("t"), scan, args, params, shape);
		}
		const product = loweredConvolution(op, params);
		if (product !== undefined) {
			const name = into ?? this.fresh("t");
			return writeConvolution(this.host, name, product.made, args, product.params, shape);
		}
		switch (plain?.kind) {
			case undefined:
				throw new DerivationError(
					`${op.name}: it has no form as plain loops; state \`loops\` in its record, or ask for the program against adjoint, print("ts"), which has every op`,
				);
			case "call":
				return writeCalls(
					this.host,
					into ?? this.fresh("t"),
					functions[plain.of] as PrintedFunction<Data>,
					args,
					params,
					shape,
				);
			case "order":
				return reshaped(args[0]!, shape) ?? reshaped(this.store(this.fresh("t"), args[0]!), shape)!;
			case "element":
				return element(plain, args, params, shape);
			case "fold":
				return writeFold(this.host, into ?? this.fresh("t"), plain, args, params, shape);
			case "place":
				return writePlace(this.host, into ?? this.fresh("t"), plain, args, params, shape);
		}
	}

	/**
	 * A formula, or where its text would show a part of it twice the call of a function that computes
	 * it.
	 */
	private withoutRepeats(name: string, formula: () => Term): Term {
		const term = formula();
		if (!repeats(term)) return term;
		const args = inOrder(term).filter(
			({ kind }) => kind === "argument",
		) as ArgumentTerm<"number">[];
		args.sort((x, y) => x.index - y.index);
		const of = this.functions.get(formula) ?? { name, arity: args.length, term: formula };
		this.functions.set(formula, of);
		return { kind: "call", type: "number", of, args };
	}

	/**
	 * The definitions of the functions that the loops call and JavaScript lacks, each after those
	 * that it calls.
	 */
	definitions(typed = false): string[][] {
		const all = [...this.helpers.keys()].flatMap((f) => [...helpersOf(f.term()), f]);
		return [
			...[...new Set(all)].map((f) =>
				definition(f, inFunctions(this.nameOf), typed ? ": number" : ""),
			),
			...[...this.printed.keys()].map((name) =>
				withAliases(functionText(name, typed), this.printed).split("\n"),
			),
		];
	}

	/** What writes the loops of slices and lines has to be able to do. */
	private get host(): Host {
		return {
			lines: this.lines,
			nameOf: this.nameOf,
			fresh: (stem) => this.fresh(stem),
			release: (name) => this.taken.delete(name),
			store: (name, x) => this.store(name, x),
			declare: (name, shape, start) => this.declared(name, shape, start),
			indexOf: (shape, used) => this.indexOf(shape, used),
			defining: (text) => this.defining(text),
		};
	}

	private defining(text: string): string {
		for (const name of functionsIn(text)) {
			if (!this.printed.has(name)) this.printed.set(name, this.fresh(name));
		}
		return withAliases(text, this.printed);
	}

	private readonly nameOf = (f: DefinedFunction): string => {
		const name = this.helpers.get(f) ?? this.fresh(identifier(f.name));
		this.helpers.set(f, name);
		return name;
	};

	/** Keeps an operand in a typed array, or in a number. */
	store(name: string, x: LoopOperand, declares = "const"): LoopOperand {
		if (x.made?.term.kind === "constant") {
			const number = x.at(x.shape.map(() => "0"));
			return this.declared(name, x.shape, number === "0" ? "" : number, declares);
		}
		const out = this.declared(name, x.shape, "", declares);
		this.fill(out, "=", x);
		return out;
	}

	/** Puts the elements of an operand where those of another are, or adds them there. */
	fill(out: LoopOperand, by: "=" | "+=", x: LoopOperand): void {
		const { flat } = x;
		const n = sizeOf(x.shape);
		if (flat !== null && n !== 1) {
			const [i] = this.letters(1, []);
			this.loop([i!], [n], [`${out.flat!(i!)} ${by} ${numberAt(x, flat(i!))};`]);
		} else {
			const index = this.indexOf(x.shape, []);
			this.loop(index, x.shape, [`${out.at(index)} ${by} ${numberAt(x, x.at(index))};`]);
		}
	}

	/** Declares a typed array, filled with `start` if that is given, or a number. */
	private declared(name: string, shape: Shape, start: string, declares = "const"): LoopOperand {
		const array = `${declares} ${name} = new Float64Array(${sizeOf(shape)})`;
		if (shape.length === 0) this.lines.push(`let ${name} = ${start || "0"};`);
		else this.lines.push(start === "" ? `${array};` : `${array}.fill(${start});`);
		return stored(name, shape);
	}

	/** An index for each axis: a letter, or 0 where there is nothing to loop over. */
	private indexOf(shape: Shape, used: readonly string[]): string[] {
		const letters = this.letters(shape.length, used).values();
		return shape.map((size) => (size === 1 ? "0" : letters.next().value!));
	}

	/** Letters for indices, none of which is a variable of the program. */
	letters(n: number, used: readonly string[]): string[] {
		const free = LETTERS.filter((letter) => !this.taken.has(letter) && !used.includes(letter));
		return Array.from({ length: n }, (_, i) => free[i] ?? `${free.at(-1)}${i}`);
	}

	private loop(index: readonly string[], shape: Shape, body: readonly string[]): void {
		this.lines.push(...loops(index, shape, body));
	}

	/** A name that is not taken: t, or t2, t3, …; where t is the place of a loop, part, part2, …. */
	fresh(wanted: string): string {
		const stem = wanted === "t" && this.lengths.size > 0 ? "part" : wanted;
		let name = stem;
		for (let i = 2; this.taken.has(name); i++) name = `${stem}${i}`;
		this.taken.add(name);
		return name;
	}
}

const LETTERS = [..."ijklmnpqrsuvw"];

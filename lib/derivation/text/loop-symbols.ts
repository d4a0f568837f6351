import { DerivationError } from "../../core/error.ts";
import type { Value } from "../../program/program.ts";
import { isChoiceBlock, isLoop, isStatement } from "../draft/blocks.ts";
import type { Block, Derived, LineExpression, LoopBlock, Statement } from "../draft/model.ts";
import { IndexedNames } from "./indexed-names.ts";
import { symbolLatex } from "./latex-symbols.ts";
import { placeLatex } from "./places.ts";
import type { SizeWriter } from "./size-writer.ts";

/** Why a derivation with a choice is not written in mathematics. */
const NO_CHOICES =
	"print: the derivation has a branch, which is written in the forms numpy, ts and plain alone";

/** How the variables of loops are written in mathematics: with the step as their index. */
export interface LoopSymbols {
	/**
	 * Each value of a step, and each variable as a line leaves it: `h` is h_{t-1} before its line,
	 * and h_t after it.
	 */
	readonly texts: ReadonlyMap<Value | Statement, string>;
	/** The place of each loop: its index, and the first and last step in the order of the loop. */
	readonly places: ReadonlyMap<LoopBlock, Places>;
	/** Of each line that adds to a sum over the steps of a loop: that loop. */
	readonly sums: ReadonlyMap<Statement, LoopBlock>;
	/** For each loop, what is the same after a step as before it. */
	readonly unchanged: ReadonlyMap<LoopBlock, readonly Unchanged[]>;
	/** What is handed on backward and is only a part of a gradient, at the start of a step. */
	readonly parts: readonly { readonly part: string; readonly whole: string }[];
	/** Entries of what stands outside of the loops that read them: `x[t]`. */
	readonly entries: readonly {
		readonly entry: string;
		readonly of: string;
		readonly index: string;
	}[];
	/** Stores that need no line: what they keep has a name. */
	readonly kept: ReadonlySet<Statement>;
}

/** A variable that a step leaves as it was: both sides of an equation. */
export interface Unchanged {
	readonly left: string;
	readonly right: string;
	readonly axes: readonly string[];
}

/** The places of a loop in mathematics, where steps are counted from 1. */
export interface Places {
	readonly index: string;
	readonly first: string;
	readonly last: string;
	/** How many steps there are. */
	readonly length: string;
}

/**
 * @param of how a variable is written outside of loops
 * @param result how the result is
 */
export function loopSymbols(
	derived: Derived,
	of: (variable: string) => string,
	result: string,
	sizes: SizeWriter,
): LoopSymbols {
	const walk = new Walk(new IndexedNames(derived, of, result), sizes);
	walk.block(derived.blocks.forward, [], new Map(), null);
	walk.block(derived.blocks.backward, [], new Map(), null);
	return walk;
}

/** What variables are called at this point, by their names in the program. */
type Scope = Map<string, string>;

/** Goes through the lines in order, and keeps in mind what each variable is. */
class Walk implements LoopSymbols {
	readonly texts = new Map<Value | Statement, string>();
	readonly places = new Map<LoopBlock, Places>();
	readonly sums = new Map<Statement, LoopBlock>();
	readonly unchanged = new Map<LoopBlock, Unchanged[]>();
	readonly parts: { readonly part: string; readonly whole: string }[] = [];
	readonly entries: { readonly entry: string; readonly of: string; readonly index: string }[] = [];
	readonly kept = new Set<Statement>();
	private readonly names: IndexedNames;
	private readonly sizes: SizeWriter;

	constructor(names: IndexedNames, sizes: SizeWriter) {
		this.names = names;
		this.sizes = sizes;
	}

	/** @param loop the one whose body the block is */
	block(block: Block, index: readonly string[], scope: Scope, loop: LoopBlock | null): void {
		const carries = new Map<string, Carry>();
		if (loop !== null) {
			const { index: own } = this.places.get(loop)!;
			for (const start of carriesOf(loop)) {
				const carry = this.carry(loop, start, index.slice(0, -1), own);
				carries.set(start.variable, carry);
				scope.set(start.variable, carry.before);
				if (isBackward(loop) && carry.before !== carry.whole) {
					this.parts.push({ part: carry.before, whole: carry.whole });
				}
				const last = carry.sets.at(-1);
				if (last === undefined) {
					this.unchanged.set(loop, [
						...(this.unchanged.get(loop) ?? []),
						{ left: carry.after, right: carry.before, axes: start.axes },
					]);
				} else if (isBackward(loop)) this.text(last.value, carry.after);
			}
		}
		for (const item of block) {
			if (isChoiceBlock(item)) throw new DerivationError(NO_CHOICES);
			if (isLoop(item)) this.loop(item, index, scope);
			else this.statement(item, index, scope, carries, loop);
		}
	}

	private loop(loop: LoopBlock, around: readonly string[], scope: Scope): void {
		const index = symbolLatex(loop.index);
		const length = this.sizes.release(this.sizes.hold(loop.lengths, "int32"));
		const [first, last] = loop.reverse ? [length, "1"] : ["1", length];
		this.places.set(loop, { index, first, last, length });
		for (const start of loop.starts) {
			this.read(start.expression, scope, around.length > 0);
			const isCarry = start.reason.kind !== "sumStart";
			const text = isCarry
				? this.carry(loop, start, around, index).start
				: this.names.indexed(start.variable, around);
			this.texts.set(start, text);
			if (start.expression.kind === "application") this.text(start.value, text);
		}
		this.block(loop.body, [...around, index], new Map(scope), loop);
		const starts = new Map(carriesOf(loop).map((start) => [start.variable, start]));
		for (const start of starts.values()) {
			scope.set(start.variable, this.carry(loop, start, around, index).end);
		}
		for (const { variable, value } of loop.results) {
			if (!starts.has(variable)) scope.set(variable, this.names.indexed(variable, around));
			this.texts.set(value, scope.get(variable)!);
		}
	}

	private statement(
		line: Statement,
		index: readonly string[],
		scope: Scope,
		carries: ReadonlyMap<string, Carry>,
		loop: LoopBlock | null,
	): void {
		this.read(line.expression, scope, loop !== null);
		const { variable, value, change, at, expression, reason } = line;
		if (loop === null) return;
		const carry = change === "set" ? carries.get(variable) : undefined;
		if (reason.kind === "share") this.read(reason.reference, scope, true);
		if (reason.kind === "handedOn" && carry) this.text(reason.of, carry.given);
		const known = this.texts.get(value);
		if (change === "adds") {
			this.sums.set(line, loop);
			this.texts.set(line, this.names.indexed(variable, index.slice(0, -1)));
			return;
		}
		if (at !== undefined) {
			const isRead = loop.results.some((result) => result.variable === variable);
			const isCopy = expression.kind === "name";
			if (isCopy && !isRead && !isBackward(loop)) this.kept.add(line);
		}
		const isLast = carry?.sets.at(-1) === line;
		// What is handed on may have a line before that.
		const isEarly = !isLast && at === undefined && isBackward(loop);
		let text = carry === undefined ? this.names.indexed(variable, index) : carry.whole;
		// What is handed on by a copy has a name of its own, and so has its gradient.
		const own = reason.kind === "gradient" ? this.texts.get(reason.own) : undefined;
		if (carry !== undefined && own !== undefined) text = this.names.gradient(own);
		if (isLast) text = carry!.after;
		else if (isEarly && known !== undefined) text = known;
		this.texts.set(line, text);
		this.text(value, text);
		if (at === undefined) scope.set(variable, text);
	}

	/** What a variable that is handed on is, before and after a step and the loop. */
	private carry(
		loop: LoopBlock,
		start: Statement,
		around: readonly string[],
		index: string,
	): Carry {
		const isBack = isBackward(loop);
		const { length } = this.places.get(loop)!;
		const isUp = loop.reverse === isBack;
		const past = /^\d+$/.test(length) ? String(Number(length) + 1) : `${length}+1`;
		const [from, to] = isUp ? ["0", length] : [past, "1"];
		const previous = `${index}${isUp ? "-" : "+"}1`;
		const name = isBack ? (start.gradientOf ?? start.variable) : start.variable;
		const { names } = this;
		const isStart = around.length === 0 && names.startsAs(name, from);
		const places = isStart ? [to, index, previous] : [from, to, index, previous];
		names.keepApart(
			name,
			places.map((place) => [...around, place]),
		);
		const symbol = (place: string) => names.at(name, [...around, place]);
		const sets = loop.body.filter(
			(item): item is Statement =>
				isStatement(item) && item.change === "set" && item.variable === start.variable,
		);
		if (!isBack) {
			const [before, after] = [symbol(previous), symbol(index)];
			const [start, end] = [symbol(from), symbol(to)];
			return { before, given: before, whole: after, after, start, end, sets };
		}
		const gradient = (text: string) => names.gradient(symbol(text));
		const isWhole =
			start.reason.kind === "start" &&
			start.reason.isWhole &&
			(!isStart || names.uses(name, from) === 1);
		const later = (text: string) =>
			isWhole ? gradient(text) : `\\left(${gradient(text)}\\right)_{${isUp ? ">" : "<"}${text}}`;
		const [before, after] = [later(index), later(previous)];
		const [given, whole] = [symbol(previous), gradient(index)];
		return { before, given, whole, after, start: later(to), end: later(from), sets };
	}

	/** Keeps in mind what the names of an expression stand for here. */
	private read(expression: LineExpression, scope: Scope, isInLoop: boolean): void {
		if (expression.kind === "application") {
			for (const arg of expression.args) this.read(arg, scope, isInLoop);
		}
		if (expression.kind !== "name") return;
		const { name, at, from, value } = expression;
		if (from !== undefined) {
			this.text(value, placeLatex(expression));
			return;
		}
		if (at === undefined) {
			// Outside of loops a variable is what its name says.
			const text = scope.get(name) ?? (isInLoop ? this.names.plain(name) : undefined);
			if (text !== undefined) this.text(value, text);
			return;
		}
		const index = at.split(", ").map(symbolLatex);
		const entry = this.names.indexed(name, index);
		if (index.length === 1 && !this.texts.has(value)) {
			this.entries.push({ entry, of: this.names.plain(name), index: index[0]! });
		}
		this.text(value, entry);
	}

	private text(value: Value, text: string): void {
		if (!this.texts.has(value)) this.texts.set(value, text);
	}
}

interface Carry {
	/** At the start of a step, and at its end. */
	readonly before: string;
	readonly after: string;
	/** What a step forward is given. */
	readonly given: string;
	/** Backward: all of the gradient, where what the step was handed is a share of it. */
	readonly whole: string;
	/** Before the first step, and after the last. */
	readonly start: string;
	readonly end: string;
	/** The lines of the body that change it. */
	readonly sets: readonly Statement[];
}

function carriesOf({ starts }: LoopBlock): Statement[] {
	return starts.filter(({ reason }) => reason.kind !== "sumStart");
}

/** Whether a loop takes cotangents back through another. */
function isBackward({ starts, body }: LoopBlock): boolean {
	const kinds = [...starts, ...body].map((item) => (isStatement(item) ? item.reason.kind : null));
	return kinds.some((kind) => kind !== null && kind !== "forward");
}

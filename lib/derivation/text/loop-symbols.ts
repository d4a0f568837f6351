import type { Value } from "../../program/program.ts";
import { isChoiceBlock, isLoop } from "../draft/blocks.ts";
import type {
	Block,
	ChoiceBlock,
	Derived,
	LineExpression,
	LoopBlock,
	Statement,
} from "../draft/model.ts";
import { IndexedNames } from "./indexed-names.ts";
import { symbolLatex } from "./latex-symbols.ts";
import { type Carry, carriesOf, carryOf, isBackward, type Places } from "./loop-carries.ts";
import { placeLatex } from "./places.ts";
import type { SizeWriter } from "./size-writer.ts";

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
	walk.all(derived.blocks.forward);
	walk.all(derived.blocks.backward);
	return walk;
}

/** What variables are called at this point, by their names in the program. */
type Scope = Map<string, string>;

/** Where a block stands. */
interface Place {
	/** The loop in whose body it is, and the indices of that and of those around it. */
	readonly loop: LoopBlock | null;
	readonly index: readonly string[];
	/** In that body itself: what its variables are, by their names. */
	readonly carries: ReadonlyMap<string, Carry>;
	/** In a branch: what the results of its choice are called. */
	readonly given: ReadonlyMap<string, string>;
}

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

	/** What stands in no loop. */
	all(block: Block): void {
		this.block(block, new Map(), { index: [], loop: null, carries: new Map(), given: new Map() });
	}

	private block(block: Block, scope: Scope, place: Place): void {
		for (const item of block) {
			if (isLoop(item)) this.loop(item, place.index, scope);
			else if (isChoiceBlock(item)) this.choice(item, scope, place);
			else this.statement(item, scope, place);
		}
	}

	private choice(choice: ChoiceBlock, scope: Scope, place: Place): void {
		const { index, loop } = place;
		this.read(choice.test.expression, scope, loop !== null);
		for (const { inside, outside } of choice.reads) {
			const text = this.texts.get(outside);
			if (text !== undefined) this.text(inside, text);
		}
		const given = new Map(place.given);
		for (const { variable, value } of loop === null ? [] : choice.results) {
			// What is handed on backward has a name before its lines.
			const known = isBackward(loop!) ? this.texts.get(value) : undefined;
			const text = given.get(variable) ?? known ?? this.names.indexed(variable, index);
			given.set(variable, text);
			scope.set(variable, text);
			this.text(value, text);
		}
		for (const branch of choice.branches) {
			this.block(branch, new Map(scope), { ...place, carries: new Map(), given });
		}
	}

	/** The body of a loop, and what its variables are at the start of a step. */
	private body(loop: LoopBlock, around: readonly string[], scope: Scope): void {
		const { index } = this.places.get(loop)!;
		const carries = new Map<string, Carry>();
		for (const start of carriesOf(loop)) {
			const carry = this.carry(loop, start, around);
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
		this.block(loop.body, scope, { index: [...around, index], loop, carries, given: new Map() });
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
				? this.carry(loop, start, around).start
				: this.names.indexed(start.variable, around);
			this.texts.set(start, text);
			if (start.expression.kind === "application") this.text(start.value, text);
		}
		this.body(loop, around, new Map(scope));
		const starts = new Map(carriesOf(loop).map((start) => [start.variable, start]));
		for (const start of starts.values()) {
			scope.set(start.variable, this.carry(loop, start, around).end);
		}
		for (const { variable, value } of loop.results) {
			if (!starts.has(variable)) scope.set(variable, this.names.indexed(variable, around));
			this.texts.set(value, scope.get(variable)!);
		}
	}

	private statement(line: Statement, scope: Scope, { index, loop, carries, given }: Place): void {
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
		const result = change === "set" ? given.get(variable) : undefined;
		if (result !== undefined) text = result;
		else if (isLast) text = carry!.after;
		else if (isEarly && known !== undefined) text = known;
		this.texts.set(line, text);
		this.text(value, text);
		if (at === undefined) scope.set(variable, text);
	}

	/** What a variable that is handed on is called at the steps of its loop. */
	private carry(loop: LoopBlock, start: Statement, around: readonly string[]): Carry {
		return carryOf(loop, start, around, this.places.get(loop)!, this.names);
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

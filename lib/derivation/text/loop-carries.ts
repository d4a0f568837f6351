import { isStatement, statementsIn } from "../draft/blocks.ts";
import type { LoopBlock, Statement } from "../draft/model.ts";
import type { IndexedNames } from "./indexed-names.ts";

/** The places of a loop in mathematics, where steps are counted from 1. */
export interface Places {
	readonly index: string;
	readonly first: string;
	readonly last: string;
	/** How many steps there are. */
	readonly length: string;
}

/** What a variable that is handed on is called. */
export interface Carry {
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

/** What the variables start from that a loop hands on. */
export function carriesOf({ starts }: LoopBlock): Statement[] {
	return starts.filter(({ reason }) => reason.kind !== "sumStart");
}

/** Whether a loop takes cotangents back through another. */
export function isBackward({ starts, body }: LoopBlock): boolean {
	return [...starts, ...statementsIn(body)].some(({ reason }) => reason.kind !== "forward");
}

/**
 * What a variable that is handed on is called, before and after a step and the loop.
 * @param start what it starts from
 * @param around the indices of the loops around
 */
export function carryOf(
	loop: LoopBlock,
	start: Statement,
	around: readonly string[],
	places: Places,
	names: IndexedNames,
): Carry {
	const isBack = isBackward(loop);
	const { index, length } = places;
	const isUp = loop.reverse === isBack;
	const past = /^\d+$/.test(length) ? String(Number(length) + 1) : `${length}+1`;
	const [from, to] = isUp ? ["0", length] : [past, "1"];
	const previous = `${index}${isUp ? "-" : "+"}1`;
	const name = isBack ? (start.gradientOf ?? start.variable) : start.variable;
	const isStart = around.length === 0 && names.startsAs(name, from);
	const steps = isStart ? [to, index, previous] : [from, to, index, previous];
	names.keepApart(
		name,
		steps.map((place) => [...around, place]),
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

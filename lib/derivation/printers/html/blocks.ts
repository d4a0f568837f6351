import { inTextOrder, isLoop, isStatement } from "../../draft/blocks.ts";
import type { Block, ChoiceBlock, Derived, LoopBlock, Statement } from "../../draft/model.ts";
import type { SizeWriter } from "../../text/size-writer.ts";
import { numpyHead, numpyRoom } from "../numpy.ts";

/** What lines are called on the page: a variable of a loop has several. */
export interface LineKeys {
	readonly of: (line: Statement) => string;
	/** Those of all lines of a variable; an argument is called by its name. */
	readonly named: (variable: string) => readonly string[];
}

/** Calls each line by its variable, and further ones of that with a number. */
export function keysOf({ forward, backward }: Derived): LineKeys {
	const keys = new Map<Statement, string>();
	const all = new Map<string, string[]>();
	for (const line of [...forward, ...backward]) {
		const { variable, reason } = line;
		// The zero of a sum has no place of its own.
		if (reason.kind === "sumStart") continue;
		const others = all.get(variable) ?? [];
		const key = others.length === 0 ? variable : `${variable}@${others.length + 1}`;
		keys.set(line, key);
		all.set(variable, [...others, key]);
	}
	return {
		of: (line) => keys.get(line)!,
		named: (variable) => all.get(variable) ?? [variable],
	};
}

/** Where the lines of loops and branches stand on the page. */
export interface BlockPlaces {
	/** The loops backward, by their indices: each has that of the loop forward. */
	readonly backward: ReadonlyMap<string, LoopBlock>;
	/**
	 * What is to be said before a backward line, from the outside: under which conditions it runs,
	 * and the places of a loop that has none forward beside it.
	 */
	readonly leads: (line: Statement) => readonly string[];
	/**
	 * The forward line beside which a backward line stands that comes from none: that of its value,
	 * or one in the same loop or branch, where the line before stands too if it can.
	 */
	readonly near: (line: Statement, before: Statement) => Statement;
}

/**
 * Finds which lines stand in which loop and branch.
 * @param headings of a loop one; of a choice those of its branches, in the order of its text
 */
export function blockPlaces(
	{ forward, blocks }: Derived,
	headings: (block: LoopBlock | ChoiceBlock) => readonly string[],
): BlockPlaces {
	/** The loops and branches that a line stands in, from the outside: indices and conditions. */
	const indices = new Map<Statement, readonly string[]>();
	const leads = new Map<Statement, readonly string[]>();
	const indicesForward = new Set<string>();
	const backward = new Map<string, LoopBlock>();
	const visit = (
		block: Block,
		around: readonly string[],
		under: readonly string[],
		isBackward: boolean,
	) => {
		for (const item of block) {
			if (isStatement(item)) {
				indices.set(item, around);
				leads.set(item, under);
				continue;
			}
			const all = headings(item);
			if (isLoop(item)) {
				const { index, starts, body } = item;
				if (isBackward) backward.set(index, item);
				else indicesForward.add(index);
				const isBeside = indicesForward.has(index);
				visit(starts, around, under, isBackward);
				visit(body, [...around, index], isBeside ? under : [...under, ...all], isBackward);
			} else {
				for (const [i, branch] of inTextOrder(item).entries()) {
					visit(branch, [...around, all[i]!], [...under, all[i]!], isBackward);
				}
			}
		}
	};
	visit(blocks.forward, [], [], false);
	visit(blocks.backward, [], [], true);
	const innermost = (line: Statement) => indices.get(line)!.at(-1);
	return {
		backward,
		leads: (line) => leads.get(line)!,
		near: (line, before) => {
			const own = line.reason.kind === "gradient" ? line.reason.own : null;
			const found = forward.find(({ value }) => value === own);
			const index = innermost(line);
			if (index !== undefined && found !== undefined) return found;
			if (innermost(before) === index) return before;
			const isThere = (each: Statement) => innermost(each) === index;
			// The lines run upwards: out of a block to what stands above it, into one from below.
			const isLeaving = index === undefined || indices.get(before)!.includes(index);
			const above = forward.slice(0, forward.indexOf(before));
			return (isLeaving ? above : forward).findLast(isThere) ?? before;
		},
	};
}

/** The head of a loop as a program: starts of its sums, room for what it stores, its places. */
export function loopCode(
	loop: LoopBlock,
	numpy: (line: Statement) => readonly string[],
	sizes: SizeWriter,
): string {
	const sums = loop.starts.filter(({ reason }) => reason.kind === "sumStart");
	return [
		...sums.flatMap(numpy),
		...loop.stores.map((store) => numpyRoom(store, sizes)),
		numpyHead(loop, sizes),
	].join("\n");
}

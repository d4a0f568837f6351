import { isLoop, isStatement } from "../../draft/blocks.ts";
import type { Block, Derived, LoopBlock, Statement } from "../../draft/model.ts";
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

/** Where the lines of loops stand on the page. */
export interface LoopPlaces {
	/** The loops backward, by their indices: each has that of the loop forward. */
	readonly backward: ReadonlyMap<string, LoopBlock>;
	/**
	 * The forward line beside which a backward line stands that comes from none: that of its value,
	 * or one in the same loop, where the line before stands too if it can.
	 */
	readonly near: (line: Statement, before: Statement) => Statement;
}

/** Finds which lines stand in which loop. */
export function loopPlaces({ forward, blocks }: Derived): LoopPlaces {
	/** The indices of the loops that a line stands in, from the outside. */
	const indices = new Map<Statement, readonly string[]>();
	const backward = new Map<string, LoopBlock>();
	const visit = (block: Block, around: readonly string[], isBackward: boolean) => {
		for (const item of block) {
			if (isStatement(item)) {
				indices.set(item, around);
				continue;
			}
			if (!isLoop(item)) continue;
			if (isBackward) backward.set(item.index, item);
			for (const line of item.starts) indices.set(line, around);
			visit(item.body, [...around, item.index], isBackward);
		}
	};
	visit(blocks.forward, [], false);
	visit(blocks.backward, [], true);
	const innermost = (line: Statement) => indices.get(line)!.at(-1);
	return {
		backward,
		near: (line, before) => {
			const own = line.reason.kind === "gradient" ? line.reason.own : null;
			const found = forward.find(({ value }) => value === own);
			const index = innermost(line);
			if (index !== undefined && found !== undefined) return found;
			if (innermost(before) === index) return before;
			const isThere = (each: Statement) => innermost(each) === index;
			// The lines run upwards: out of a loop to what stands above it, into one from below.
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

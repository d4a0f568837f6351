import type { Block, Derived } from "./draft/model.ts";
import { type BlockWriter, indented, writtenBlock } from "./printers/blocks.ts";
import { numpyHeads, numpyNothing } from "./printers/choices.ts";
import { numpyHead, numpyRoom, numpyStatements, numpyText } from "./printers/numpy.ts";
import { SizeWriter } from "./text/size-writer.ts";

/** A line of one derivation or of both. */
export interface Change {
	readonly kind: "same" | "removed" | "added";
	/** The variable of the statement; of the head of a loop, its index; of one of a choice, `if`. */
	readonly variable: string;
	/** The statement in NumPy's notation, or the head of a loop or a branch; in these, indented. */
	readonly text: string;
}

/** What changes from one derivation to another. As a string, like the output of `diff`. */
export class DerivationDiff {
	readonly forward: readonly Change[];
	readonly backward: readonly Change[];
	/** Whether the statements are the same. */
	readonly isEmpty: boolean;

	/** @internal */
	constructor(forward: readonly Change[], backward: readonly Change[]) {
		this.forward = forward;
		this.backward = backward;
		this.isEmpty = [...forward, ...backward].every(({ kind }) => kind === "same");
	}

	/** All lines: those that go after a minus, those that come after a plus. */
	toString(): string {
		const marks = { same: " ", removed: "-", added: "+" };
		const lines = (changes: readonly Change[]) =>
			changes.flatMap(({ kind, text }) => text.split("\n").map((line) => `${marks[kind]} ${line}`));
		return [
			"  # Forward",
			...lines(this.forward),
			"",
			"  # Backward",
			...lines(this.backward),
		].join("\n");
	}

	/** What `console.log` shows in Node. */
	[Symbol.for("nodejs.util.inspect.custom")](): string {
		return this.toString();
	}
}

/** Compares the statements of two derivations, pass by pass. */
export function diffOf(before: Derived, after: Derived): DerivationDiff {
	return new DerivationDiff(
		changes(lines(before, before.blocks.forward), lines(after, after.blocks.forward)),
		changes(lines(before, before.blocks.backward), lines(after, after.blocks.backward)),
	);
}

/**
 * The shortest way from one list of statements to another: what is not in their longest common
 * subsequence.
 */
function changes(a: readonly Line[], b: readonly Line[]): Change[] {
	// common[i][j]: the length of the longest common subsequence of a from i and b from j.
	const common = Array.from({ length: a.length + 1 }, () => new Uint32Array(b.length + 1));
	for (let i = a.length - 1; i >= 0; i--) {
		for (let j = b.length - 1; j >= 0; j--) {
			common[i]![j] =
				a[i]!.text === b[j]!.text
					? common[i + 1]![j + 1]! + 1
					: Math.max(common[i + 1]![j]!, common[i]![j + 1]!);
		}
	}
	const out: Change[] = [];
	for (let i = 0, j = 0; i < a.length || j < b.length; ) {
		if (i < a.length && j < b.length && a[i]!.text === b[j]!.text) {
			out.push({ kind: "same", ...a[i++]! });
			j++;
		} else if (j === b.length || (i < a.length && common[i + 1]![j]! >= common[i]![j + 1]!)) {
			out.push({ kind: "removed", ...a[i++]! });
		} else {
			out.push({ kind: "added", ...b[j++]! });
		}
	}
	return out;
}

type Line = Pick<Change, "variable" | "text">;

function lines(derived: Derived, block: Block): Line[] {
	const sizes = new SizeWriter(derived.sizes);
	const write = numpyStatements(derived, sizes);
	const statement: BlockWriter<Line>["statement"] = (line) => {
		return [{ variable: line.variable, text: write(line).join("\n") }];
	};
	return writtenBlock<Line>(block, {
		statement,
		loop: (loop, body) => [
			...loop.starts.flatMap(statement),
			...loop.stores.map((store) => ({
				variable: store.variable,
				text: numpyRoom(store, sizes),
			})),
			{ variable: loop.index, text: numpyHead(loop, sizes) },
			...inside(body),
		],
		choice: (choice, branches) =>
			numpyHeads(choice, sizes, numpyText).flatMap(({ head, branch }) => {
				const none = [{ variable: "if", text: numpyNothing(branch) }];
				const body = branch === null ? [] : branches[branch]!;
				return [{ variable: "if", text: head }, ...inside(body.length > 0 ? body : none)];
			}),
	});
}

/** Lines that stand in a loop or a branch. */
function inside(body: readonly Line[]): Line[] {
	return body.map(({ variable, text }) => {
		return { variable, text: indented(text.split("\n"), "    ").join("\n") };
	});
}

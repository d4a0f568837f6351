import { isChoiceBlock, isLoop } from "../draft/blocks.ts";
import type { Block, ChoiceBlock, LoopBlock, Statement } from "../draft/model.ts";
import { TYPESCRIPT } from "../text/size-text.ts";
import type { SizeWriter } from "../text/size-writer.ts";

/** How a form writes what stands in a block: as lines of text, or of another kind. */
export interface BlockWriter<Line = string> {
	readonly statement: (line: Statement) => readonly Line[];
	/** The lines of a loop around those of its body, which are not indented yet. */
	readonly loop: (loop: LoopBlock, body: readonly Line[]) => readonly Line[];
	/** The same of a choice. */
	readonly choice: (choice: ChoiceBlock, branches: readonly (readonly Line[])[]) => readonly Line[];
}

/** The lines of a block, in order. */
export function writtenBlock<Line>(block: Block, writer: BlockWriter<Line>): Line[] {
	return block.flatMap((item): readonly Line[] => {
		if (isLoop(item)) return writer.loop(item, writtenBlock(item.body, writer));
		if (!isChoiceBlock(item)) return writer.statement(item);
		const branches = item.branches.map((branch) => writtenBlock(branch, writer));
		return writer.choice(item, branches);
	});
}

/** Lines of a block inside of another. */
export function indented(lines: readonly string[], by: string): string[] {
	return lines.map((line) => (line === "" ? "" : by + line));
}

/** The head of a loop in TypeScript: `for (let t = 0; t < T; t++) {`. */
export function forHead({ index, reverse, lengths }: LoopBlock, sizes: SizeWriter): string {
	const heads = lengths.map((length) =>
		reverse
			? `for (let ${index} = ${length} - 1; ${index} >= 0; ${index}--) {`
			: `for (let ${index} = 0; ${index} < ${length}; ${index}++) {`,
	);
	return sizes.code(heads, "int32", TYPESCRIPT);
}

import type { Block, ChoiceBlock, Derived, Item, LoopBlock, Statement } from "./model.ts";

/** Whether an item of a block is a loop. */
export function isLoop(item: Item): item is LoopBlock {
	return item.kind === "loop";
}

/** Whether an item of a block is a choice. */
export function isChoiceBlock(item: Item): item is ChoiceBlock {
	return item.kind === "choice";
}

/** Whether an item of a block is a line by itself. */
export function isStatement(item: Item): item is Statement {
	return !isLoop(item) && !isChoiceBlock(item);
}

/** The statements of a block, those in loops and choices among them, in order. */
export function statementsIn(block: Block): Statement[] {
	return block.flatMap((item) => {
		if (isChoiceBlock(item)) return inTextOrder(item).flatMap(statementsIn);
		return isLoop(item) ? [...item.starts, ...statementsIn(item.body)] : [item];
	});
}

/** The branches of a choice as they are printed: that of a test that holds comes first. */
export function inTextOrder({ isTest, branches }: ChoiceBlock): readonly Block[] {
	return isTest ? branches.toReversed() : branches;
}

/** The statements of a block that stand in no loop and no choice; what loops start from too. */
export function ownLines(block: Block): Statement[] {
	return block.flatMap((item) => {
		if (isChoiceBlock(item)) return [];
		return isLoop(item) ? item.starts : [item];
	});
}

/** The loops of a derivation, those in loops and choices among them. */
export function loopsOf(derived: Derived): LoopBlock[] {
	return innerBlocks(derived).filter(isLoop);
}

/** Its choices, those in loops and choices among them. */
export function choicesOf(derived: Derived): ChoiceBlock[] {
	return innerBlocks(derived).filter(isChoiceBlock);
}

/** The choices of a block, those in loops and choices among them. */
export function choicesIn(block: Block): ChoiceBlock[] {
	return within(block).filter(isChoiceBlock);
}

/** The loops of a block, those in loops and choices among them. */
export function loopsIn(block: Block): LoopBlock[] {
	return within(block).filter(isLoop);
}

function innerBlocks({ blocks }: Derived): (LoopBlock | ChoiceBlock)[] {
	return within([...blocks.forward, ...blocks.backward]);
}

function within(block: Block): (LoopBlock | ChoiceBlock)[] {
	return block.flatMap((item) => {
		if (isChoiceBlock(item)) return [item, ...item.branches.flatMap(within)];
		return isLoop(item) ? [item, ...within(item.body)] : [];
	});
}

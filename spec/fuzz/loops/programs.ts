import type * as fc from "fast-check";
import { drawn } from "../../../lib/check/arbitrary-draw.ts";
import type { Draw } from "../../../lib/core/op.ts";
import type { Tensor } from "../../../lib/index.ts";
import { type Block, drawShape, Growing } from "./block.ts";
import type { Control, List } from "./control.ts";
import { grow } from "./statements.ts";

/** A program with loops, branches and batches in it, and arguments at which to try it. */
export class LoopProgram {
	readonly args: List;
	private readonly block: Block;

	constructor(block: Block, args: List) {
		this.block = block;
		this.args = args;
	}

	/** The program as a function, with loops run by this. */
	by(control: Control): (args: List) => Tensor[] {
		return (args) => this.block.run(args, control);
	}

	toString(): string {
		const args = this.args.map((x, i) => {
			const values = JSON.stringify(x.toArray());
			return `v${i} = tensor(${values}, { dtype: "${x.dtype}" }), of shape [${x.shape}]`;
		});
		return [...args, ...this.block.lines].join("\n");
	}

	/** As fast-check shows it. */
	[Symbol.for("fast-check/toStringMethod")](): string {
		return `\n${this}\n`;
	}
}

/** How many loops, branches and batches go into each other at most. */
const DEEPEST = 3;

/** Random programs of loops, branches and batches. */
export function loopPrograms(): fc.Arbitrary<LoopProgram> {
	return drawn(drawProgram);
}

function drawProgram(draw: Draw): LoopProgram {
	const args = Array.from({ length: draw.integer(1, 3) }, () => {
		const x = draw.tensor(drawShape(draw, 4));
		return draw.integer(0, 3) === 3 ? x.astype("float32") : x;
	});
	const all = new Growing(draw, draw.integer(1, DEEPEST), [], args);
	grow(all, draw.integer(2, 4));
	return new LoopProgram(all.block(all.results(1, 4)), args);
}

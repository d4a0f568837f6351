import { i32x4, v128 } from "../../../asm/simd.ts";
import { withoutCalls } from "../math/calls.ts";
import type { Code, Vector } from "../math/floats.ts";
import type { Row } from "./access.ts";
import type { FourElements } from "./blocks.ts";
import type { VectorValue } from "./value.ts";

/**
 * Stores in each row what is computed of each block, of what is loaded for it. Lanes for which a
 * function has to be called are put right behind the vectors: so no branch keeps an engine from
 * joining these.
 */
export function storeBlocks<Loaded>(
	code: Code,
	blocks: readonly FourElements[],
	rows: readonly Row[],
	load: (block: FourElements) => Loaded,
	compute: (loaded: Loaded) => readonly VectorValue[],
): void {
	const loaded = blocks.map(load);
	const all = () => loaded.map(compute);
	const store = (computed: readonly (readonly VectorValue[])[]) => {
		// Neighbours one after the other: an engine joins two stores only where no other stands
		// between.
		for (const [k, row] of rows.entries()) {
			for (const [b, block] of blocks.entries()) block.store(row, computed[b]![k]!);
		}
	};
	const { made, missing } = withoutCalls(code, all);
	store(made);
	if (missing.length === 0) return;
	// What was loaded is still there, even where results took its place. If a number is found not
	// to fit for such a lane, the call is interpreted: slower, and right.
	const some = missing.reduce<Vector>((a, b) => v128.or(a, b), i32x4.const(0));
	code.if(v128.anyTrue(some), () => store(all()));
}

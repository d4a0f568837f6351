import type { Tensor } from "../../../lib/index.ts";
import * as a from "../../../lib/index.ts";
import { drawType, type Growing, indented } from "./block.ts";
import { names } from "./recurrences.ts";
import { grow } from "./statements.ts";

/** A block that runs for each example of a batch. */
export function addBatch(block: Growing): void {
	const { draw } = block;
	const size = draw.pick([2, 3, 1, 2, 3, 2, 0]);
	const count = draw.integer(1, 3);
	// One argument has a batch in any case.
	const which = draw.integer(0, count - 1);
	const args: number[] = [];
	const axes: (number | null)[] = [];
	for (let i = 0; i < count; i++) {
		const isShared = i !== which && draw.integer(0, 2) === 0;
		const [place, axis] = isShared ? [block.pick()!, null] : drawBatched(block, size);
		args.push(place);
		axes.push(axis);
	}
	const given = args.map((i, k) => example(block.known[i]!, axes[k]!));
	const inner = block.inside(given);
	grow(inner, draw.integer(1, 3));
	const results = inner.results(1, 2);
	const out = results.map((i) => {
		const { rank } = inner.known[i]!;
		const isSame = i < block.known.length && draw.integer(0, 1) === 0;
		return isSame ? null : draw.integer(-1, rank);
	});
	const { run, lines } = inner.block(results);
	const start = block.known.length;
	block.add(
		(known, control) =>
			control.vmap((x) => run([...known, ...x], control), { in: axes, out })(
				args.map((i) => known[i]!),
			),
		(left) => [
			`${left}vmap((${names(start, count)}) => {`,
			...indented(lines),
			`}, { in: ${JSON.stringify(axes)}, out: ${JSON.stringify(out)} })(${args.map((i) => block.name(i))});`,
		],
	);
}

/** A value with so many examples along an axis. */
function drawBatched(block: Growing, size: number): [place: number, axis: number] {
	const { draw } = block;
	const known = draw.integer(0, 1) === 0 ? block.pick(({ shape }) => shape.includes(size)) : null;
	if (known !== null) {
		const { shape } = block.known[known]!;
		return [known, shape.indexOf(size) - draw.integer(0, 1) * shape.length];
	}
	const { shape, dtype } = drawType(draw);
	const axis = draw.integer(0, shape.length);
	return [block.fitted({ shape: shape.toSpliced(axis, 0, size), dtype }), axis];
}

function example(x: Tensor, axis: number | null): Tensor {
	if (axis === null) return x;
	const moved = a.moveAxis(x, axis, 0);
	if (moved.shape[0]! > 0) return moved.slice(0);
	return a.zeros(moved.shape.slice(1), { dtype: x.dtype });
}

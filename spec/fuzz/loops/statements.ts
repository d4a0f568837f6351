import { programFrom } from "../../../lib/check/programs.ts";
import { isFloat } from "../../../lib/core/dtype.ts";
import type { Draw, TensorType } from "../../../lib/core/op.ts";
import type { Tensor } from "../../../lib/index.ts";
import * as a from "../../../lib/index.ts";
import { addBatch } from "./batches.ts";
import { drawShape, type Growing, indented } from "./block.ts";
import { addBranch } from "./branches.ts";
import { addFori, addScan, addWhile } from "./recurrences.ts";
import { drawTerm } from "./terms.ts";

/** Adds so many statements. */
export function grow(block: Growing, count: number): void {
	for (let i = 0; i < count; i++) addStatement(block);
}

function addStatement(block: Growing): void {
	const { draw, depth } = block;
	const plain = [addTerm, addTerm, addTerm, addOps];
	const nesting = [
		addScan,
		addBatch,
		addBranch,
		addScan,
		addBatch,
		addFori,
		addWhile,
		addGradient,
		addAgain,
	];
	draw.pick(depth > 0 ? [...nesting, ...plain] : plain)(block);
}

/** A term of a value, and of another one that goes with it. */
function addTerm(block: Growing): void {
	const { draw } = block;
	const x =
		block.pick(({ dtype }) => isFloat(dtype)) ?? block.fitted({ dtype: "float64", shape: [] });
	const { shape, dtype } = block.known[x]!;
	const { of, text } = drawTerm(draw, shape.length);
	const small = shape.map((size) => (draw.integer(0, 2) === 0 ? 1 : size));
	const partner = text("", "y").includes("y")
		? block.fitted({
				dtype,
				shape: small.slice(draw.integer(0, 1) * draw.integer(0, small.length)),
			})
		: x;
	block.add(
		(known) => [of(known[x]!, known[partner]!)],
		(left) => [`${left}${text(block.name(x), block.name(partner))};`],
	);
}

const fewOps = programFrom({ minOps: 1, maxOps: 3 });

/** Ops of any kind, near to arguments that were drawn for them. */
function addOps(block: Growing): void {
	const { draw } = block;
	const program = fewOps(draw);
	const given = program.args.map((x) =>
		draw.integer(0, 3) === 0 ? null : block.fitted({ shape: x.shape, dtype: "float64" }, false),
	);
	block.add(
		(known) =>
			program.run(
				program.args.map((x, i) =>
					given[i] === null ? x : known[given[i]!]!.tanh().div(32).add(x),
				),
			),
		(left) => {
			const moved = given.flatMap((from, i) =>
				from === null ? [] : [`x${i + 1} += np.tanh(${block.name(from)}) / 32`],
			);
			return [`${left}of NumPy`, ...indented([...String(program).split("\n"), ...moved])];
		},
	);
}

/** The gradient of a block by one of the values. */
function addGradient(block: Growing): void {
	const x = block.pick(({ dtype, size }) => isFloat(dtype) && size > 0);
	if (x === null) return;
	const inner = block.inside([block.known[x]!]);
	grow(inner, block.draw.integer(1, 2));
	const { dtype } = block.known[x]!;
	const { run, lines } = inner.block([inner.fitted({ dtype, shape: drawShape(block.draw) })]);
	block.add(
		(known, control) => [a.grad((at: Tensor) => run([...known, at], control)[0]!.sum())(known[x]!)],
		(left) => [
			`${left}grad((v${block.known.length}) => sum(`,
			...indented(lines),
			`))(${block.name(x)});`,
		],
	);
}

/** A block that is computed again for its gradient. */
function addAgain(block: Growing): void {
	const inner = block.inside([]);
	grow(inner, block.draw.integer(1, 3));
	const results = Array.from({ length: block.draw.integer(1, 2) }, () =>
		inner.fitted(drawFloat(block.draw)),
	);
	const { run, lines } = inner.block(results);
	const moves = block.known.map(({ dtype }) => isFloat(dtype));
	block.add(
		(known, control) =>
			control.checkpoint((x, rest) => {
				const [floats, others] = [x.values(), rest.values()];
				const all = moves.map((moving) => (moving ? floats : others).next().value!);
				return run(all, control);
			})(
				known.filter((_, i) => moves[i]),
				known.filter((_, i) => !moves[i]),
			),
		(left) => [`${left}checkpoint(() => {`, ...indented(lines), "})();"],
	);
}

function drawFloat(draw: Draw): TensorType {
	return { shape: drawShape(draw), dtype: draw.integer(0, 4) === 4 ? "float32" : "float64" };
}

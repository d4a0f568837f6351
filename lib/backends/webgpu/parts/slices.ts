import type { DType } from "../../../core/dtype.ts";
import { reducedShape, rowMajorStrides, sizeOf } from "../../../core/shape.ts";
import * as s from "../../../scalar/primitives.ts";
import { argument } from "../../../scalar/scalar.ts";
import { type Expression, inputsIn } from "../../../schedule/expression.ts";
import type { KernelOf, KernelOperand, Pass, SliceLoop } from "../../../schedule/kernel.ts";
import { replacing } from "../../../schedule/replacing.ts";
import { Narrowing } from "../kernels/reduce/narrow.ts";
import { alongAxis, type Cut, type PartRoom } from "./cut.ts";
import { furtherOn, type KernelWork, type PlacedOperand } from "./work.ts";

type SliceWork = KernelWork & { readonly kernel: KernelOf<"reduction"> };

/** Between slices; and along them where there is one pass, or none, by the results of parts. */
export function reductionCuts(work: SliceWork, room: PartRoom): Cut[] {
	const { loop } = work.kernel;
	const operands = [...loop.inputs, ...loop.outputs];
	const independent = [...loop.shape.keys()].filter(
		(axis) => !loop.axes.includes(axis) || isMap(loop),
	);
	const cuts = independent.map((axis) =>
		alongAxis(work, loop.shape, axis, operands, (shape) => ({
			kind: "reduction",
			loop: { ...loop, shape },
		})),
	);
	const along = loop.axes.find((axis) => loop.shape[axis]! > 1);
	return along === undefined || !isOnePass(loop) ? cuts : [...cuts, alongSlices(work, along, room)];
}

/** Whether a loop only stores something for each element. */
function isMap({ passes, outputs }: SliceLoop): boolean {
	return passes.length === 0 && outputs.every(({ perElement }) => perElement);
}

/**
 * Whether the results of parts can be put together: those of one pass and nothing else. A product
 * might leave the range of numbers on the way.
 */
function isOnePass({ passes, outputs }: SliceLoop): boolean {
	const [pass, ...others] = passes;
	return (
		pass?.kind === "reduce" &&
		others.length === 0 &&
		pass.reductions.every(({ by }) => by !== "factors") &&
		outputs.every(({ perElement }) => !perElement) &&
		inputsIn(outputs.map(({ value }) => value)).size === 0
	);
}

/** Along the outermost axis of slices, in whose parts positions follow each other. */
function alongSlices(work: SliceWork, axis: number, room: PartRoom): Cut {
	const { loop } = work.kernel;
	const { shape, axes } = loop;
	const [pass] = loop.passes as [Pass & { kind: "reduce" }];
	const kept = keptOf(loop);
	const inside = sizeOf(axes.slice(axes.indexOf(axis) + 1).map((other) => shape[other]!));
	const results = pass.reductions.map(({ by, dtype }) => ({ dtype: resultOf(by, dtype) }));
	let roots: number[] | undefined;
	const operands = () => {
		roots ??= results.map(() => room.make());
		return roots.map((root, i): PlacedOperand => ({ ...results[i]!, root, offset: 0 }));
	};
	const outputs = results.map(({ dtype }, index) => {
		const value = { kind: "result", index } as const;
		return { dtype, strides: kept.strides, perElement: false, value };
	});
	return {
		size: shape[axis]!,
		leaves: kept.size,
		part: (first, count, i) => {
			const after = replacing((x) => later(x, first * inside));
			const reductions = pass.reductions.map((one) => ({ ...one, of: after(one.of) }));
			const part: SliceLoop = {
				...{ ...loop, shape: shape.with(axis, count), outputs },
				passes: [{ ...pass, reductions }],
			};
			const reads = work.reads.map((read, k) =>
				furtherOn(read, first * loop.inputs[k]!.strides[axis]!),
			);
			const writes = operands().map((to) => furtherOn(to, i * kept.size));
			return [{ kernel: { kind: "reduction", loop: part }, reads, writes }];
		},
		together: (parts) => {
			for (const { root } of operands()) room.grow(root, parts * kept.size);
			const all: SliceLoop = {
				shape: [parts, ...kept.shape],
				axes: [0],
				inputs: results.map(({ dtype }) => ({ dtype, strides: [kept.size, ...kept.strides] })),
				passes: [
					{
						kind: "reduce",
						reductions: pass.reductions.map(({ by }, index) => {
							return { by, of: { kind: "input", index }, ...results[index]! };
						}),
					},
				],
				outputs: loop.outputs.map((output) => ({ ...output, strides: [0, ...output.strides] })),
			};
			return [{ kernel: { kind: "reduction", loop: all }, reads: operands(), writes: work.writes }];
		},
	};
}

/** A position as one of so many elements later. */
function later(x: Expression, by: number): Expression | null {
	if (x.kind !== "position" || by === 0) return null;
	return {
		kind: "formula",
		term: s.add(argument(0), argument(1)),
		args: [x, { kind: "constant", value: by, dtype: "int32" }],
		dtype: "int32",
	};
}

/**
 * A loop over slices as one for each pass, whose results are left in memory, and what is made of
 * them; null where it is so simple already.
 */
export function unfoldedSlices(
	{ kernel, reads, writes }: SliceWork,
	room: PartRoom,
): KernelWork[] | null {
	const { loop } = kernel;
	const kept = keptOf(loop);
	if (isOnePass(loop) || isMap(loop) || loop.passes.some(hasFactors)) return null;
	if (loop.passes.length === 0 && sizeOf(kept.shape) === sizeOf(loop.shape)) return null;
	const inputs: KernelOperand[] = [...loop.inputs];
	const given: PlacedOperand[] = [...reads];
	const ofResult = replacing((x) =>
		x.kind === "result" ? { kind: "input", index: loop.inputs.length + x.index } : null,
	);
	const work = (part: Partial<SliceLoop>, to: readonly PlacedOperand[]): KernelWork => ({
		kernel: { kind: "reduction", loop: { ...loop, inputs: [...inputs], ...part } },
		reads: [...given],
		writes: to,
	});
	const steps: KernelWork[] = [];
	/** Has memory of its own be a result from now on. */
	const leave = (dtypes: readonly DType[]): PlacedOperand[] => {
		const made = dtypes.map((dtype): PlacedOperand => ({ dtype, root: room.make(), offset: 0 }));
		for (const { root } of made) room.grow(root, kept.size);
		return made;
	};
	const output = (dtype: DType, value: Expression) => {
		return { dtype, strides: kept.strides, perElement: false, value };
	};
	for (const pass of loop.passes) {
		const before = given.length;
		if (pass.kind === "first") {
			const of = ofResult(pass.of);
			const dtypes = inputs.map(({ dtype }) => dtype);
			const { dtype } = new Narrowing({ inputs: dtypes, results: [], n: 1 }).read(of);
			const to = leave([dtype]);
			steps.push(work({ shape: kept.shape, passes: [], outputs: [output(dtype, of)] }, to));
			given.push(...to);
		} else {
			const reductions = pass.reductions.map((one) => ({ ...one, of: ofResult(one.of) }));
			const unless = pass.unless && { unless: ofResult(pass.unless) };
			const dtypes = reductions.map(({ by, dtype }) => resultOf(by, dtype));
			const to = leave(dtypes);
			const outputs = dtypes.map((dtype, index) => output(dtype, { kind: "result", index }));
			steps.push(work({ passes: [{ ...pass, ...unless, reductions }], outputs }, to));
			given.push(...to);
		}
		inputs.push(...given.slice(before).map(({ dtype }) => ({ dtype, strides: kept.strides })));
	}
	for (const perElement of [true, false]) {
		const some = [...loop.outputs.keys()].filter((k) => loop.outputs[k]!.perElement === perElement);
		if (some.length === 0) continue;
		const outputs = some.map((k) => {
			const output = loop.outputs[k]!;
			return { ...output, value: ofResult(output.value) };
		});
		const shape = perElement ? loop.shape : kept.shape;
		steps.push(
			work(
				{ shape, passes: [], outputs },
				some.map((k) => writes[k]!),
			),
		);
	}
	return steps;
}

function hasFactors(pass: Pass): boolean {
	return pass.kind === "reduce" && pass.reductions.some(({ by }) => by === "factors");
}

/** What there is one of for each slice, in row-major order. */
function keptOf({ shape, axes }: SliceLoop) {
	const kept = reducedShape(shape, axes, true);
	const strides = rowMajorStrides(kept).map((stride, axis) => (axes.includes(axis) ? 0 : stride));
	return { shape: kept, strides, size: sizeOf(kept) };
}

/** The dtype of a result on the device. */
function resultOf(by: string, dtype: DType): DType {
	if (by === "every" || by === "some") return "bool";
	if (dtype === "float64") return "float32";
	return dtype === "bool" ? "int32" : dtype;
}

import type { Geometry } from "../core/geometry.ts";
import { isRowMajor, reducedShape, rowMajorStrides, sizeOf } from "../core/shape.ts";
import type { Tensor } from "../core/tensor.ts";
import type { Instruction, Program, Value } from "../program/program.ts";
import { type Buffer, Buffers, type BufferView } from "./buffers.ts";
import { convolutionOf, wantedOf } from "./convolutions.ts";
import { adding, copying, filling, operandOf } from "./copies.ts";
import { copyRegionsOf } from "./copy-regions.ts";
import { expressionsOf } from "./expressions.ts";
import { type Fused, fuse } from "./fuse.ts";
import type { Group } from "./group.ts";
import { indexedOf } from "./indexing.ts";
import type { ElementwiseLoop, Kernel } from "./kernel.ts";
import { doMeet, recipeOf, roleOf, scanOf, sliceAxesOf } from "./lower.ts";
import { axesOf, matricesOf, readingOf } from "./products.ts";
import { type Reads, readsIn } from "./reads.ts";
import type { Step } from "./step.ts";
import { isWhole, type View, viewsOf } from "./view.ts";

/** Where a result of the program is found. */
export type Result =
	| { readonly kind: "argument"; readonly index: number }
	| { readonly kind: "constant"; readonly tensor: Tensor }
	| { readonly kind: "output"; readonly index: number };

/** What runs in place of a program: steps between buffers. */
export interface Schedule {
	readonly program: Program;
	readonly inputs: readonly Buffer[];
	readonly outputs: readonly Buffer[];
	readonly constants: readonly Buffer[];
	readonly steps: readonly Step[];
	readonly results: readonly Result[];
}

/**
 * Plans a program: what runs as one, which values get a buffer, and where each step finds what it
 * reads.
 */
export function scheduleOf(program: Program): Schedule {
	return new Scheduler(program).schedule();
}

class Scheduler {
	readonly #program: Program;
	readonly #viewOf: (value: Value) => View;
	readonly #readsOf: Reads;
	readonly #fused: Fused;
	readonly #buffers: Buffers;
	readonly #steps: Step[] = [];

	constructor(program: Program) {
		this.#program = program;
		this.#viewOf = viewsOf(program);
		this.#readsOf = readsIn(this.#viewOf);
		this.#fused = fuse(program, this.#viewOf, this.#readsOf);
		this.#buffers = new Buffers(program, this.#viewOf);
	}

	schedule(): Schedule {
		for (const group of this.#fused.groups) this.#steps.push(...[this.#step(group)].flat());
		const results = this.#program.outputs.map((value) => this.#result(value));
		const { inputs, outputs, constants } = this.#buffers;
		return {
			program: this.#program,
			inputs,
			outputs,
			constants,
			steps: this.#steps,
			results,
		};
	}

	#step({ role, members }: Group): Step | Step[] {
		const last = members.at(-1)!;
		switch (role) {
			case "copy":
				return this.#copy(this.#viewOf(last.inputs[0]!), this.#buffers.store(last), members);
			case "placement":
				return this.#placed(last, members);
			case "indexed":
				return this.#indexed(last, members);
			case "scan":
				return this.#scanned(last, members);
			case "reduction":
				return this.#slices(members.find((step) => roleOf(step) === role)!, members);
			case "loop": {
				const { reads, writes, loop } = this.#loop(members, []);
				return { kernel: { kind: "loop", loop }, members, reads, writes };
			}
			case "product":
			case "convolution":
				return this.#product(members.find((step) => roleOf(step) === role)!, members);
			case "scatter":
				return this.#scattered(last, members);
			case "evaluation": {
				const reads = last.inputs.map((value) => this.#buffers.view(this.#viewOf(value)));
				const writes = [this.#buffers.store(last)];
				return { kernel: { kind: role, instruction: last }, members, reads, writes };
			}
		}
	}

	/** A product of matrices or a convolution, and what the other members make of its elements. */
	#product(product: Instruction, members: readonly Instruction[]): Step {
		const { views, reads, writes, loop } = this.#loop(members, [product]);
		const axes = axesOf(product);
		const epilogue = { loop, readings: views.map((view) => readingOf(view, axes)!) };
		if (roleOf(product) === "product") {
			const { a, b, ...sizes } = matricesOf(product, this.#viewOf);
			// The kernels step forwards only.
			const operand = (view: View) =>
				view.strides.some((stride) => stride < 0) ? this.#copied(view) : this.#buffers.view(view);
			const [left, right] = [operand(a), operand(b)];
			const matrices = { ...sizes, a: left.strides, b: right.strides };
			const kernel: Kernel = { kind: "product", matrices, ...epilogue };
			return { kernel, reads: [left, right, ...reads], writes, members };
		}
		const operands = product.inputs.map((value) => this.#inOrder(this.#viewOf(value)));
		const [convolution, wanted] = [convolutionOf(product), wantedOf(product)];
		const kernel: Kernel = { kind: "convolution", convolution, wanted, ...epilogue };
		return { kernel, reads: [...operands, ...reads], writes, members };
	}

	/** Windows added up where they lie in images. */
	#scattered(step: Instruction, members: readonly Instruction[]): Step {
		const { stride, dilation } = step.params as Geometry;
		const from = this.#buffers.view(this.#viewOf(step.inputs[0]!));
		const { shape, dtype } = step.type;
		const windows = { shape: from.shape, strides: from.strides };
		const scatter = { dtype, windows, images: shape, stride, dilation };
		const writes = [this.#buffers.store(step)];
		return { kernel: { kind: "scatter", scatter }, members, reads: [from], writes };
	}

	/**
	 * The loop over what the members compute, with these of them as its first inputs, since they are
	 * there already.
	 */
	#loop(members: readonly Instruction[], given: readonly Instruction[]) {
		const inside = new Set<Value | null>(members);
		const stored = members.filter((step) =>
			this.#fused.usesOf(step).some(({ reader }) => !inside.has(reader)),
		);
		const { views, expressionOf } = expressionsOf(members, given, this.#viewOf, this.#readsOf);
		const writes = stored.map((step) => this.#target(step));
		const outputs = stored.map((step, i) => {
			const { buffer, strides } = writes[i]!;
			return { dtype: buffer.dtype, strides, value: expressionOf(step) };
		});
		const inputs = [
			...given.map(({ type }) => ({ dtype: type.dtype, strides: rowMajorStrides(type.shape) })),
			...views.map(operandOf),
		];
		const loop: ElementwiseLoop = { shape: members[0]!.type.shape, inputs, outputs };
		return {
			loop,
			views,
			reads: views.map((view) => this.#buffers.view(view)),
			writes,
		};
	}

	/** The slices that a reduction takes of what the other members compute. */
	#slices(reduction: Instruction, members: readonly Instruction[]): Step {
		const last = members.at(-1)!;
		const { views, expressionOf } = expressionsOf(members, [], this.#viewOf, this.#readsOf);
		const recipe = recipeOf(reduction, reduction.inputs.map(expressionOf));
		const { passes, perElement } = recipe;
		const value = last === reduction ? recipe.value : expressionOf(last);
		const { shape } = reduction.inputs[0]!.type;
		const axes = sliceAxesOf(reduction);
		const out = this.#target(last);
		const kept = rowMajorStrides(reducedShape(shape, axes, true));
		const strides = perElement ? out.strides : kept.map((s, axis) => (axes.includes(axis) ? 0 : s));
		const outputs = [{ dtype: out.buffer.dtype, strides, perElement, value }];
		const loop = { shape, axes, inputs: views.map(operandOf), passes, outputs };
		const reads = views.map((view) => this.#buffers.view(view));
		return { kernel: { kind: "reduction", loop }, members, reads, writes: [out] };
	}

	/** Elements put in row-major order, or where these strides say. */
	#copy(
		view: View,
		to: BufferView,
		members: readonly Instruction[],
		strides?: readonly number[],
	): Step {
		const loop = copying(view, to.buffer, strides);
		const reads = [this.#buffers.view(view)];
		return { kernel: { kind: "loop", loop }, members, reads, writes: [to] };
	}

	/** Elements put in their places, or added to those that are there. */
	#placed(step: Instruction, members: readonly Instruction[]): Step[] {
		const places = this.#places(step);
		if (!doMeet(step)) {
			return places.map(({ from, to }) => this.#copy(from, to, members, to.strides));
		}
		return places.map(({ from, to }) => {
			const loop = adding(from, to.buffer, to.strides);
			const reads = [this.#buffers.view(from), to];
			return { kernel: { kind: "loop", loop }, members, reads, writes: [to] };
		});
	}

	/** What of its arguments an instruction puts where, and what lies between them filled before. */
	#places(step: Instruction) {
		const placements = copyRegionsOf(step, step.inputs.map(this.#viewOf));
		const to = this.#buffers.store(step);
		const covered = placements.reduce((sum, { from }) => sum + sizeOf(from.shape), 0);
		const { value = 0 } = (step.params ?? {}) as { value?: number };
		if (covered < to.buffer.size || doMeet(step)) this.#steps.push(filled(to, value, [step]));
		return placements.map(({ from, strides, offset }) => {
			return { from, to: { buffer: to.buffer, shape: from.shape, strides, offset } };
		});
	}

	/** Where what an instruction computes goes: a buffer, or its places in one. */
	#target(step: Instruction): BufferView {
		return roleOf(step) === "placement" ? this.#places(step)[0]!.to : this.#buffers.store(step);
	}

	/** Elements at indices; what is put at indices is put between zeros. */
	#indexed(step: Instruction, members: readonly Instruction[]): Step[] {
		const { source, indices, loop } = indexedOf(step, step.inputs.map(this.#viewOf));
		const to = this.#buffers.store(step);
		const reads = [source, indices].map((view) => this.#buffers.view(view));
		const kernel: Kernel = { kind: "indexed", indexed: loop };
		const last: Step = { kernel, members, reads, writes: [to] };
		return loop.indexed === "target" ? [filled(to, 0, members), last] : [last];
	}

	#scanned(step: Instruction, members: readonly Instruction[]): Step {
		const views = step.inputs.map(this.#viewOf);
		const reads = views.map((view) => this.#buffers.view(view));
		const to = this.#buffers.store(step);
		const output = { dtype: to.buffer.dtype, strides: to.strides };
		const inputs = views.map(operandOf);
		const scan = { ...scanOf(step), shape: to.shape, inputs, output };
		return { kernel: { kind: "scan", scan }, members, reads, writes: [to] };
	}

	/** Elements in row-major order: where they are, or a copy that is made first. */
	#inOrder(view: View): BufferView {
		return isRowMajor(view.shape, view.strides) ? this.#buffers.view(view) : this.#copied(view);
	}

	#copied(view: View): BufferView {
		const { dtype } = view.base.type;
		const to = this.#buffers.add({ shape: view.shape, dtype }, "scratch");
		this.#steps.push(this.#copy(view, to, []));
		return to;
	}

	#result(value: Value): Result {
		if (value.kind === "constant") return { kind: "constant", tensor: value.tensor };
		if (value.kind === "input") {
			return { kind: "argument", index: this.#program.inputs.indexOf(value) };
		}
		const view = this.#viewOf(value);
		const known = this.#buffers.of(view.base);
		if (isWhole(view) && known?.use.kind === "output") {
			return { kind: "output", index: known.use.index };
		}
		const to = this.#buffers.add(value.type, "output");
		this.#steps.push(this.#copy(view, to, []));
		return { kind: "output", index: this.#buffers.outputs.length - 1 };
	}
}

function filled(to: BufferView, value: number, members: readonly Instruction[]): Step {
	const kernel: Kernel = { kind: "loop", loop: filling(to, value) };
	return { kernel, members, reads: [], writes: [to] };
}

import { type Shape, sizeOf } from "../../../../core/shape.ts";
import { coalesce } from "../../../../core/strided.ts";
import { indexOfElement, unravelled } from "../../wgsl/indices.ts";

// Slices and the invocations that share their elements. A workgroup has some slices, and so many
// lanes for each of them; lane l takes the elements l, l + lanes, … of a segment of the slice.

/** The most invocations of a workgroup. */
const MOST = 256;
/** Invocations that lie side by side in memory from so many on read it at its full speed. */
const SIDE_BY_SIDE = 32;
/** With fewer invocations, a good part of a device has nothing to do. */
const ENOUGH = 2 ** 14;
/** Elements that a lane takes in a row: more where there is much to do, not too many for sums. */
const [FEW, MANY] = [32, 256];

/** Axes as they are walked: sizes, and the strides of each operand. */
interface Walk {
	readonly sizes: Shape;
	readonly strides: readonly (readonly number[])[];
}

/** Slices that axes of a shape cut out. */
export interface Slices {
	readonly shape: Shape;
	readonly axes: readonly number[];
	/** The strides of the operands; that which has the most elements decides how memory is walked. */
	readonly strides: readonly (readonly number[])[];
	/** Whether the order of the elements in a slice is that of its axes. */
	readonly isOrdered: boolean;
	/** How many slices lie side by side in a workgroup if they do in memory; left out: 32. */
	readonly sideBySide?: number;
}

/** How slices and their elements are shared out. */
export class Lanes {
	/** From slice to slice, and along one. */
	readonly kept: Walk;
	readonly along: Walk;
	readonly count: number;
	readonly n: number;
	/** Invocations for a slice, and slices of a workgroup; both are powers of 2. */
	readonly lanes: number;
	readonly slices: number;
	/** Parts of a slice, each for a workgroup of its own, and how many elements each has. */
	readonly segments: number;
	readonly length: number;
	/** Whether neighbouring invocations have neighbouring slices, and not elements of one. */
	readonly isAcross: boolean;

	constructor({ shape, axes, strides, isOrdered, sideBySide = SIDE_BY_SIDE }: Slices) {
		const kept = [...shape.keys()].filter((axis) => !axes.includes(axis));
		const extent = (some: readonly number[]) => sizeOf(shape.filter((_, axis) => some[axis] !== 0));
		const leading = strides.reduce((a, b) => (extent(b) > extent(a) ? b : a));
		const apart = (axis: number) => Math.abs(leading[axis]!);
		const sorted = (some: readonly number[]) => some.toSorted((a, b) => apart(b) - apart(a));
		this.kept = walkOf(shape, sorted(kept), strides);
		this.along = walkOf(shape, isOrdered ? axes : sorted(axes), strides);
		this.count = sizeOf(this.kept.sizes);
		this.n = sizeOf(this.along.sizes);
		const inner = ({ strides: all }: Walk) => Math.abs(all[strides.indexOf(leading)]?.at(-1) ?? 0);
		const [step, stepAlong] = [inner(this.kept), inner(this.along)];
		this.isAcross = step !== 0 && (stepAlong === 0 || step < stepAlong);
		this.lanes = this.isAcross ? this.#lanesAcross(sideBySide) : this.#lanesAlong();
		this.slices = Math.min(MOST / this.lanes, powerFrom(this.count));
		const wanted = Math.ceil((this.n * this.count) / ENOUGH);
		const each = this.lanes * Math.min(MANY, Math.max(FEW, wanted));
		const segments = Math.min(Math.ceil(this.n / each), this.lanes * MANY);
		this.length = Math.ceil(this.n / segments / this.lanes) * this.lanes;
		this.segments = Math.ceil(this.n / this.length);
	}

	#lanesAcross(sideBySide: number): number {
		const most = MOST / Math.min(sideBySide, powerFrom(this.count));
		const useful = powerFrom(Math.ceil(this.n / 4));
		return Math.min(most, useful, powerFrom(Math.ceil(ENOUGH / this.count)));
	}

	#lanesAlong(): number {
		const useful = powerFrom(Math.ceil(this.n / 8));
		const forAll = powerFrom(Math.ceil(ENOUGH / this.count));
		return Math.min(MOST, Math.max(useful, Math.min(forAll, powerFrom(this.n))));
	}

	/** Invocations of a workgroup. */
	get size(): number {
		return this.lanes * this.slices;
	}

	/** Workgroups, for each of so many segments. */
	workgroups(segments: number): number {
		return Math.ceil(this.count / this.slices) * segments;
	}

	/** From the place of a lane in a workgroup to that of the slice's next one. */
	get step(): number {
		return this.isAcross ? this.slices : 1;
	}

	/**
	 * Statements that say which slice an invocation has, `part` of its lanes and `segment` of its
	 * own, and `first0`, `first1`, … where the slice begins in each of the operands. Where there is
	 * no slice left, `isSlice` is false, and the slice is the last one.
	 */
	begin(segments: number): string[] {
		const { lanes, slices, count, kept } = this;
		const [part, among] = this.isAcross
			? [`lane / ${slices}`, `lane % ${slices}`]
			: [`lane % ${lanes}`, `lane / ${lanes}`];
		const outer = unravelled("sliceNumber", "k", kept.sizes);
		return [
			`let part = ${part};`,
			`let segment = ${segments === 1 ? 0 : `group % ${segments}`};`,
			`let given = ${segments === 1 ? "group" : `group / ${segments}`} * ${slices} + ${among};`,
			`let isSlice = given < ${count};`,
			`let sliceNumber = min(given, ${count - 1});`,
			...outer.lines,
			...kept.strides.map(
				(strides, i) => `let first${i} = ${indexOfElement(outer.indices, strides)};`,
			),
		];
	}

	/** A loop over a lane's elements of its segment; its body knows `i`, which of the slice's. */
	loop(segments: number, body: readonly string[]): string[] {
		const length = segments === 1 ? this.n : this.length;
		const end = segments === 1 ? `${this.n}` : `min(${this.n}, (segment + 1) * ${length})`;
		return [
			"{",
			`let end = ${end};`,
			`for (var i = segment * ${length} + part; i < end; i += ${this.lanes}) {`,
			...unravelled("i", "a", this.along.sizes).lines,
			...body,
			"}",
			"}",
		];
	}

	/** Where the element of the loop lies in an operand. */
	place(operand: number): string {
		const { indices } = unravelled("i", "a", this.along.sizes);
		return `first${operand} + ${indexOfElement(indices, this.along.strides[operand]!)}`;
	}
}

/** Some axes of a shape, as few as they can be. */
function walkOf(
	shape: Shape,
	axes: readonly number[],
	strides: readonly (readonly number[])[],
): Walk {
	const layouts = strides.map((some) => ({ strides: axes.map((axis) => some[axis]!), offset: 0 }));
	const merged = coalesce(
		axes.map((axis) => shape[axis]!),
		layouts,
	);
	return { sizes: merged.shape, strides: merged.layouts.map((layout) => layout.strides) };
}

/** The least power of 2 that is not below a number. */
function powerFrom(x: number): number {
	return 2 ** Math.ceil(Math.log2(Math.max(1, x)));
}

import type { Draw } from "../../lib/core/op.ts";
import { Tensor, type TensorIndex } from "../../lib/index.ts";
import { drawSections, rangesOf } from "../../lib/ops/ranges.ts";

/** A shape and indices of it, of all kinds, that broadcast together. */
export function drawIndexList(draw: Draw): { shape: number[]; indices: TensorIndex[] } {
	const shape = Array.from({ length: draw.integer(1, 4) }, () => draw.integer(1, 4));
	// A mask as one of the tensors decides how many places they have together.
	const places = draw.pick([[], [0], [1], [2], [3], [2, 2]]);
	const indices: TensorIndex[] = [];
	let axis = 0;
	const rest = draw.integer(0, 2) === 0 ? draw.integer(0, shape.length) : -1;
	while (axis < shape.length && draw.integer(0, 7) > 0) {
		if (axis === rest && !indices.includes("...")) {
			indices.push("...");
			axis += draw.integer(0, shape.length - axis);
			// What comes after it is counted from the end.
			const behind = shape.slice(axis).map((size) => drawIndex(draw, size, places));
			indices.push(...behind);
			break;
		}
		if (draw.integer(0, 5) === 0) indices.push("newAxis");
		const masked = draw.integer(1, 2);
		if (draw.integer(0, 5) === 0 && axis + masked <= shape.length) {
			indices.push(drawMask(draw, shape.slice(axis, axis + masked), places));
			axis += masked;
		} else {
			indices.push(drawIndex(draw, shape[axis]!, places));
			axis++;
		}
	}
	return { shape, indices };
}

function drawIndex(draw: Draw, size: number, places: readonly number[]): TensorIndex {
	const kind = draw.integer(0, 3);
	if (kind === 0) return draw.integer(-size, size - 1);
	if (kind === 1) return rangesOf(drawSections(draw, [size]))[0] ?? null;
	if (kind === 2) return null;
	const shape = places.slice(draw.integer(0, places.length));
	const stretched = shape.map((n) => (draw.integer(0, 3) === 0 ? 1 : n));
	const count = stretched.reduce((product, n) => product * n, 1);
	const data = Int32Array.from({ length: count }, () => draw.integer(-size, size - 1));
	return new Tensor(data, "int32", stretched);
}

/** A mask that takes as many elements as the last axis of the places has, as far as there are. */
function drawMask(draw: Draw, shape: readonly number[], places: readonly number[]): Tensor {
	const size = shape.reduce((product, n) => product * n, 1);
	const count = places.at(-1) ?? 1;
	const data = new Uint8Array(size);
	// As many as there is room for, and one alone broadcasts.
	for (let left = count > size ? 1 : count; left > 0; ) {
		const at = draw.integer(0, size - 1);
		const free = data.indexOf(0, at) >= 0 ? data.indexOf(0, at) : data.indexOf(0);
		data[free] = 1;
		left--;
	}
	return new Tensor(data, "bool", shape);
}

/** The indices as Python writes them. */
export function inPython(indices: readonly TensorIndex[]): string {
	const number = (x: number | null | undefined) => (x == null ? "" : String(x));
	const texts = indices.map((index) => {
		if (index === "...") return "...";
		if (index === "newAxis") return "None";
		if (index === null) return ":";
		if (typeof index === "number") return String(index);
		if (index instanceof Tensor) {
			const data = [...index.data].map((x) =>
				index.dtype === "bool" ? (x ? "True" : "False") : x,
			);
			return `np.array([${data.join(", ")}], dtype=np.${index.dtype}).reshape(${JSON.stringify(index.shape)})`;
		}
		return [index[0], index[1], index[2]].map(number).join(":");
	});
	return texts.length === 0 ? "()" : `${texts.join(", ")},`;
}

/** Where in x, in row-major order, each element of the part is: by NumPy's rules, one by one. */
export function positionsOf(
	shape: readonly number[],
	indices: readonly TensorIndex[],
): { shape: number[]; positions: number[] } {
	const axesOf = (index: TensorIndex) =>
		index === "..." || index === "newAxis"
			? 0
			: index instanceof Tensor && index.dtype === "bool"
				? index.rank
				: 1;
	const own = indices.reduce<number>((sum, index) => sum + axesOf(index), 0);
	const given = indices.includes("...") ? indices : [...indices, "..." as const];
	const hasTensor = indices.some((index) => index instanceof Tensor);
	/** For each axis of x: the places that a range takes, or an array. */
	const axes: ({ range: number[] } | { array: Tensor })[] = [];
	/** What stands for what in the result: an axis of x, a new one, or an array. */
	const layout: ("array" | "new" | number | "nothing")[] = [];
	for (const index of given) {
		if (index === "newAxis") layout.push("new");
		else if (index === "...") {
			layout.push("nothing");
			for (let i = own; i < shape.length; i++) layout.push(axes.push(all(shape[axes.length]!)) - 1);
		} else if (index instanceof Tensor && index.dtype === "bool") {
			layout.push("array");
			for (const array of nonzero(index)) axes.push({ array });
		} else if (index instanceof Tensor) {
			layout.push("array");
			axes.push({ array: index });
		} else if (typeof index === "number") {
			const size = shape[axes.length]!;
			const at = index < 0 ? index + size : index;
			layout.push(hasTensor ? "array" : "nothing");
			axes.push(hasTensor ? { array: vectorOf([at], []) } : { range: [at] });
		} else layout.push(axes.push({ range: rangeOf(index, shape[axes.length]!) }) - 1);
	}
	const arrays = axes.flatMap((axis) => ("array" in axis ? [axis.array] : []));
	const places = broadcast(arrays.map((array) => array.shape));
	const first = layout.indexOf("array");
	const between = layout.slice(first, layout.lastIndexOf("array") + 1);
	const isApart = between.some((one) => one !== "array");
	const order = layout.filter((one, i) => one !== "nothing" && (one !== "array" || i === first));
	if (isApart) order.unshift(...order.splice(order.indexOf("array"), 1));
	const sizes = order.flatMap((one) => {
		if (one === "array") return places;
		return one === "new" ? [1] : [(axes[one as number] as { range: number[] }).range.length];
	});
	const positions = indicesOf(sizes).map((at) => {
		const rest = [...at];
		const place: number[] = [];
		const along = new Map<number, number>();
		for (const one of order) {
			if (one === "array") place.push(...rest.splice(0, places.length));
			else if (one === "new") rest.shift();
			else along.set(one as number, rest.shift()!);
		}
		return axes.reduce((position, axis, i) => {
			const index = "range" in axis ? axis.range[along.get(i) ?? 0]! : elementAt(axis.array, place);
			return position * shape[i]! + (index < 0 ? index + shape[i]! : index);
		}, 0);
	});
	return { shape: sizes, positions };
}

const all = (size: number) => ({ range: Array.from({ length: size }, (_, i) => i) });

function vectorOf(values: readonly number[], shape: readonly number[]): Tensor {
	return new Tensor(Int32Array.from(values), "int32", shape);
}

function rangeOf(range: Exclude<TensorIndex, number | string | Tensor>, size: number): number[] {
	const [start, stop, step] = range ?? [];
	const by = step ?? 1;
	const from = (x: number) => (x < 0 ? x + size : x);
	const out: number[] = [];
	const last = stop == null ? (by > 0 ? size : -1) : Math.max(-1, from(stop));
	let i = start == null ? (by > 0 ? 0 : size - 1) : from(start);
	i = by > 0 ? Math.max(0, i) : Math.min(size - 1, i);
	for (; by > 0 ? i < Math.min(last, size) : i > last; i += by) if (i >= 0) out.push(i);
	return out;
}

function nonzero(mask: Tensor): Tensor[] {
	const found = indicesOf(mask.shape).filter((at) => elementAt(mask, at) !== 0);
	return mask.shape.map((_, axis) =>
		vectorOf(
			found.map((at) => at[axis]!),
			[found.length],
		),
	);
}

function broadcast(shapes: readonly (readonly number[])[]): number[] {
	const rank = Math.max(0, ...shapes.map(({ length }) => length));
	return Array.from({ length: rank }, (_, i) => {
		const sizes = shapes.map((shape) => shape[shape.length - rank + i] ?? 1);
		return sizes.find((size) => size !== 1) ?? 1;
	});
}

function indicesOf(shape: readonly number[]): number[][] {
	return shape.reduce<number[][]>(
		(some, size) => some.flatMap((at) => Array.from({ length: size }, (_, i) => [...at, i])),
		[[]],
	);
}

function elementAt(x: Tensor, index: readonly number[]): number {
	const own = index.slice(index.length - x.rank);
	return x.data[
		own.reduce((at, i, axis) => at * x.shape[axis]! + (x.shape[axis] === 1 ? 0 : i), 0)
	]!;
}

import type { Pair } from "../../../../core/geometry.ts";
import type { ProductFactor } from "../products/factor.ts";
import type { Target } from "../products/stores.ts";
import { coordinate, scaledText, sumText } from "../products/text.ts";

// Tensors of planes, as images are: planes of several channels, and those of several samples.

/**
 * Points of planes. They are numbered in row-major order, and then those of the next plane that is
 * walked over.
 */
export interface PlaneWalk {
	/** How many rows and columns of points there are on each plane. */
	readonly size: Pair;
	/** How far apart they are, and where the first one is. */
	readonly step: Pair;
	readonly start: Pair;
	/** From a plane to the next, in elements. */
	readonly plane: number;
}

/** All points of planes of this size. */
export function everyPoint(size: Pair, plane: number): PlaneWalk {
	return { size, step: [1, 1], start: [0, 0], plane };
}

/** The first point of each plane. */
export function firstPoint(plane: number): PlaneWalk {
	return everyPoint([1, 1], plane);
}

/** How many points there are on a plane. */
export function areaOf([height, width]: Pair): number {
	return height * width;
}

/** What a factor that consists of planes is made of. */
export interface Planes {
	readonly operand: number;
	readonly size: Pair;
	/** From the matrices of a group of channels to those of the next, in elements. */
	readonly group: number;
	/** The lines, and how many there are; the place of an element is the sum of two points. */
	readonly lines: number;
	readonly line: PlaneWalk;
	readonly term: PlaneWalk;
	readonly along: ProductFactor["along"];
}

/** A factor whose elements lie on planes. */
export function planarFactor({
	operand,
	size,
	group,
	lines,
	line,
	term,
	along,
}: Planes): ProductFactor {
	const first = scaledText("batch", group);
	const [near, across] = along === "lines" ? [line, term] : [term, line];
	if (isEvery(near, size) && isFirst(across)) {
		return {
			...{ operand, lines, along, place: "i32", index: "place" },
			fours: areaOf(size) % 4 === 0,
			ofLine: sumText(first, indexOf("line", line, size)),
			ofTerm: indexOf("k", term, size),
		};
	}
	const [plane, ...point] = pointOf("line", line);
	const [height, width] = size;
	// What is less than 0 is great as an unsigned number.
	const inside = `all(vec2<u32>(place.yz) < vec2<u32>(${height}u, ${width}u))`;
	return {
		...{ operand, lines, along, place: "vec3<i32>", fours: false },
		ofLine: vectorOf([sumText(first, plane), ...point]),
		ofTerm: vectorOf(pointOf("k", term)),
		index: `place.x + ${scaledText("place.y", width)} + place.z`,
		...(isInside(line, term, size) ? {} : { inside }),
	};
}

/** Where the elements of products go whose rows are channels, of which a group has so many. */
export function planarTarget(size: Pair, channels: number, columns: PlaneWalk): Target {
	const row = sumText(scaledText("batch", channels), "row");
	return {
		element: sumText(scaledText(`(${row})`, areaOf(size)), indexOf("column", columns, size)),
		row,
		fours: isEvery(columns, size) && areaOf(size) % 4 === 0,
	};
}

/** Where a point lies: the first element of its plane, its row and its column. */
type Point = readonly [plane: string, row: string, column: string];

function pointOf(number: string, { size, step, start, plane }: PlaneWalk): Point {
	const [height, width] = size;
	return [
		scaledText(planeOf(number, size), plane),
		sumText(scaledText(coordinate(number, width, height), step[0]), start[0]),
		sumText(scaledText(coordinate(number, 1, width), step[1]), start[1]),
	];
}

/** The index of a point of planes. */
function indexOf(number: string, walk: PlaneWalk, size: Pair): string {
	if (isEvery(walk, size)) {
		const within = coordinate(number, 1, areaOf(size));
		return sumText(scaledText(planeOf(number, size), walk.plane), within);
	}
	const [plane, row, column] = pointOf(number, walk);
	return sumText(plane, scaledText(row.includes(" ") ? `(${row})` : row, size[1]), column);
}

function planeOf(number: string, size: Pair): string {
	return areaOf(size) <= 1 ? number : `${number} / ${areaOf(size)}`;
}

function vectorOf(point: Point): string {
	return `vec3<i32>(${point.join(", ")})`;
}

function isEvery({ size, step, start }: PlaneWalk, planes: Pair): boolean {
	return [0, 1].every((i) => size[i] === planes[i] && step[i] === 1 && start[i] === 0);
}

function isFirst({ size, start }: PlaneWalk): boolean {
	return areaOf(size) === 1 && start.every((first) => first === 0);
}

/** Whether all sums of points of two walks lie on planes of this size. */
function isInside(a: PlaneWalk, b: PlaneWalk, size: Pair): boolean {
	return [0, 1].every((i) => {
		const [first, second] = [a, b].map(({ size, step, start }) => {
			const last = start[i]! + (size[i]! - 1) * step[i]!;
			return [Math.min(start[i]!, last), Math.max(start[i]!, last)] as const;
		});
		return first![0] + second![0] >= 0 && first![1] + second![1] < size[i]!;
	});
}

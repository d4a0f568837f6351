import { ARRAYS, type TypedArray } from "../core/dtype.ts";
import { type Kind, linesAtOnce, networkModule, ROOM } from "./network.ts";
import { orderTies, placeZeros, radixOrder, radixSort, sortingKeys } from "./radix.ts";
import { WORTH_CODE, windowMemory } from "./vectors.ts";

/** Puts the elements of each line of n in ascending order, NaN last; 0 and −0 keep their order. */
export function sortLines(x: TypedArray, n: number, out: TypedArray): void {
	const kind =
		x instanceof Float32Array ? "float32" : x instanceof Float64Array ? "float64" : "int32";
	const isSorted = throughNetwork(kind, x.length, n, (window, run, start, end) => {
		window.set(x.subarray(start, end));
		const isOdd = run();
		out.set(window.subarray(0, end - start), start);
		if (isOdd) for (let line = start; line < end; line += n) mendFloats(x, line, n, out);
	});
	if (isSorted) return;
	for (let start = 0; start < x.length; start += n) radixSort(x, start, n, out);
}

/**
 * The order in which the elements of each line of n are sorted, as positions from 0: ascending with
 * NaN last, or descending with NaN first. Stable: what is equal keeps its order.
 */
export function orderLines(x: TypedArray, n: number, descending: boolean, out: Int32Array): void {
	const positions = new Uint32Array(out.buffer, out.byteOffset, out.length);
	// A number holds a key and behind that the position; so no two are equal.
	const isSorted = throughNetwork("float64", x.length, n, (window, run, start, end) => {
		const { keys, lower } = sortingKeys(x, start, end - start, descending);
		for (let line = 0; line < keys.length; line += n) {
			for (let i = 0; i < n; i++) window[line + i] = keys[line + i]! * ROOM + i;
		}
		run();
		const order = positions.subarray(start, end);
		for (let i = 0; i < keys.length; i++) order[i] = window[i]! & (ROOM - 1);
		if (lower === null) return;
		for (let i = 0; i < keys.length; i++) keys[i] = window[i]! / ROOM;
		orderTies(keys, lower, order, n);
	});
	if (isSorted) return;
	for (let start = 0; start < x.length; start += n) {
		positions.set(radixOrder(x, start, n, descending), start);
	}
}

/** Vectors that the nearest cache holds: short lines are sorted so many blocks at a time. */
const NEAR = 1024;
/** Shorter blocks than that there are not. */
const LEAST = 8;

/** How many elements were seen, and then the code for them. */
const networks: Record<Kind, { seen: number; sorter?: ReturnType<typeof sorterOf> }> = {
	float32: { seen: 0 },
	float64: { seen: 0 },
	int32: { seen: 0 },
};

/**
 * Sorts as many lines of n elements at a time as the network takes: `sort` puts the elements from
 * `start` to `end` into the window, runs it, and takes them out. False where that is not done:
 * lines are too long, there are no vectors, or too few elements were seen to make code for them.
 */
function throughNetwork(
	kind: Kind,
	size: number,
	n: number,
	sort: (window: TypedArray, run: () => boolean, start: number, end: number) => void,
): boolean {
	const network = networks[kind];
	network.seen += size;
	if (network.seen < WORTH_CODE || size === 0) return false;
	const lanes = linesAtOnce(kind);
	let block = LEAST;
	while (block < n) block *= 2;
	// A lane that has no line takes as long as the others.
	if (block > ROOM * Math.min(1, size / n / lanes)) return false;
	network.sorter ??= sorterOf(kind);
	if (network.sorter === null) return false;
	const { window, run } = network.sorter;
	const step = n * lanes * Math.max(1, NEAR / block);
	for (let start = 0; start < size; start += step) {
		const end = Math.min(size, start + step);
		sort(window, () => run((end - start) / n, n, block) !== 0, start, end);
	}
	return true;
}

/** The code and where it finds lines; null where there are no vectors. */
function sorterOf(kind: Kind) {
	const memory = windowMemory();
	if (memory === null) return null;
	const module = new WebAssembly.Module(networkModule(kind));
	const { exports } = new WebAssembly.Instance(module, { env: { memory } });
	const window: TypedArray = new ARRAYS[kind](memory.buffer, 0, ROOM * linesAtOnce(kind));
	return { window, run: exports.run as (lines: number, n: number, block: number) => number };
}

/** What vectors do not tell apart: NaN, which became infinity, and 0 and −0. */
function mendFloats(x: TypedArray, start: number, n: number, out: TypedArray): void {
	let missing = 0;
	for (let i = start; i < start + n; i++) if (Number.isNaN(x[i])) missing++;
	out.fill(Number.NaN, start + n - missing, start + n);
	placeZeros(x, start, n, out);
}

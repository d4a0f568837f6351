import { ModuleBuilder } from "./assembler.ts";
import { fuses } from "./fused.ts";
import { f32x4 } from "./simd.ts";
import { emitTile, type Tiles } from "./tile.ts";

/** What this engine makes of WebAssembly. */
export interface Engine {
	/** Whether vectors of 256 bits were switched on, and if not, why. */
	readonly wide: boolean;
	readonly reason: string | null;
	/**
	 * How products are computed that have to give the same bits in every engine: the sizes of blocks
	 * at which they are fastest.
	 */
	readonly tiles: Tiles;
	/** How they are fastest if they need not; null where multiply-add is not fused. */
	readonly fused: Tiles | null;
}

/** What tiles have in common where vectors are as they are, and where two are made one. */
const SINGLE = { joined: 1, depth: 512, rowBlock: 256 } as const;
const JOINED = { joined: 2, depth: 256, rowBlock: 256 } as const;
/** Sixteen registers hold eight sums, with what they are made of. */
const NARROW: Tiles = { ...SINGLE, vectors: [6, 4, 2, 2], tall: 4, packedRows: 64, fused: false };
/** The same registers, each of two vectors. */
const WIDE: Tiles = { ...JOINED, vectors: [8, 8, 4, 4], tall: 8, packedRows: 512, fused: false };
/** Products that are added at once need no registers, which is enough for a fifth row. */
const NARROW_FUSED: Tiles = {
	...SINGLE,
	vectors: [6, 4, 3, 2, 2],
	tall: 10,
	packedRows: 512,
	fused: true,
};
const WIDE_FUSED: Tiles = {
	...JOINED,
	vectors: [8, 8, 6, 4, 4],
	tall: 10,
	packedRows: 512,
	fused: true,
};

let found: Engine | null | undefined;

/**
 * What this engine makes of WebAssembly, found out when it is first asked for; null where there is
 * none, no SIMD, or where it may not be used (a page's Content-Security-Policy without
 * wasm-unsafe-eval).
 */
export function engine(): Engine | null {
	if (found === undefined) found = hasSimd() ? probe() : null;
	return found;
}

/** Whether there are vectors, and code may be made for them. */
export function hasSimd(): boolean {
	const m = new ModuleBuilder(null);
	m.define("first", ["f32"], "f32", (_, x) => f32x4.extract(f32x4.splat(x), 0));
	try {
		// To validate a module is not enough: it may be compiling it that is forbidden.
		return new WebAssembly.Module(m.bytes()) instanceof WebAssembly.Module;
	} catch {
		return false;
	}
}

/** The part of Node's `v8` module that is used. */
interface V8 {
	setFlagsFromString(flag: string): void;
}

interface NodeProcess {
	readonly versions?: Readonly<Record<string, string>>;
	readonly execArgv?: readonly string[];
	getBuiltinModule?(name: string): unknown;
}

/**
 * The first V8 whose compiler keeps the order of the code, and joins neighbouring vectors reliably:
 * that of Node 24. Those before load all factors of a tile first, so that with five rows registers
 * do not suffice.
 */
const FIRST_WIDE_V8 = 13.6;
/** The V8 of Node 20, the last one that takes relaxed SIMD only if it is told to. */
const LAST_STRICT_V8 = 11.3;

/**
 * Those that are called Node too: they have another engine, or one whose flags must not change any
 * more, which would end the process.
 */
const OTHERS = ["bun", "deno", "electron", "nw"];

/**
 * Looks whether multiply-add is fused, and switches vectors of 256 bits on if the engine can, and
 * if they then are faster and compute the same.
 */
function probe(): Engine {
	const v8 = flagsOfV8();
	if (v8?.version === LAST_STRICT_V8) v8.set("--experimental-wasm-relaxed-simd");
	const isLate = v8 !== null && v8.version >= FIRST_WIDE_V8;
	const narrow = isLate ? NARROW_FUSED : { ...NARROW, fused: true };
	const fused = fuses() ? { narrow, wide: WIDE_FUSED } : null;
	const refused = (reason: string): Engine => {
		return { wide: false, reason, tiles: NARROW, fused: fused?.narrow ?? null };
	};
	if (!isLate) return refused("needs Node 24 or later");
	const memory = pageOfMemory();
	if (memory === null) return refused("no memory to try others");
	const before = new Kernel(fused?.narrow ?? NARROW, memory);
	before.run(0);
	v8.set("--experimental-wasm-revectorize");
	const after = new Kernel(fused?.wide ?? WIDE, memory);
	after.run(GAIN * before.rate);
	// By now it is compiled well, however busy the machine.
	before.run(0);
	const reason = objection(before, after);
	if (reason === null) {
		return { wide: true, reason: null, tiles: WIDE, fused: fused?.wide ?? null };
	}
	v8.set("--no-experimental-wasm-revectorize");
	return refused(reason);
}

/** A V8 whose flags may be set. */
interface Flags {
	readonly version: number;
	readonly set: (flag: string) => void;
}

/**
 * The V8 of Node, if its flags may be set; others, asked for a flag that they do not know, complain
 * on the console.
 */
function flagsOfV8(): Flags | null {
	const node = (globalThis as { process?: NodeProcess }).process;
	const versions = node?.versions ?? {};
	if (OTHERS.some((name) => name in versions)) return null;
	if (node?.execArgv?.includes("--freeze-flags-after-init")) return null;
	const v8 = node?.getBuiltinModule?.("node:v8") as V8 | undefined;
	if (v8 === undefined) return null;
	const version = Number.parseFloat(versions.v8 ?? "0");
	return { version, set: (flag) => v8.setFlagsFromString(flag) };
}

/**
 * Memory for the kernels; null where there is none, as under a limit on addresses: engines reserve
 * gigabytes of them for any memory.
 */
function pageOfMemory(): WebAssembly.Memory | null {
	try {
		return new WebAssembly.Memory({ initial: 1 });
	} catch (error) {
		if (error instanceof RangeError) return null;
		throw error;
	}
}

/** How much faster 256-bit vectors have to be. */
const GAIN = 1.25;

/** What a kernel computed, and the best number of products a millisecond that it was seen to do. */
export interface Measured {
	readonly result: Float32Array;
	readonly rate: number;
}

/**
 * What speaks against 256-bit vectors, from a kernel's run without them and with them; null if
 * nothing does.
 */
export function objection(before: Measured, after: Measured): string | null {
	if (!after.result.every((x, i) => Object.is(x, before.result[i]))) {
		return "256-bit vectors compute something else here";
	}
	return after.rate < GAIN * before.rate ? "256-bit vectors are hardly faster here" : null;
}

const DEPTH = 256;
const COLUMNS = 16;

/**
 * The register tile of some sizes, to be measured; its result is of the columns that all tiles
 * have.
 */
class Kernel implements Measured {
	rate = 0;
	result = new Float32Array();
	readonly #run: () => void;
	readonly #products: number;
	readonly #sums: Float32Array;

	constructor({ vectors, fused }: Tiles, memory: WebAssembly.Memory) {
		const rows = vectors.length;
		const width = vectors[rows - 1]!;
		this.#products = rows * width;
		const [a, b, c] = [0, 4 * rows * DEPTH, 4 * rows * DEPTH + 4 * COLUMNS * DEPTH];
		const m = new ModuleBuilder({ pages: 1 });
		m.define("run", ["i32", "i32", "i32"], "none", (f, left, right, out) => {
			emitTile(f, f32x4, {
				aRows: vectors.map((_, i) => 4 * DEPTH * i),
				vectors: Array.from({ length: width }, (_, v) => 16 * v),
				a: left,
				b: right,
				c: out,
				cRow: 4 * COLUMNS,
				aStep: 4,
				bStep: 4 * COLUMNS,
				depth: DEPTH,
				accumulate: false,
				lanes: 4,
				fused,
			});
		});
		const operands = new Float32Array(memory.buffer, 0, c / 4);
		for (let i = 0; i < operands.length; i++) operands[i] = Math.sin(i);
		const module = new WebAssembly.Module(m.bytes());
		const { exports } = new WebAssembly.Instance(module, { env: { memory } });
		this.#run = () => (exports.run as (a: number, b: number, c: number) => void)(a, b, c);
		this.#sums = new Float32Array(memory.buffer, c, rows * COLUMNS);
	}

	/**
	 * Runs for a few milliseconds, longer on a busy machine if it does not reach the expected rate.
	 */
	run(expected: number): void {
		const begin = performance.now();
		// An engine compiles well what it has seen run for about a millisecond.
		for (let now = begin; now < begin + (this.rate < expected ? 50 : 4); ) {
			for (let i = 0; i < 20; i++) this.#run();
			const then = now;
			now = performance.now();
			this.rate = Math.max(this.rate, (20 * this.#products) / (now - then));
		}
		this.result = this.#sums.filter((_, i) => i % COLUMNS < 8);
	}
}

import type { CodedKernel } from "../../schedule/kernel.ts";
import { BYTES_EACH } from "./buffer-chain.ts";
import type { Bound } from "./commands.ts";
import type { ShaderTile } from "./kernels/products/tile.ts";
import { shadersOf, tilesOf } from "./kernels.ts";
import { STORAGE } from "./memory.ts";
import { type Pipelines, PLACES_BYTES, UNIFORM } from "./pipelines.ts";
import { Stopwatch } from "./stopwatch.ts";
import { gridOf, type ShaderOperand } from "./wgsl/shader.ts";

/** A kernel that there are several ways to compute, all to the same bits. */
export interface Tunable {
	readonly kernel: CodedKernel;
	readonly operands: readonly ShaderOperand[];
	/** The elements of each slot. */
	readonly sizes: readonly number[];
}

/** The way that was fastest. */
export interface TileChoice {
	readonly tile: ShaderTile;
	readonly seconds: number;
	/** Of how many that were tried. */
	readonly of: number;
}

/** So many of the best guesses are tried, so many times each, with so many runs a time. */
const MOST = 4;
const TIMES = 3;
const RUNS = 4;

/** Finds out which tile is the fastest for each shape, on the device itself. */
export class Tuner {
	readonly #known = new Map<string, TileChoice>();

	/** What was found out for a kernel of this shape. */
	choiceFor(kernel: CodedKernel): TileChoice | undefined {
		return this.#known.get(keyOf(kernel));
	}

	/** Tries the tiles of kernels whose shapes it does not know. */
	async measure(
		device: GPUDevice,
		pipelines: Pipelines,
		tunables: readonly Tunable[],
	): Promise<void> {
		for (const tunable of tunables) {
			if (this.choiceFor(tunable.kernel) !== undefined) continue;
			const choice = await fastest(device, pipelines, tunable);
			this.#known.set(keyOf(tunable.kernel), choice);
		}
	}
}

/** Kernels that differ in what follows a product share the choice. */
function keyOf(kernel: CodedKernel): string {
	if (kernel.kind === "product") return JSON.stringify(kernel.matrices);
	if (kernel.kind !== "convolution") return "";
	return JSON.stringify([kernel.wanted, kernel.convolution]);
}

async function fastest(
	device: GPUDevice,
	pipelines: Pipelines,
	{ kernel, operands, sizes }: Tunable,
): Promise<TileChoice> {
	const made: GPUBuffer[] = [];
	const bufferOf = (size: number): GPUBuffer => {
		const buffer = device.createBuffer({ size: Math.max(16, size * BYTES_EACH), usage: STORAGE });
		made.push(buffer);
		return buffer;
	};
	const places = device.createBuffer({ size: PLACES_BYTES, usage: UNIFORM });
	made.push(places);
	const shared = sizes.map(bufferOf);
	const candidates = tilesOf(kernel)
		.slice(0, MOST)
		.map((tile) => {
			const { shaders, temporaries = [] } = shadersOf(kernel, operands, tile);
			const all = [...shared, ...temporaries.map(({ size }) => bufferOf(size))];
			const dispatches = shaders
				.filter(({ workgroups }) => workgroups > 0)
				.map((shader) => {
					const buffers = shader.bindings.map(({ slot }) => ({ buffer: all[slot]! }));
					const bound = pipelines.bound(shader, { places, size: PLACES_BYTES }, buffers);
					return { bound, grid: gridOf(shader.workgroups) };
				});
			return { tile, dispatches, seconds: Number.POSITIVE_INFINITY };
		});
	const watch = new Stopwatch(device);
	try {
		// The first time warms up.
		for (let time = 0; time <= TIMES; time++) {
			for (const candidate of candidates) {
				const seconds = await watch.seconds((pass) => {
					for (let run = 0; run < RUNS; run++) dispatchAll(pass, candidate.dispatches);
				});
				if (time > 0) candidate.seconds = Math.min(candidate.seconds, seconds / RUNS);
			}
		}
	} finally {
		watch.close();
		for (const buffer of made) buffer.destroy();
	}
	const { tile, seconds } = candidates.reduce((a, b) => (b.seconds < a.seconds ? b : a));
	return { tile, seconds, of: candidates.length };
}

function dispatchAll(
	pass: GPUComputePassEncoder,
	dispatches: readonly { readonly bound: Bound; readonly grid: readonly [number, number] }[],
): void {
	for (const { bound, grid } of dispatches) {
		pass.setPipeline(bound.pipeline);
		pass.setBindGroup(0, bound.group, [0]);
		pass.dispatchWorkgroups(grid[0], grid[1]);
	}
}

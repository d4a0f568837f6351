import { BYTES_EACH } from "./buffer-chain.ts";
import type { CommandRecording } from "./commands.ts";
import { STORAGE } from "./memory.ts";

/** Words of a buffer. */
const PAGE = 4096;
/** So many words are joined at a time. */
const MOST = 64;

const JOIN = `@group(0) @binding(0) var<storage, read> given: array<u32, ${MOST}>;
@group(0) @binding(1) var<storage, read_write> failed: atomic<u32>;
@compute @workgroup_size(${MOST})
fn main(@builtin(local_invocation_index) i: u32) {
if (given[i] != 0u) { atomicOr(&failed, 1u); }
}
`;

/** What joins words on a device. */
interface Joining {
	readonly pipeline: GPUComputePipeline;
	readonly given: GPUBuffer;
}

/**
 * A word for each call in which something may have gone wrong, in it or in those before it, until
 * somebody has looked at it.
 */
export class FailureWords {
	#device!: GPUDevice;
	#pages: GPUBuffer[] = [];
	#joining: Joining | null = null;
	readonly #free: number[] = [];
	#count = 0;

	/** Has the words lie on another device; each is 0 there. */
	begin(device: GPUDevice): void {
		this.#device = device;
		this.#pages = [];
		this.#joining = null;
	}

	/** A word for a call. */
	take(): number {
		return this.#free.pop() ?? this.#count++;
	}

	/** Where a word lies. */
	placeOf(word: number): { readonly buffer: GPUBuffer; readonly first: number } {
		const page = Math.floor(word / PAGE);
		this.#pages[page] ??= this.#device.createBuffer({ size: PAGE * BYTES_EACH, usage: STORAGE });
		return { buffer: this.#pages[page], first: word % PAGE };
	}

	/** All went well, which nobody has to ask again. */
	free(word: number): void {
		this.#free.push(word);
	}

	/** Has a word say so if any of these does. */
	join(recording: CommandRecording, words: readonly number[], failed: GPUBuffer): void {
		this.#joining ??= this.#made();
		const { pipeline, given } = this.#joining;
		const entries = [given, failed].map((buffer, binding) => ({ binding, resource: { buffer } }));
		const group = this.#device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries });
		for (let from = 0; from < words.length; from += MOST) {
			recording.clear(given, 0, MOST);
			for (const [i, word] of words.slice(from, from + MOST).entries()) {
				const { buffer, first } = this.placeOf(word);
				recording.copy([buffer], [given], { from: first, to: i, size: 1 });
			}
			recording.dispatch({ pipeline, group }, [], [1, 1]);
		}
	}

	#made(): Joining {
		const module = this.#device.createShaderModule({ code: JOIN });
		return {
			pipeline: this.#device.createComputePipeline({
				layout: "auto",
				compute: { module, entryPoint: "main" },
			}),
			given: this.#device.createBuffer({ size: MOST * BYTES_EACH, usage: STORAGE }),
		};
	}
}

/** What a cache asks of a program. */
interface Held {
	/** The memory that it holds. */
	readonly bytes: number;
}

/**
 * Programs by their keys, as many as hold so many bytes together: the one not used for longest
 * makes room. The last one used stays, however much it holds.
 */
export class ProgramCache<P extends Held> {
	/** In the order of last use. */
	readonly #programs = new Map<string, P>();
	readonly #mostBytes: number;
	#lastKey: string | undefined;
	#last: P | undefined;
	#bytes = 0;
	#dropped = 0;

	constructor(mostBytes: number) {
		this.#mostBytes = mostBytes;
	}

	/** How many programs have made room. */
	get dropped(): number {
		return this.#dropped;
	}

	/** The program of a key, which counts as used. */
	get(key: string): P | undefined {
		// Most calls are like the one before, and to look up a key of many tensors takes long.
		if (key === this.#lastKey) return this.#last;
		const program = this.#programs.get(key);
		if (program !== undefined) {
			this.#programs.delete(key);
			this.#programs.set(key, program);
			this.#lastKey = key;
			this.#last = program;
		}
		return program;
	}

	/** Keeps a program under a key, in place of one that a recursive function has there. */
	set(key: string, program: P): void {
		this.#bytes += program.bytes - (this.#programs.get(key)?.bytes ?? 0);
		this.#programs.delete(key);
		this.#programs.set(key, program);
		this.#lastKey = key;
		this.#last = program;
		for (const [oldest, { bytes }] of this.#programs) {
			if (this.#bytes <= this.#mostBytes || this.#programs.size === 1) break;
			this.#programs.delete(oldest);
			this.#bytes -= bytes;
			this.#dropped++;
		}
	}
}

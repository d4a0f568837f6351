/** So many numbers the kept tables of one kind may be for, all together. */
const KEPT = 2 ** 20;

/**
 * Tables for lengths n, made when they are first asked for. Those that were asked for last are
 * kept, as long as their lengths together are small enough; the last one always is.
 */
export class Tables<T> {
	readonly #made = new Map<number, T>();
	#total = 0;
	readonly #make: (n: number) => T;

	constructor(make: (n: number) => T) {
		this.#make = make;
	}

	get(n: number): T {
		const known = this.#made.get(n);
		const table = known ?? this.#make(n);
		// Of a map the entry that was set first comes first.
		if (known === undefined) this.#total += n;
		else this.#made.delete(n);
		this.#made.set(n, table);
		for (const oldest of this.#made.keys()) {
			if (this.#total <= KEPT || oldest === n) break;
			this.#made.delete(oldest);
			this.#total -= oldest;
		}
		return table;
	}
}

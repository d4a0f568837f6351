/** What was made for keys, of which so many that were used last are remembered. */
export class Recent<V> {
	readonly #most: number;
	/** In the order of last use. */
	readonly #known = new Map<string, V>();

	constructor(most: number) {
		this.#most = most;
	}

	/** What there is for a key, or is made for it now. */
	of(key: string, make: () => V): V {
		const value = this.#known.get(key) ?? make();
		this.#known.delete(key);
		this.#known.set(key, value);
		if (this.#known.size > this.#most) {
			const [oldest] = this.#known.keys();
			this.#known.delete(oldest!);
		}
		return value;
	}
}

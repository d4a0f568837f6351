/**
 * Numbers between offset − size and offset + size that look random, the same for every contestant:
 * `numbers` of contestant.py gives them in Python.
 */
export function values(seed: number, count: number, size = 1, offset = 0): Float64Array {
	return Float64Array.from({ length: count }, (_, i) => {
		const spread = Math.sin(12.9898 * i + 78.233 * seed) * 43758.5453;
		return offset + size * (2 * (spread - Math.floor(spread)) - 1);
	});
}

/**
 * The function that `make` makes, when it is first called: what is not asked for takes no memory.
 */
export function lazily<T>(make: () => () => T): () => T {
	let run: (() => T) | undefined;
	return () => {
		run ??= make();
		return run();
	};
}

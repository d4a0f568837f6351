import type { Tensor } from "./tensor.ts";

/** Who is told what layers call their values; null: nobody. A derivation that records sets it. */
export const naming: { tell: ((x: Tensor, name: string) => void) | null } = { tell: null };

/**
 * The same tensor, for which a derivation has this name if the user gave it none: `q`, `scores`.
 * Nothing is recorded, so it is in no program.
 */
export function labelled(x: Tensor, name: string): Tensor {
	naming.tell?.(x, name);
	return x;
}

/** Runs a function; adds what layers call their values on the way to `told`. */
export function whileNaming<T>(told: [Tensor, string][], f: () => T): T {
	const { tell } = naming;
	naming.tell = (x, name) => told.push([x, name]);
	try {
		return f();
	} finally {
		naming.tell = tell;
	}
}

/** Whether a derivation records what is computed. */
export function isDerived(): boolean {
	return naming.tell !== null;
}

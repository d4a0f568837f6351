import type { Tensor } from "../../lib/index.ts";

/** Inputs by the names that expressions know them by. */
export type Inputs = Readonly<Record<string, Tensor>>;

/** Tensors, nested in lists as the expressions of other systems nest theirs. */
export type Result = Tensor | readonly Result[];

/** A value of ours beside the same of other systems, all of the same inputs. */
export interface Row {
	/** What is compared; two rows of a family have two names. */
	readonly name: string;
	readonly inputs: Inputs;
	readonly ours: (inputs: Inputs) => Result;
	/** In Python with `np`, `scipy` and `mpmath`: the value alone. */
	readonly numpy?: string;
	/** In Python with `jax`, `jnp`, `lax` and `optax`: the value, and its gradient by all floats. */
	readonly jax?: string;
	/** In Python with `torch` and its `F`: the same. */
	readonly torch?: string;
	/** False where a gradient says nothing, or is not the same by a convention: say why beside it. */
	readonly gradient?: false;
	/**
	 * How far elements may be from the other's, relative to the greater of 1 and its size; left out:
	 * 1e-12 and, with a float32 among the inputs, 1e-5. Another one has its reason beside it.
	 */
	readonly tolerance?: number;
}

/** The rows of a family of functions. */
export interface Family {
	/** Python that the expressions of its rows may build on: definitions, imports. */
	readonly setup?: string;
	readonly rows: readonly Row[];
}

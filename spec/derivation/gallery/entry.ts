import type { DeriveOptions } from "../../../lib/derivation/index.ts";
import { oneHot, random, type Tensor, tensor } from "../../../lib/index.ts";

/** A text in both languages of the documents. */
export interface Bilingual {
	readonly en: string;
	readonly zh: string;
}

/** Sizes by their names. */
export type Sizes = Readonly<Record<string, number>>;

/** Tensors by their names: `({ w, b }: Of<"w" | "b">)`. */
export type Of<Names extends string> = Readonly<Record<Names, Tensor>>;

/** Random arguments: each call draws from a key of its own, so an entry always gets the same. */
export class Draw {
	private calls = 0;

	private key() {
		this.calls++;
		return random.key(this.calls);
	}

	/** Of the standard normal distribution. */
	normal(...shape: number[]): Tensor {
		return random.normal(this.key(), shape);
	}

	/** Between 0.5 and 2. */
	positive(...shape: number[]): Tensor {
		return random.uniform(this.key(), shape, { low: 0.5, high: 2 });
	}

	/** A matrix that is symmetric and positive definite. */
	definite(n: number): Tensor {
		const x = this.normal(n, n);
		return x.dot(x.T).div(n).add(this.diagonal(n));
	}

	/** A matrix far from singular, with a positive determinant. */
	regular(n: number): Tensor {
		return this.normal(n, n).mul(0.3).add(this.diagonal(n));
	}

	/** Rows that are probabilities. */
	probabilities(n: number, k: number): Tensor {
		return this.normal(n, k).softmax(1);
	}

	/** Whole numbers below `k`. */
	labels(n: number, k: number): Tensor {
		return tensor(
			Array.from({ length: n }, (_, i) => (i * 7 + 3) % k),
			{ dtype: "int32" },
		);
	}

	/** Rows with one 1. */
	oneHot(n: number, k: number): Tensor {
		return oneHot(this.labels(n, k), k);
	}

	/** Ones and minus ones. */
	signs(...shape: number[]): Tensor {
		return this.normal(...shape).sign();
	}

	/** Zeros and ones. */
	bits(...shape: number[]): Tensor {
		return this.normal(...shape)
			.greater(0)
			.astype("float64");
	}

	private diagonal(n: number): Tensor {
		return oneHot(
			tensor(
				Array.from({ length: n }, (_, i) => i),
				{ dtype: "int32" },
			),
			n,
		).mul(1.5);
	}
}

/**
 * A function of the gallery: how a user writes it, what a textbook says of its gradient, and the
 * same function in JAX.
 */
export interface Entry {
	/** As in the name of its golden files. */
	readonly name: string;
	readonly title: Bilingual;
	/** Why the gradient has this form, in one or two sentences. */
	readonly why: Bilingual;
	readonly f: (...args: never[]) => Tensor;
	/**
	 * The sizes that it is derived at, and, where axes are named, others that what is printed has to
	 * hold at.
	 */
	readonly sizes: readonly [Sizes, ...Sizes[]];
	readonly args: (draw: Draw, sizes: Sizes) => Readonly<Record<string, unknown>>;
	readonly options: DeriveOptions;
	/** The textbook's form as lines of NumPy; each gradient is called `grad_` and the argument. */
	readonly textbook: { readonly forward: readonly string[]; readonly backward: readonly string[] };
	/** Where the textbook's form comes from. */
	readonly source: string;
	/** The most lines that the printed backward pass may have: the textbook's and one. */
	readonly lines: number;
	/** The body of the function in JAX, of the same arguments; the last line is the result. */
	readonly jax: readonly string[];
}

/** An entry with the names of its sizes checked, and the lines that it may have. */
export function entry<Names extends string>({
	args,
	...rest
}: Omit<Entry, "args" | "lines" | "sizes"> & {
	readonly sizes: readonly [
		Readonly<Record<Names, number>>,
		...Readonly<Record<NoInfer<Names>, number>>[],
	];
	readonly args: (
		draw: Draw,
		sizes: Readonly<Record<NoInfer<Names>, number>>,
	) => Readonly<Record<string, unknown>>;
}): Entry {
	return { ...rest, args: args as Entry["args"], lines: rest.textbook.backward.length + 1 };
}

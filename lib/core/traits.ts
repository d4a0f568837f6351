import type { DType } from "./dtype.ts";
import type { Op } from "./op.ts";
import type { Shape } from "./shape.ts";
import type { Tensor } from "./tensor.ts";

/** A sum of multiples or a product of powers, as an elementwise op may be one of its arguments. */
export interface Algebra {
	/** out = Σ coefficientᵢ · argumentᵢ */
	readonly coefficients?: readonly number[];
	/** out = Π argumentᵢ ^ powerᵢ */
	readonly powers?: readonly number[];
	/**
	 * The product is exactly 0 where its first argument is, or where either is, whatever the other
	 * is.
	 */
	readonly absorbing?: "first" | "either";
}

/** A range of an axis: start, start + step, …, so many; `dropped` where the axis is gone then. */
export interface AxisRange {
	readonly start: number;
	readonly step: number;
	readonly size: number;
	readonly dropped: boolean;
}

/** What is known of the sign of all elements. */
export type Sign = "positive" | "nonnegative" | "unknown";

/** How a number compares with another. */
export type Ordering = "<" | "=" | ">";

/**
 * What a pass over a program may know of an op, besides what it computes: each pass asks for
 * properties, and none for names. All of them may be left out; then a pass does less.
 */
// biome-ignore lint/suspicious/noExplicitAny: as for Op
export interface OpTraits<P = any> {
	/**
	 * It acts on each element by itself: all arguments have the shape of the result, or could be
	 * stretched to it.
	 */
	readonly elementwise?: boolean;
	/** It shows elements in another arrangement and does no arithmetic. */
	readonly view?: boolean;
	/** It is a view that repeats elements, by the rules of broadcasting. */
	readonly stretch?: boolean;
	/** It is linear in its first argument. */
	readonly linear?: boolean;
	readonly algebra?: Algebra;
	/** It raises its first argument to the power of its second. */
	readonly raises?: boolean;
	/** The arguments of which each element of the result is one, or 0. */
	readonly branches?: readonly number[];
	/**
	 * Some elements of its result are exactly 0 by what it is: it is a mask, or places elements among
	 * zeros.
	 */
	readonly zeros?: boolean;
	/** Of each argument, the mask that is 1 only where the result is that argument. */
	readonly picks?: (inputs: readonly Tensor[]) => readonly Tensor[];
	/** It is a mask that is 1, or true, exactly where its arguments compare in one of these ways. */
	readonly holds?: readonly Ordering[];
	/** The sign of the result, from those of the arguments. */
	readonly sign?: (signs: readonly Sign[]) => Sign;
	/**
	 * Whether the result is finite, as long as nothing overflows, wherever the arguments are and have
	 * these signs; `numbers` are those that an argument is all over. Left out: it is.
	 */
	readonly finite?: (signs: readonly Sign[], numbers: readonly (number | null)[]) => boolean;
	/** It is x/|x|, where the op that gives |x| is this. */
	readonly unitBy?: () => object;
	/** It overflows for arguments of ordinary size. */
	readonly overflows?: boolean;
	/** What f(−x) is: f(x), −f(x) or 1 − f(x). */
	readonly mirror?: "even" | "odd" | "complement";
	/** With these parameters it gives its argument back. */
	readonly idle?: (x: { shape: Shape; dtype: DType }, params: P) => boolean;
	/**
	 * It puts each argument in a place of its own, which these ranges are, one for each axis, and
	 * zeros elsewhere; null where places meet.
	 */
	readonly places?: (
		params: P,
		inputs: readonly Shape[],
	) => readonly (readonly AxisRange[])[] | null;
	/**
	 * What it takes of a tensor in which something is put in this place: the parameters with which it
	 * takes the same from that, or that as a "whole"; "none" where it takes nothing of it, null where
	 * it takes more than lies there.
	 */
	readonly takes?: (params: P, place: readonly AxisRange[]) => P | "whole" | "none" | null;
	/** The parameters that do in one step what `first` and then `second` do. */
	readonly fuse?: (first: P, second: P) => P;
	/**
	 * The same made of other ops, which compiled programs run in its place; null where that does not
	 * pay.
	 */
	readonly decompose?: (inputs: readonly Tensor[], params: P) => Tensor | null;
	/**
	 * The same as a person writes it, in real numbers: the op itself is there because it keeps more
	 * digits. Null: a person would write the op.
	 */
	readonly textbook?: (inputs: readonly Tensor[], params: P) => Tensor | null;
	/** The same made of inverses, which holds where the matrices have them; null where it is not. */
	readonly regular?: (inputs: readonly Tensor[], params: P) => Tensor | null;
	/** It refuses matrices without an inverse, or is infinite there. */
	readonly needsInverse?: boolean;
	/** It adds its argument up over these axes. */
	readonly totals?: (params: P) => readonly number[];
	/** It gives the mean of its argument over these axes. */
	readonly averages?: (params: P) => readonly number[];
	/**
	 * Along this axis its result adds up to what its first argument adds up to: it moves elements and
	 * adds those that meet.
	 */
	readonly scatters?: (params: P) => number;
	/** It is a view with the axes in reverse order. */
	readonly reverses?: (params: P) => boolean;
	/**
	 * It does the same with each row, the last axis of its first argument, whatever axes come before.
	 */
	readonly rowByRow?: boolean;
	/**
	 * It gives the order of its argument along this axis; the op gives the argument in that order,
	 * with this axis as its parameter. Null where there is none.
	 */
	readonly sorts?: (params: P) => { readonly axis: number; readonly op: Op } | null;
	/** It is a product of matrices: (x·w)ᵀ = wᵀ·xᵀ. */
	readonly multipliesMatrices?: boolean;
	/** Printed, it stretches its arguments by itself along all axes before the last two. */
	readonly stretchesBatches?: boolean;
	/** Its result adds up to 1 along these axes. */
	readonly distribution?: (params: P, out: Shape) => readonly number[];
	/**
	 * It is a logarithm of what was rounded beside 1, so its rounding errors are those of 1 or more,
	 * however small its result is.
	 */
	readonly roundsBesideOne?: boolean;
	/** A derivative computes it again, rather than keep its result. */
	readonly again?: (params: P) => boolean;
	/** What whoever explains how a program runs says of it. */
	readonly note?: (params: P) => string;
	/** The name that a user gives its argument by it. */
	readonly label?: (params: P) => string;
	/**
	 * It changes nothing, and marks a value whose derivative is fixed by hand: at 0, or by a function
	 * that came with it. What is printed says so.
	 */
	readonly byHand?: "stopped" | "given";
	/**
	 * It stands for a loop in a derivation, whose step is this program; null where that is written
	 * with another loop.
	 */
	readonly steps?: { readonly program: object | null };
	/**
	 * It calls a function as a whole, by this name: what goes back through it is not the derivative
	 * of the op that ends it.
	 */
	readonly call?: string;
	/**
	 * The operations on numbers that it takes; left out: one for each element of the largest tensor,
	 * or none for a view.
	 */
	readonly flops?: (inputs: readonly Shape[], out: Shape, params: P) => number;
	/** NumPy's notation of where the result, a mask, is 0. */
	readonly printOpposite?: (args: readonly string[]) => string;
	/**
	 * NumPy's notation as statements that give `out` its value, where that is how a person writes it;
	 * null where it is not. `opposites` has what `printOpposite` says of each argument that has it.
	 * Asked of a result with axes, and of an elementwise op where all arguments have its shape and
	 * the first is a variable.
	 */
	readonly printAssigned?: (
		out: string,
		args: readonly string[],
		opposites: readonly (string | null)[],
		params: P,
	) => readonly string[] | null;
}

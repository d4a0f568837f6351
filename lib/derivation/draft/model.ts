import type { Op } from "../../core/op.ts";
import type { Data } from "../../core/params.ts";
import type { Tensor } from "../../core/tensor.ts";
import type { NamedAxes } from "../../program/axes.ts";
import type { Constant, Instruction, Program, Value } from "../../program/program.ts";
import type { RewriteStep } from "../../program/simplify.ts";

/** The right side of a statement: what a person would write on one line. */
export type LineExpression = Name | Numeral | TensorLiteral | Application;

/** A reference to an argument or to the variable of an earlier statement. */
export interface Name {
	readonly kind: "name";
	readonly name: string;
	readonly value: Value;
}

/**
 * A plain number. It stands for a constant all of whose elements are that number where it is an
 * operand that broadcasts.
 */
export interface Numeral {
	readonly kind: "number";
	readonly number: number;
	readonly value: Constant;
}

/** A constant tensor that is written out whole. */
export interface TensorLiteral {
	readonly kind: "constant";
	readonly value: Constant;
}

/**
 * An op applied to expressions. Where the op acts on each element by itself, arguments broadcast: a
 * stretched tensor stands there as it was before, so the shape of an argument may be smaller than
 * that of `value`.
 */
export interface Application {
	readonly kind: "application";
	readonly op: Op;
	readonly args: readonly LineExpression[];
	readonly params: Data;
	readonly value: Instruction;
}

/** One line of a derivation: `variable = expression`. */
export interface Statement {
	readonly variable: string;
	readonly expression: LineExpression;
	/** What the right side is at each probe of the sizes; left out where that is not known. */
	readonly elsewhere?: readonly LineExpression[];
	/**
	 * What is computed; its `type` has the shape and the dtype, which `atArguments` gives where sizes
	 * are special.
	 */
	readonly value: Value;
	/** Each axis by its name, or by its size where it has none: `["H", "D_out"]`. */
	readonly axes: readonly string[];
	/**
	 * Backward: the argument or forward variable whose gradient this is; null for a term that later
	 * lines use.
	 */
	readonly gradientOf: string | null;
	readonly reason: Reason;
}

/** Why a line is there and true, for the printers to put in words. */
export type Reason =
	/** A line of the forward pass, as the user wrote it. */
	| { readonly kind: "forward" }
	/**
	 * A gradient: cotangents taken back through these maps; more than one path adds up. `of` is the
	 * value of the forward pass whose gradient it is; of several, the nearest to the result.
	 */
	| {
			readonly kind: "gradient";
			readonly of: Value;
			readonly steps: readonly PullbackStep[];
	  }
	/** A gradient that is zero, since nothing depends on the argument. */
	| { readonly kind: "unused" }
	/**
	 * A term that later lines use. `of` and `steps` are those of a gradient; null and none where it
	 * is no gradient.
	 */
	| {
			readonly kind: "term";
			readonly of: Value | null;
			readonly steps: readonly PullbackStep[];
	  };

/** One linear map that the backward pass has transposed and applied. */
export interface PullbackStep {
	/** The forward line in which the op is applied. */
	readonly statement: Statement;
	/** The op's application in that line, with its arguments as they print. */
	readonly forward: Application;
	/** With respect to which of its arguments, and the value that it is. */
	readonly argument: number;
	readonly input: Value;
	/**
	 * The function that made the step as a whole, `checkpoint` or `customGradient`; `forward` is then
	 * its last op. Null for a step of one op.
	 */
	readonly call: string | null;
	/** What the map is called: `scale`, `keepWhere`, `dot with the second argument`. */
	readonly map: string;
	/**
	 * The variable of the cotangent that it is applied to; null where that has no line of its own.
	 */
	readonly cotangent: string | null;
}

/** An argument of the derived function: one leaf of what it was called with. */
export interface Argument {
	readonly name: string;
	readonly value: Value;
	readonly axes: readonly string[];
	/** Whether it belongs to the first argument, with respect to which the gradient is taken. */
	readonly differentiated: boolean;
}

/** What is known of the sizes of a derivation. */
export interface Sizes extends NamedAxes {
	/** The variable that holds the size of each named axis in printed programs. */
	readonly variables: ReadonlyMap<string, string>;
}

/** The lines of a derivation, and the program that they are the lines of. */
export interface Derived {
	readonly arguments: readonly Argument[];
	/**
	 * Tensors that the function closes over and that are too large to be written out, `c1`, `c2`, …;
	 * numbers are not among them.
	 */
	readonly constants: readonly Argument[];
	/** In order; the last one is the result. */
	readonly forward: readonly Statement[];
	/** In order; each differentiated argument has a line `grad_…`. */
	readonly backward: readonly Statement[];
	/**
	 * Forward and backward, simplified: gives the result, then the gradients in the order of the
	 * arguments.
	 */
	readonly program: Program;
	/** What the simplifier did, in order. */
	readonly steps: readonly RewriteStep[];
	/** What each value of the program is; left out: at the arguments that it was derived at. */
	readonly values: (leaves?: readonly Tensor[]) => ReadonlyMap<Value, Tensor>;
	/** The axes of any value in the program, by name where they have one. */
	readonly axesOf: (value: Value) => readonly string[];
	/**
	 * What a value is at the sizes of the arguments: itself, but where these are special, as where
	 * 2/N is 1, and the lines come from other sizes.
	 */
	readonly atArguments: (value: Value) => Value;
	/** Which numbers in the lines are sizes. */
	readonly sizes: Sizes;
}

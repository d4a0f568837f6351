import type { Op } from "../../core/op.ts";
import type { Data } from "../../core/params.ts";
import type { Shape } from "../../core/shape.ts";
import type { Tensor } from "../../core/tensor.ts";
import type { NamedAxes } from "../../program/axes.ts";
import type { Constant, Instruction, Program, Value } from "../../program/program.ts";
import type { RewriteStep } from "../../program/simplify.ts";

/** The right side of a statement: what a person would write on one line. */
export type LineExpression = Name | Numeral | TensorLiteral | Application;

/**
 * A reference to an argument or to the variable of an earlier statement, or to an entry of one
 * along its first axis.
 */
export interface Name {
	readonly kind: "name";
	readonly name: string;
	/** The place of the entry, which is the index of a loop: `x[t]`; left out: all of it. */
	readonly at?: string;
	/** Where the name is the index of a loop that is used as a number: what it is at place 0. */
	readonly from?: number;
	/** What is referred to: the entry, where it is one. */
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

/** What stands in a block, in order. */
export type Item = Statement | LoopBlock | ChoiceBlock;

/** Statements, loops and choices, one after the other. */
export type Block = readonly Item[];

/** A loop: its body is written once, for every place of its index. */
export interface LoopBlock {
	readonly kind: "loop";
	/** The loop in the program of the derivation, or in the step of the loop around it. */
	readonly value: Value;
	/** The variable of the place: `t`, which goes from 0 up to the length, or down to 0. */
	readonly index: string;
	readonly reverse: boolean;
	/** How many steps there are: at the derived sizes, and at each probe of them. */
	readonly lengths: readonly number[];
	/** What its variables are before the first step: `h = h0`, `grad_W = 0`. */
	readonly starts: readonly Statement[];
	/** What is filled step by step; there is room for it before the first. */
	readonly stores: readonly Store[];
	readonly body: Block;
	/** What its variables are after the last step, as far as something reads them there. */
	readonly results: readonly LoopResult[];
}

/** A choice: one of its branches runs, and gives its variables their values. */
export interface ChoiceBlock {
	readonly kind: "choice";
	/** The choice in the program of the derivation, or in that of the block around it. */
	readonly value: Value;
	/** Whether it is between two by a test, the second of which is for true; else by an index. */
	readonly isTest: boolean;
	readonly index: Value;
	/** How the test or index is referred to, at the derived sizes and at each probe of them. */
	readonly test: {
		readonly expression: LineExpression;
		readonly elsewhere: readonly LineExpression[];
	};
	readonly branches: readonly Block[];
	/** What the lines of the branches read from outside of it, by the values that stand for that. */
	readonly reads: readonly { readonly inside: Value; readonly outside: Value }[];
	/** The variables that were not there before. */
	readonly declares: readonly string[];
	/** What its variables are after it, as far as something reads them there. */
	readonly results: readonly LoopResult[];
}

/** What a variable of a loop is after the last step, or one of a choice after it. */
export interface LoopResult {
	readonly variable: string;
	readonly value: Value;
	/** As of a statement; null for what is handed on, which is another gradient at each step. */
	readonly gradientOf: string | null;
}

/** A variable with an entry for each step of a loop. */
export interface Store {
	readonly variable: string;
	/** One entry. */
	readonly value: Value;
	/** The axes of all entries together. */
	readonly axes: readonly string[];
	/** The shape of all entries together: at the derived sizes, and at each probe of them. */
	readonly shapes: readonly Shape[];
}

/** One line of a derivation: `variable = expression`. */
export interface Statement {
	readonly kind?: "statement";
	readonly variable: string;
	/** In a loop: the variable is a store, and its entry at this place is set: `hs[t] = h`. */
	readonly at?: string;
	/**
	 * In a loop: the variable was there before. `set` gives it another value, `adds` adds to it.
	 */
	readonly change?: "set" | "adds";
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
	 * A gradient: cotangents taken back through these maps; more than one path adds up. `own` is the
	 * value whose gradient the line is by its name; `of` is the nearest to the result, of several
	 * that have this gradient.
	 */
	| ({ readonly kind: "gradient"; readonly of: Value; readonly own: Value } & Paths)
	/** A gradient that is zero, since nothing depends on the argument. */
	| { readonly kind: "unused" }
	/**
	 * A term that later lines use. `of` is the value whose gradient it is; null where it is no
	 * gradient.
	 */
	| ({ readonly kind: "term"; readonly of: Value | null } & Paths)
	/**
	 * What a loop backward starts from: what comes back to `of`, a variable after the last step
	 * forward, from the lines after the loop; null where none of them reads it. `isWhole` says that
	 * what is handed on is all of the gradient of that variable at each step: nothing but the next
	 * step uses what a step gives it.
	 */
	| ({ readonly kind: "start"; readonly of: Value | null; readonly isWhole: boolean } & Paths)
	/** The zero from which the sum over the steps of a loop starts. */
	| { readonly kind: "sumStart" }
	/**
	 * What one step gives to the gradient of what all steps use, or of an entry, which the lines
	 * forward refer to in this way.
	 */
	| ({ readonly kind: "share"; readonly of: Value; readonly reference: LineExpression } & Paths)
	/** What a step hands on to the step before: it comes back to `of`, what this step was given. */
	| ({ readonly kind: "handedOn"; readonly of: Value } & Paths);

/** How cotangents come back to a value. */
export interface Paths {
	readonly steps: readonly PullbackStep[];
	/** What comes back through no op that a line has: to the value, or to one in between. */
	readonly received: readonly Received[];
}

/** A cotangent that comes back to a value through no op that a line has. */
export interface Received {
	readonly value: Value;
	/** Null where it has no name. */
	readonly cotangent: LineExpression | null;
	/** From a loop that uses the value, from the next step of the own one, or from outside of it. */
	readonly from: "loop" | "nextStep" | "outside";
	/** Of a loop whose next step it comes from: its index. */
	readonly index?: string;
}

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
	/**
	 * In order; the last one is the result. Those that stand in loops are among them, each once,
	 * after what the variables of the loop start from.
	 */
	readonly forward: readonly Statement[];
	/** In order; each differentiated argument has a line `grad_…`. */
	readonly backward: readonly Statement[];
	/** The same as blocks, in which loops are items. */
	readonly blocks: { readonly forward: Block; readonly backward: Block };
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

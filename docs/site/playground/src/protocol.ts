// What the page and the sandbox say to each other. The page trusts nothing that comes back: the
// reader's code shares a worker with ours and may send what it likes.

export type Lang = "en" | "zh";
export type Dtype = "float64" | "float32";

/** How the elements of an argument are made. */
export const KINDS = [
	"normal",
	"uniform",
	"positive",
	"ones",
	"signs",
	"bits",
	"oneHot",
	"probabilities",
	"whole",
	"definite",
	"regular",
	"digits",
	"labels",
	"number",
	"values",
] as const;
export type Kind = (typeof KINDS)[number];

/** An argument of the reader's function. */
export interface Input {
	readonly name: string;
	/** The names of its axes, `N, D_in`, or `2·N`; nothing for a number and for values. */
	readonly axes: string;
	readonly kind: Kind;
	/** Whether the gradient is taken with respect to it: it is then part of the first argument. */
	readonly gradient: boolean;
	/** The number, or the rows of values, `1 2; 3 4`; what whole numbers are below: `5`, or an axis. */
	readonly value: string;
}

/** All that a derivation follows from. */
export interface Program {
	readonly code: string;
	readonly inputs: readonly Input[];
	/** The size of each axis. */
	readonly sizes: Readonly<Record<string, number>>;
	readonly seed: number;
	readonly dtype: Dtype;
}

/** The forms that are shown as text. */
export const FORMS = ["numpy", "ts", "plain", "latex", "jax", "wgsl"] as const;
export type TextForm = (typeof FORMS)[number];

export type Request =
	| { readonly kind: "derive"; readonly program: Program; readonly lang: Lang }
	| { readonly kind: "print"; readonly form: TextForm; readonly lang: Lang }
	| { readonly kind: "verify" }
	| { readonly kind: "gradients" }
	| { readonly kind: "cost" }
	| { readonly kind: "explain" }
	| { readonly kind: "manual" }
	| {
			readonly kind: "train";
			readonly rate: number;
			/** How many steps; more than one are cut short after a while. */
			readonly steps: number;
			/** Whether to begin with the given arguments again. */
			readonly restart: boolean;
			/** On WebGPU in float32; else on WebAssembly. */
			readonly onGpu: boolean;
	  };

export interface Derived {
	/** The page of the derivation. */
	readonly html: string;
	readonly loss: number;
	/** Whether the code exports a function `backward`. */
	readonly hasBackward: boolean;
}

/** What came of a program. */
export interface Ran {
	/** What the code logged. */
	readonly printed: string;
	/** Null where the code exports no function, and only prints. */
	readonly derived: Derived | null;
}

/** What a check said; `ok` is null where it could not decide. */
export interface Verdict {
	readonly ok: boolean | null;
	readonly text: string;
}

/** One gradient of a backward pass written by hand. */
export interface Judged {
	readonly key: string;
	readonly agrees: boolean;
	/** Why it is wrong, as `checkManual` says it: lines of English. */
	readonly details: readonly string[];
}

/** What `checkManual` found, in backward order. */
export interface Manual {
	readonly ok: boolean;
	readonly steps: readonly Judged[];
	/** The error with which it ended, and its cause; empty where it ran to its end. */
	readonly stopped: readonly string[];
	/** Where it ended so. */
	readonly place: Problem | null;
}

export interface Trained {
	/** How many steps there have been, and the loss before each of the last ones. */
	readonly step: number;
	readonly losses: readonly number[];
	readonly parameters: readonly Parameter[];
}

/** A parameter during training. */
export interface Parameter {
	readonly name: string;
	readonly shape: readonly number[];
	readonly gradientNorm: number;
	/** The first elements, row by row: at most PICTURE rows and columns of them. */
	readonly rows: number;
	readonly columns: number;
	readonly values: readonly number[];
}

export const PICTURE = 48;

export interface Answers {
	readonly derive: Ran;
	readonly print: string;
	readonly verify: Verdict;
	readonly gradients: Verdict;
	readonly cost: string;
	readonly explain: string;
	readonly manual: Manual;
	readonly train: Trained;
}

/** What went wrong, and where in the reader's text; lines and columns count from 1. */
export interface Problem {
	readonly name: string;
	readonly message: string;
	readonly line: number | null;
	readonly column: number | null;
}

/** Files of a module in the order in which they need each other, by name. */
export type Files = readonly (readonly [name: string, text: string])[];

/** From the page to the frame. */
export type ToFrame =
	| { readonly to: "start"; readonly files: Files }
	| { readonly to: "files"; readonly module: string; readonly files: Files }
	| { readonly to: "ask"; readonly id: number; readonly request: Request }
	/** Over the port it can use a device of the page's. */
	| { readonly to: "gpu"; readonly port: MessagePort }
	| { readonly to: "end" };

/**
 * From the frame to the page: the worker is `ready`, or `broken`; `need` asks for a module, `gpu`
 * for a device.
 */
export type FromFrame =
	| { readonly from: "frame" }
	| { readonly from: "ready" }
	| { readonly from: "broken"; readonly message: string }
	| { readonly from: "need"; readonly module: string }
	| { readonly from: "gpu" }
	| { readonly from: "flood" }
	| { readonly from: "answer"; readonly id: number; readonly answer: unknown }
	| { readonly from: "problem"; readonly id: number; readonly problem: Problem };

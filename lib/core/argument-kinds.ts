import { Tensor } from "./tensor.ts";

/** What a value that a user gives may be: in words, and as a test. */
export interface Kind {
	/** Goes on from "expected". */
	readonly expected: string;
	readonly holds: (x: unknown) => boolean;
}

const isNumber = (x: unknown): x is number => typeof x === "number";

/** True or false. */
export const flag: Kind = { expected: "true or false", holds: (x) => typeof x === "boolean" };

/** Any finite number. */
export const finite: Kind = { expected: "a finite number", holds: Number.isFinite };

/** A finite number above 0. */
export const positive: Kind = {
	expected: "a finite number above 0",
	holds: (x) => isNumber(x) && x > 0 && x < Number.POSITIVE_INFINITY,
};

/** A finite number from 0. */
export const notNegative: Kind = {
	expected: "a finite number from 0",
	holds: (x) => isNumber(x) && x >= 0 && x < Number.POSITIVE_INFINITY,
};

/** A part of a whole. */
export const share: Kind = {
	expected: "a number from 0 to 1",
	holds: (x) => isNumber(x) && x >= 0 && x <= 1,
};

/** A part of a whole, and not all of it. */
export const partial: Kind = {
	expected: "a number from 0 to below 1",
	holds: (x) => isNumber(x) && x >= 0 && x < 1,
};

/** A whole number from 0. */
export const whole: Kind = {
	expected: "a whole number from 0",
	holds: (x) => Number.isSafeInteger(x) && Number(x) >= 0,
};

/** A whole number from 1. */
export const count: Kind = {
	expected: "a whole number from 1",
	holds: (x) => Number.isSafeInteger(x) && Number(x) >= 1,
};

/** A function. */
export const callable: Kind = { expected: "a function", holds: (x) => typeof x === "function" };

/** A string. */
export const aString: Kind = { expected: "a string", holds: (x) => typeof x === "string" };

/** A tensor. */
export const aTensor: Kind = { expected: "a tensor", holds: (x) => x instanceof Tensor };

/** An object, of which whoever reads it knows more. */
export const structure: Kind = {
	expected: "an object",
	holds: (x) => typeof x === "object" && x !== null,
};

/** What its reader checks, or what may be anything. */
export const anything: Kind = { expected: "anything", holds: () => true };

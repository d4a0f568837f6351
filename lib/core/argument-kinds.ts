import { BYTES } from "./dtype.ts";
import { type AdjointError, DTypeError } from "./error.ts";
import { Tensor } from "./tensor.ts";

/** What a value that a user gives may be: in words, and as a test. */
export interface ArgumentKind {
	/** Goes on from "expected". */
	readonly expected: string;
	readonly holds: (x: unknown) => boolean;
	/** The class of the error; left out: a DomainError. */
	readonly error?: new (
		message: string,
	) => AdjointError;
}

const isNumber = (x: unknown): x is number => typeof x === "number";

/** True or false. */
export const flag: ArgumentKind = {
	expected: "true or false",
	holds: (x) => typeof x === "boolean",
};

/** Any number. */
export const number: ArgumentKind = { expected: "a number", holds: isNumber };

/** Any finite number. */
export const finite: ArgumentKind = { expected: "a finite number", holds: Number.isFinite };

/** A number above 0. */
export const positive: ArgumentKind = {
	expected: "a number above 0",
	holds: (x) => isNumber(x) && x > 0,
};

/** A number from 0. */
export const notNegative: ArgumentKind = {
	expected: "a number from 0",
	holds: (x) => isNumber(x) && x >= 0,
};

/** A part of a whole. */
export const share: ArgumentKind = {
	expected: "a number from 0 to 1",
	holds: (x) => isNumber(x) && x >= 0 && x <= 1,
};

/** A part of a whole, and not all of it. */
export const partial: ArgumentKind = {
	expected: "a number from 0 to below 1",
	holds: (x) => isNumber(x) && x >= 0 && x < 1,
};

/** A whole number from 0. */
export const whole: ArgumentKind = {
	expected: "a whole number from 0",
	holds: (x) => Number.isSafeInteger(x) && Number(x) >= 0,
};

/** A whole number from 1. */
export const count: ArgumentKind = {
	expected: "a whole number from 1",
	holds: (x) => Number.isSafeInteger(x) && Number(x) >= 1,
};

/** A function. */
export const callable: ArgumentKind = {
	expected: "a function",
	holds: (x) => typeof x === "function",
};

/** A string. */
export const aString: ArgumentKind = { expected: "a string", holds: (x) => typeof x === "string" };

/** Strings in an array. */
export const strings: ArgumentKind = {
	expected: "an array of strings",
	holds: (x) => Array.isArray(x) && x.every(aString.holds),
};

/** Two numbers in an array. */
export const pair: ArgumentKind = {
	expected: "an array of two numbers",
	holds: (x) => Array.isArray(x) && x.length === 2 && x.every(isNumber),
};

/** Numbers in an array. */
export const numbers: ArgumentKind = {
	expected: "an array of numbers",
	holds: (x) => Array.isArray(x) && x.every(isNumber),
};

/** A tensor. */
export const aTensor: ArgumentKind = { expected: "a tensor", holds: (x) => x instanceof Tensor };

/** A tensor or a number. */
export const scalar: ArgumentKind = {
	expected: "a number or a tensor",
	holds: (x) => isNumber(x) || x instanceof Tensor,
};

/** An object, of which whoever reads it knows more. */
export const structure: ArgumentKind = {
	expected: "an object",
	holds: (x) => typeof x === "object" && x !== null,
};

/** What its reader checks, or what may be anything. */
export const anything: ArgumentKind = { expected: "anything", holds: () => true };

/** An element type. */
export const dtype: ArgumentKind = {
	expected: "float64, float32, int32 or bool",
	holds: (x) => typeof x === "string" && Object.hasOwn(BYTES, x),
	error: DTypeError,
};

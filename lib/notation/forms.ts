import type { Op } from "../core/op.ts";
import type { Data } from "../core/params.ts";
import { call } from "./call.ts";
import { embed } from "./embed.ts";
import { javascript } from "./javascript.ts";
import { latex } from "./latex.ts";
import { named } from "./mathematics.ts";
import { python } from "./python.ts";

/** An op applied to argument texts, in one of the notations that its record states. */
export type Notation = (op: Op, args: readonly string[], params: Data) => string;

/** The op in NumPy's notation. */
export const numpyOf: Notation = (op, args, params) =>
	embed(python, (texts) => op.print(texts, params), args);

/** The call of the op's public function, as a method where the first argument has methods. */
export const typescriptOf: Notation = (op, args, params) =>
	embed(javascript, (texts) => op.typescript?.(texts, params) ?? call(op.name, texts), args);

/** The op in LaTeX. */
export const latexOf: Notation = (op, args, params) =>
	embed(latex, (texts) => op.latex?.(texts, params) ?? named(op.name, texts), args);

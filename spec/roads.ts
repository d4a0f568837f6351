import { compile, javascriptBackend } from "../lib/compile/index.ts";

/** A function as it is evaluated: eagerly, compiled to WebAssembly, and compiled to JavaScript. */
export function roads<F extends (...args: never[]) => unknown>(f: F): readonly F[] {
	return [f, compile(f), compile(f, { backend: javascriptBackend })] as F[];
}

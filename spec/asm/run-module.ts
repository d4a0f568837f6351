import { ModuleBuilder } from "../../lib/asm/assembler.ts";
import type { Expr } from "../../lib/asm/expression.ts";
import { v128 } from "../../lib/asm/simd.ts";

type Exports = Record<string, (...args: (number | bigint)[]) => number | bigint | undefined>;

/** What a module of one page exports, and its memory. */
export function instantiate(
	define: (m: ModuleBuilder) => void,
	options: { shared?: boolean; imports?: WebAssembly.ModuleImports } = {},
): { exports: Exports; memory: WebAssembly.Memory } {
	const shared = options.shared ?? false;
	const m = new ModuleBuilder({ pages: 1, maximum: 1, shared });
	define(m);
	const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared });
	const env = { ...options.imports, memory };
	const instance = new WebAssembly.Instance(new WebAssembly.Module(m.bytes()), { env });
	return { exports: instance.exports as Exports, memory };
}

/** The values of expressions without locals: a number, or the sixteen bytes of a vector. */
export function evaluate(expressions: readonly Expr[]): (number | bigint | Uint8Array)[] {
	const { exports, memory } = instantiate((m) => {
		for (const [i, x] of expressions.entries()) {
			if (x.type === "v128") {
				m.define(`${i}`, [], "none", (f) => f.store(v128, 0, x as Expr<"v128">));
			} else {
				m.define(`${i}`, [], x.type as "f64", () => x as Expr<"f64">);
			}
		}
	});
	return expressions.map((x, i) => {
		const value = exports[i]!();
		return x.type === "v128" ? new Uint8Array(memory.buffer.slice(0, 16)) : value!;
	});
}

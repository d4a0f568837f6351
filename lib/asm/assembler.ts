import { type Bytes, encodeModule, list, sized, text, unsigned } from "./encode.ts";
import { type Expr, instruction, type ValueType } from "./expression.ts";
import { FunctionBuilder, type Local, TYPE_CODES } from "./function.ts";

/** A function of the module, for `call`. */
export interface Callee<
	Params extends readonly ValueType[] = readonly ValueType[],
	Result extends ValueType | "none" = ValueType | "none",
> {
	readonly index: number;
	readonly params: Params;
	readonly result: Result;
}

type Locals<Types extends readonly ValueType[]> = {
	readonly [K in keyof Types]: Local<Types[K]>;
};
type Arguments<Types extends readonly ValueType[]> = {
	readonly [K in keyof Types]: Expr<Types[K]>;
};

/** The memory of a module, which is imported as `env.memory`: sizes in pages of 64 KiB. */
export interface MemoryType {
	readonly pages: number;
	/** Needed for shared memory. */
	readonly maximum?: number;
	readonly shared?: boolean;
}

/**
 * Assembles a module: functions are defined one after the other, each exported under its name, and
 * `bytes()` is what `WebAssembly.Module` takes.
 *
 * ```
 * const m = new ModuleBuilder({ pages: 1 });
 * m.define("stretch", ["i32", "i32", "f64"], "none", (f, at, count, factor) => {
 *   f.for(0, count, 1, () => {
 *     f.store(f64, at, f64.mul(f64.load(at), factor));
 *     f.set(at, i32.add(at, 8));
 *   });
 * });
 * ```
 */
export class ModuleBuilder {
	readonly #memory: MemoryType | null;
	/** The types of functions, and where each stands among them. */
	readonly #types: Bytes[] = [];
	readonly #typeOf = new Map<string, number>();
	readonly #imports: Bytes[] = [];
	readonly #names = new Set<string>();
	readonly #functions: { name: string; type: number; body: Bytes }[] = [];

	constructor(memory: MemoryType | null) {
		this.#memory = memory;
	}

	/** A function from outside, imported as `env.name`; before any that is defined. */
	import<const Params extends readonly ValueType[], Result extends ValueType | "none">(
		name: string,
		params: Params,
		result: Result,
	): Callee<Params, Result> {
		if (this.#functions.length > 0) {
			throw new Error(`import: ${name} has to come before the first function that is defined`);
		}
		const index = this.#imports.length;
		this.#imports.push([...text("env"), ...text(name), 0, ...this.#typeIndex(params, result)]);
		return { index, params, result };
	}

	/**
	 * A function, exported under its name. `body` gets its builder and a local for each parameter; it
	 * gives the result, or nothing where the result is "none".
	 */
	define<const Params extends readonly ValueType[], Result extends ValueType | "none">(
		name: string,
		params: Params,
		result: Result,
		body: (
			f: FunctionBuilder<Result>,
			...params: Locals<Params>
		) => Result extends ValueType ? Expr<Result> : void,
	): Callee<Params, Result> {
		if (this.#names.has(name)) throw new Error(`define: there are two functions ${name}`);
		this.#names.add(name);
		const f = new FunctionBuilder<Result>(params);
		const value = body(f, ...(f.params as unknown as Locals<Params>)) as Expr | undefined;
		const type = this.#typeIndex(params, result)[0]!;
		this.#functions.push({ name, type, body: f.encode(value) });
		return { index: this.#imports.length + this.#functions.length - 1, params, result };
	}

	/** The module. */
	bytes(): Uint8Array<ArrayBuffer> {
		const from = this.#imports.length;
		return encodeModule({
			types: this.#types,
			imports: [...this.#imports, ...(this.#memory === null ? [] : [memoryImport(this.#memory)])],
			functions: this.#functions.map((f) => unsigned(f.type)),
			exports: this.#functions.map((f, i) => [...text(f.name), 0, ...unsigned(from + i)]),
			code: this.#functions.map((f) => sized(f.body)),
		});
	}

	#typeIndex(params: readonly ValueType[], result: ValueType | "none"): number[] {
		const results = result === "none" ? [] : [[TYPE_CODES[result]]];
		const type = [0x60, ...list(params.map((type) => [TYPE_CODES[type]])), ...list(results)];
		const key = type.join();
		const index = this.#typeOf.get(key) ?? this.#types.push(type) - 1;
		this.#typeOf.set(key, index);
		return unsigned(index);
	}
}

function memoryImport({ pages, maximum, shared }: MemoryType): Bytes {
	const flags = (maximum === undefined ? 0 : 1) | (shared ? 2 : 0);
	const limits = [pages, ...(maximum === undefined ? [] : [maximum])].flatMap(unsigned);
	return [...text("env"), ...text("memory"), 2, flags, ...limits];
}

/** Calls a function; `f.do` runs it where the result is not needed. */
export function callTo<Params extends readonly ValueType[], Result extends ValueType | "none">(
	callee: Callee<Params, Result>,
	...args: Arguments<Params>
): Expr<Result> {
	return instruction(callee.result, 0x10, args as unknown as Expr[], unsigned(callee.index));
}

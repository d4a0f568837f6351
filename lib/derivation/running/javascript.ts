import { Tensor } from "../../core/tensor.ts";
import {
	addMoved,
	type Executor,
	type Move,
	type Movement,
	type Outcome,
	type Visit,
} from "./executor.ts";
import type { ProgramText } from "./program.ts";
import { type Elements, elementsOf, tensorOf } from "./values.ts";

/** What a part of a program sees and adds to: the value of each name. */
type Environment = Map<string, unknown>;
type Reading = ReadonlyMap<string, unknown>;

/** A part as a function, or why it cannot be one. */
type Compiled = ((environment: Pick<Reading, "get">) => unknown) | Error;

/** Whether code may be made from text here: a Content-Security-Policy may forbid it. */
export function mayCompile(): boolean {
	try {
		return typeof new Function("") === "function";
	} catch {
		return false;
	}
}

/**
 * Runs a program in TypeScript, whose body is JavaScript, as it stands: each part is the body of a
 * function of the names that it reads.
 */
export class JavaScriptExecutor implements Executor {
	private readonly program: ProgramText;
	private readonly imported: Reading;
	private readonly given: Reading;
	private readonly params: readonly string[];
	private readonly compiled: readonly Compiled[];
	private readonly read: (value: unknown) => Elements;
	private readonly write: (value: Elements) => unknown;
	private environment: Environment = new Map();

	/** @param functions what the program imports and may call, by name */
	constructor(
		program: ProgramText,
		given: ReadonlyMap<string, Elements>,
		functions: Readonly<Record<string, unknown>>,
	) {
		const isPlain = program.form === "plain";
		this.program = program;
		this.params = program.params ?? [...given.keys()];
		this.read = isPlain ? fromNumbers : fromTensor;
		this.write = isPlain ? toNumbers : tensorOf;
		this.imported = new Map([...program.imports].map(([alias, name]) => [alias, functions[name]]));
		const all = new Map([...this.imported, ...headOf(program, this.imported)]);
		for (const name of this.params) {
			const value = given.get(name);
			all.set(name, value === undefined ? undefined : this.write(value));
		}
		this.given = all;
		const known = new Set(all.keys());
		this.compiled = program.parts.map((part) => {
			const reads = [...part.reads].filter(
				(name) => known.has(name) && !part.writes.includes(name),
			);
			for (const name of part.writes) known.add(name);
			return compile(reads, `${part.text}\nreturn [${part.writes.join(", ")}];`);
		});
	}

	run(
		expected: ReadonlyMap<string, Elements>,
		given: ReadonlyMap<string, Elements> = new Map(),
	): ReadonlyMap<string, Outcome> {
		this.environment = new Map(this.given);
		for (const [name, value] of given) {
			if (this.params.includes(name)) this.environment.set(name, this.write(value));
		}
		const found = new Map<string, Outcome>();
		for (const [i, { writes }] of this.program.parts.entries()) {
			const stop = this.runPart(i, this.environment);
			for (const name of writes) {
				const wanted = expected.get(name);
				const outcome = stop ?? this.outcome(this.environment.get(name));
				if (stop !== null || wanted !== undefined || outcome.kind === "value") {
					found.set(name, outcome);
				}
				if (wanted !== undefined) this.environment.set(name, this.write(wanted));
			}
		}
		return found;
	}

	visit(visits: readonly Visit[]): readonly (Outcome | null)[] {
		const environment = new Map(this.environment);
		const made = new Map<string, Compiled>();
		return visits.map(({ set, places, text, reads, writes, declares, shows }) => {
			for (const [name, place] of places) environment.set(name, place);
			for (const [name, value] of set) {
				environment.set(name, isList(value) ? value.map(this.write) : this.write(value));
			}
			const wanted = [...writes, ...(shows === null ? [] : [shows])].join(", ");
			const known = [...reads].filter((name) => environment.has(name) && !declares.has(name));
			const key = `${known.join()}\n${text}\nreturn [${wanted}];`;
			const run = made.get(key) ?? compile(known, `${text}\nreturn [${wanted}];`);
			made.set(key, run);
			try {
				if (run instanceof Error) throw run;
				const results = run(environment) as unknown[];
				for (const [i, name] of writes.entries()) environment.set(name, results[i]);
				return shows === null ? null : this.outcome(results.at(-1));
			} catch (error) {
				return shows === null ? null : stopped(error);
			}
		});
	}

	move(probes: readonly Move[]): readonly (readonly Movement[])[] {
		return probes.map((probe) => probe.steps.map((step) => this.moveBy(probe, step)));
	}

	whole(names: readonly string[]): ReadonlyMap<string, Outcome> {
		const { params, head, body } = this.program;
		const inner = params === null ? `${body}\nreturn { ${names.join(", ")} };` : body;
		const text = `${head}\nreturn function (${this.params.join(", ")}) {\n${inner}\n};`;
		try {
			const made = compile([...this.imported.keys()], text);
			if (made instanceof Error) throw made;
			const run = made(this.imported) as (...args: unknown[]) => Record<string, unknown>;
			const results = run(...this.params.map((name) => this.given.get(name)));
			return new Map(names.map((name) => [name, this.outcome(results[name])]));
		} catch (error) {
			return new Map(names.map((name) => [name, stopped(error)]));
		}
	}

	private moveBy({ of, direction, parts, weights, held }: Move, step: number): Movement {
		const base = this.environment;
		const { values, ...type } = this.read(base.get(of));
		/** The values of the variables that count, or null where a part does not run. */
		const at = (by: number): Pick<Environment, "get"> | null => {
			const moved = this.write({ ...type, values: values.map((x, i) => x + by * direction[i]!) });
			const environment = over(base, of, moved);
			const counted = over(base, of, moved);
			for (const part of parts) {
				if (this.runPart(part, environment) !== null) return null;
				for (const name of this.program.parts[part]!.writes) {
					if (!weights.has(name) && !held.has(name)) continue;
					counted.set(name, environment.get(name));
					environment.set(name, base.get(name));
				}
			}
			return counted;
		};
		const [plus, minus] = [at(step), at(-step)];
		const sums = { odd: 0, even: 0, squares: 0, load: 0 };
		if (plus === null || minus === null) sums.odd = Number.NaN;
		else {
			for (const [name, weight] of weights) {
				const [p, b, m] = [plus, base, minus].map((each) => this.read(each.get(name)).values);
				addMoved(p!, b!, m!, weight, sums);
			}
		}
		const width = 2 * step;
		return {
			slope: sums.odd / width,
			bend: sums.even / width,
			size: Math.sqrt(sums.squares) / width,
			load: sums.load / width,
		};
	}

	/** Runs a part and puts its names into the environment; says why where it cannot. */
	private runPart(part: number, environment: Pick<Environment, "get" | "set">): Outcome | null {
		const run = this.compiled[part]!;
		try {
			if (run instanceof Error) throw run;
			const results = run(environment) as unknown[];
			for (const [i, name] of this.program.parts[part]!.writes.entries()) {
				environment.set(name, results[i]);
			}
			return null;
		} catch (error) {
			return stopped(error);
		}
	}

	private outcome(value: unknown): Outcome {
		try {
			return { kind: "value", value: this.read(value) };
		} catch (error) {
			return stopped(error);
		}
	}
}

function isList(value: Elements | readonly Elements[]): value is readonly Elements[] {
	return Array.isArray(value);
}

/** An environment with one value changed; what is set there leaves the one below as it is. */
function over(base: Reading, name: string, value: unknown): Pick<Environment, "get" | "set"> {
	const own: Environment = new Map([[name, value]]);
	return {
		get: (name) => (own.has(name) ? own.get(name) : base.get(name)),
		set: (name, value) => own.set(name, value),
	};
}

/** What the head of a program defines; nothing where it cannot, which running the whole shows. */
function headOf({ head, headNames }: ProgramText, imported: Reading): [string, unknown][] {
	const made = compile([...imported.keys()], `${head}\nreturn [${headNames.join(", ")}];`);
	if (made instanceof Error) return [];
	const values = made(imported) as unknown[];
	return headNames.map((name, i) => [name, values[i]]);
}

function stopped(error: unknown): Outcome {
	return { kind: "stopped", message: error instanceof Error ? error.message : String(error) };
}

function compile(reads: readonly string[], body: string): Compiled {
	try {
		const run = new Function(...reads, `"use strict";\n${body}`);
		return (environment) => run(...reads.map((name) => environment.get(name)));
	} catch (error) {
		return error as Error;
	}
}

function fromTensor(value: unknown): Elements {
	if (value instanceof Tensor) return elementsOf(value);
	throw new TypeError("it is no tensor");
}

function fromNumbers(value: unknown): Elements {
	const isOne = typeof value === "number" || typeof value === "boolean";
	if (!isOne && !(value instanceof Float64Array)) throw new TypeError("it is no array of numbers");
	const values = isOne ? Float64Array.of(Number(value)) : value.slice();
	return { shape: isOne ? [] : null, values, dtype: "float64" };
}

function toNumbers({ shape, values }: Elements): number | Float64Array {
	return shape !== null && shape.length === 0 ? values[0]! : values.slice();
}

import type { DType } from "../../../core/dtype.ts";

// Kernels as WGSL. Each element takes four bytes on the device: a bool is an i32 that is 0 or 1.

/** What a kernel reads or writes, in the order reads, writes, temporaries. */
export interface ShaderOperand {
	readonly dtype: DType;
	/** Which binding has it: operands that lie in one buffer share one. */
	readonly slot: number;
	/** Whether its first element lies at a multiple of four elements. */
	readonly aligned: boolean;
}

/** Memory that a kernel needs between its shaders. */
export interface Temporary {
	readonly dtype: DType;
	readonly size: number;
}

/** A program of the device: its text, and what has to be bound. */
export interface Shader {
	readonly code: string;
	readonly workgroups: number;
	/** The slots that are bound, after the uniform with the places of the operands. */
	readonly bindings: readonly { readonly slot: number; readonly writes: boolean }[];
	/** Whether the word that tells of errors is bound, after the slots. */
	readonly canFail: boolean;
}

/** A kernel as shaders that run one after the other. */
export interface ShaderPlan {
	readonly shaders: readonly Shader[];
	/** Operands after those of the kernel, each in a slot of its own. */
	readonly temporaries?: readonly Temporary[];
}

/** The most workgroups along an axis of a grid, by WebGPU's least limit. */
const MOST_ALONG = 65535;

/** The type of a dtype's elements in WGSL. */
export function wgslType(dtype: DType): "f32" | "i32" {
	return dtype === "float32" || dtype === "float64" ? "f32" : "i32";
}

/** The grid of so many workgroups. */
export function gridOf(workgroups: number): readonly [x: number, y: number] {
	if (workgroups <= MOST_ALONG) return [workgroups, 1];
	const y = Math.ceil(workgroups / MOST_ALONG);
	return [Math.ceil(workgroups / y), y];
}

/** What the entry of a shader is made of. */
export interface ShaderEntry {
	/** Invocations of a workgroup. */
	readonly size: number;
	readonly workgroups: number;
	/**
	 * Statements, which know `group`, the number of the workgroup, and `lane`, that of the invocation
	 * in it, both as i32.
	 */
	readonly body: readonly string[];
}

/** Writes a shader: what it loads and stores are bindings; definitions come before the entry. */
export class ShaderWriter {
	readonly #operands: readonly ShaderOperand[];
	readonly #definitions = new Map<string, string>();
	readonly #words = new Set<string>();
	readonly #slots = new Map<number, { writes: boolean }>();
	readonly #vectors = new Set<number>();
	#canFail = false;
	#names = 0;

	constructor(operands: readonly ShaderOperand[]) {
		this.#operands = operands;
	}

	/** A name that nothing else has, beginning so. */
	fresh(beginning: string): string {
		return `${beginning}_${this.#names++}`;
	}

	/** The dtype of an operand. */
	dtypeOf(operand: number): DType {
		return this.#operands[operand]!.dtype;
	}

	/**
	 * Whether four neighbours can be read or written at a time, which from then on is how the operand
	 * is bound; to be asked before anything of it is loaded.
	 */
	vectors(operand: number): boolean {
		const { slot, aligned } = this.#operands[operand]!;
		const isAlone = this.#operands.filter((other) => other.slot === slot).length === 1;
		if (!aligned || !isAlone) return false;
		this.#vectors.add(slot);
		return true;
	}

	/** The element at an index, an i32 in text, counted from the operand's first element. */
	load(operand: number, index: string): string {
		return this.#as(operand, this.#place(operand, index, false));
	}

	/** Four elements from an index on that is a multiple of four: see `vectors`. */
	load4(operand: number, index: string): string {
		return this.#place4(operand, index, false);
	}

	/** A statement that stores a value of the operand's type. */
	store(operand: number, index: string, value: string): string {
		const place = this.#place(operand, index, true);
		const { slot, dtype } = this.#operands[operand]!;
		const type = this.#typeOf(slot);
		const stored = type === wgslType(dtype) ? value : `bitcast<${type}>(${value})`;
		return `${place} = ${stored};`;
	}

	/** The same of four. */
	store4(operand: number, index: string, value: string): string {
		return `${this.#place4(operand, index, true)} = ${value};`;
	}

	/** A statement that tells that something is wrong; what goes on may be anything that is safe. */
	fail(): string {
		this.#canFail = true;
		return "atomicOr(&failed, 1u);";
	}

	/**
	 * Adds functions, constants or variables before the entry, once for each name. What they are
	 * called in the text must be theirs alone.
	 */
	define(name: string, code: string): void {
		if (this.#definitions.has(name)) return;
		for (const [, word] of code.matchAll(/^(?:fn|const|struct|var<\w+>) (\w+)/gm)) {
			if (this.#words.has(word!)) throw new Error(`webgpu: ${word} is defined twice in a shader`);
			this.#words.add(word!);
		}
		this.#definitions.set(name, code);
	}

	/** The shader. */
	finish({ size, workgroups, body }: ShaderEntry): Shader {
		const bindings = [...this.#slots]
			.map(([slot, { writes }]) => ({ slot, writes }))
			.sort((a, b) => a.slot - b.slot);
		const places = Math.ceil(this.#operands.length / 4);
		const [x, y] = gridOf(workgroups);
		const storage = (at: number, access: string, name: string, type: string) =>
			`@group(0) @binding(${at}) var<storage, ${access}> ${name}: ${type};`;
		// Where operands begin is read once, and not in each round of a loop.
		const read = body.flatMap((line) => line.split("\n"));
		const begins = this.#operands.flatMap((_, i) => {
			const isUsed = read.some((line) => line.includes(this.#first(i)));
			return isUsed ? [{ name: `begin${i}`, text: this.#first(i) }] : [];
		});
		const inside = read.map((line) =>
			begins.reduce((now, { name, text }) => now.replaceAll(text, name), line),
		);
		const lines = [
			`@group(0) @binding(0) var<uniform> places: array<vec4<i32>, ${places}>;`,
			...bindings.map(({ slot, writes }, i) => {
				const type = this.#typeOf(slot);
				const element = this.#vectors.has(slot) ? `vec4<${type}>` : type;
				const access = writes ? "read_write" : "read";
				return storage(i + 1, access, `b${slot}`, `array<${element}>`);
			}),
			...(this.#canFail
				? [storage(bindings.length + 1, "read_write", "failed", "atomic<u32>")]
				: []),
			...this.#definitions.values(),
			`@compute @workgroup_size(${size})`,
			"fn main(@builtin(workgroup_id) at: vec3<u32>, @builtin(local_invocation_index) number: u32) {",
			`\tlet group = i32(at.x + at.y * ${x}u);`,
			...(x * y === workgroups ? [] : [`\tif (group >= ${workgroups}) { return; }`]),
			"\tlet lane = i32(number);",
			...begins.map(({ name, text }) => `\tlet ${name} = ${text};`),
			...inside.map((line) => `\t${line}`),
			"}",
		];
		return { code: `${lines.join("\n")}\n`, workgroups, bindings, canFail: this.#canFail };
	}

	#as(operand: number, place: string): string {
		const { slot, dtype } = this.#operands[operand]!;
		const type = wgslType(dtype);
		return this.#typeOf(slot) === type ? place : `bitcast<${type}>(${place})`;
	}

	#place(operand: number, index: string, writes: boolean): string {
		const { slot } = this.#operands[operand]!;
		this.#use(slot, writes);
		const at = `${this.#first(operand)} + ${index}`;
		return this.#vectors.has(slot) ? `b${slot}[(${at}) / 4][(${at}) % 4]` : `b${slot}[${at}]`;
	}

	#place4(operand: number, index: string, writes: boolean): string {
		const { slot } = this.#operands[operand]!;
		this.#use(slot, writes);
		return `b${slot}[(${this.#first(operand)} + ${index}) / 4]`;
	}

	#first(operand: number): string {
		return `places[${operand >> 2}][${operand & 3}]`;
	}

	#use(slot: number, writes: boolean): void {
		const known = this.#slots.get(slot);
		if (known === undefined) this.#slots.set(slot, { writes });
		else known.writes ||= writes;
	}

	/** The type of a slot's elements; where operands of both types share it, i32. */
	#typeOf(slot: number): "f32" | "i32" {
		const types = this.#operands.flatMap((x) => (x.slot === slot ? wgslType(x.dtype) : []));
		return types.every((type) => type === "f32") ? "f32" : "i32";
	}
}

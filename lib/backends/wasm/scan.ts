import type { ModuleBuilder } from "../../asm/assembler.ts";
import type { Expr } from "../../asm/expression.ts";
import type { Local } from "../../asm/function.ts";
import { f64, i32, select } from "../../asm/scalar.ts";
import { BYTES } from "../../core/dtype.ts";
import { coalesce } from "../../core/strided.ts";
import type { ScanLoop, ScanName } from "../../schedule/kernel.ts";
import type { DefinedLoop } from "./elementwise/loop.ts";
import { nest } from "./elementwise/nest.ts";
import { loadNumber, storeNumber } from "./elementwise/number.ts";
import type { Code } from "./math/floats.ts";

/**
 * What is carried along a line: where it begins, and what it is after the k-th elements of the
 * inputs.
 */
interface Rule {
	readonly start: number;
	readonly next: (
		carried: Local<"f64">,
		elements: readonly Local<"f64">[],
		k: Local<"i32">,
	) => Expr<"f64">;
}

const rules = {
	"running total": { start: 0, next: (carried, [x]) => f64.add(carried, x!) },
	"running product": { start: 1, next: (carried, [x]) => f64.mul(carried, x!) },
	/** a·y + b, and b alone at the beginning, whatever a is. */
	recurrence: {
		start: 0,
		next: (carried, [a, b], k) =>
			select(i32.eqz(k), b! as Expr<"f64">, f64.add(f64.mul(a!, carried), b!)),
	},
} satisfies Record<ScanName, Rule>;

/**
 * Defines the function of such lines: it takes the addresses of the inputs and the output, and a
 * range of the outermost of the other axes. Each line is carried on in float64; the code fails for
 * an int32 that overflows.
 */
export function defineScan(m: ModuleBuilder, name: string, loop: ScanLoop): DefinedLoop {
	const { axis, inputs, output, reverse, exclusive } = loop;
	const operands = [...inputs, output];
	const { start, next }: Rule = rules[loop.by];
	const n = loop.shape[axis]!;
	const { shape, layouts } = coalesce(
		loop.shape.toSpliced(axis, 1),
		operands.map(({ strides }) => ({ strides: strides.toSpliced(axis, 1), offset: 0 })),
	);
	const lines = shape.length === 0 ? [1] : shape;
	const params = Array.from({ length: operands.length + 2 }, () => "i32" as const);
	const callee = m.define(name, params, "none", (f, ...locals) => {
		const code = f as Code;
		const [from, to] = locals.slice(-2) as [Local<"i32">, Local<"i32">];
		const walked = operands.map(({ dtype }, k) => ({
			start: locals[k]!,
			steps: lines.map((_, i) => (layouts[k]!.strides[i] ?? 0) * BYTES[dtype]),
		}));
		const steps = operands.map(
			({ dtype, strides }) => strides[axis]! * BYTES[dtype] * (reverse ? -1 : 1),
		);
		nest(code, lines, walked, { from, to }, (firsts) => {
			const pointers = firsts.map((first, k) =>
				code.let(i32.add(first, reverse ? -steps[k]! * (n - 1) : 0)),
			);
			const carried = code.let(f64.const(start));
			code.for(0, n, 1, (k) => {
				const elements = inputs.map(({ dtype }, i) => code.let(loadNumber(dtype, pointers[i]!)));
				const value = code.let(next(carried, elements, k));
				storeNumber(code, output.dtype, pointers.at(-1)!, exclusive ? carried : value);
				code.set(carried, value);
				for (const [i, pointer] of pointers.entries()) {
					code.set(pointer, i32.add(pointer, steps[i]!));
				}
			});
		});
	});
	return { callee, extent: lines[0]!, grain: 1 };
}

import { ShapeError } from "../error.ts";
import type { TensorType } from "../op.ts";
import { abstractTensor } from "../program/abstract.ts";
import type { Program, Value } from "../program/program.ts";
import type { Shape } from "../shape.ts";

/** Names of axes for each leaf that has them. */
export type AxisNames = readonly (readonly string[] | undefined)[];

/**
 * How axis names travel through ops: the function is recorded once more on shapes in which each named axis has a prime size of its
 * own, and the sizes that come out are read as names. Needs no rule from any op.
 * @param rerecord records the function on tensors of these types
 * @throws ShapeError when names and shapes do not fit, or one name stands for two sizes
 */
export function axesByPrimes(
	types: readonly TensorType[],
	names: AxisNames,
	program: Program,
	rerecord: (leaves: ReturnType<typeof abstractTensor>[]) => Program,
): (value: Value) => readonly string[] {
	const sizes = sizesOf(types, names);
	const bySize = ({ type }: Value) => type.shape.map(String);
	if (sizes.size === 0) return bySize;
	const primes = primesFor(sizes, types);
	const attempts = [names, types.map(({ shape }, i) => names[i] ?? guessed(shape, sizes))];
	for (const attempt of attempts) {
		const other = attemptWith(attempt);
		if (other === null) continue;
		const found = new Map<Value, readonly string[]>();
		const pair = (value: Value, probe: Value) =>
			found.set(value, namesOf(value.type.shape, probe.type.shape, sizes, primes));
		for (const [i, input] of program.inputs.entries()) pair(input, other.inputs[i]!);
		for (const [i, step] of program.instructions.entries()) pair(step, other.instructions[i]!);
		return (value) => found.get(value) ?? bySize(value);
	}
	return bySize;

	function attemptWith(axes: AxisNames): Program | null {
		const leaves = types.map(({ shape, dtype }, i) => {
			const probe = shape.map((size, axis) => primes.get(axes[i]?.[axis] ?? "") ?? size);
			return abstractTensor({ shape: probe, dtype }, "an argument with its axes named");
		});
		let other: Program;
		try {
			other = rerecord(leaves);
		} catch {
			// The function has sizes written into it, or looks at values: then sizes are all that is known.
			return null;
		}
		return isAlike(program, other) ? other : null;
	}
}

function sizesOf(types: readonly TensorType[], names: AxisNames): Map<string, number> {
	const sizes = new Map<string, number>();
	for (const [i, { shape }] of types.entries()) {
		const axes = names[i];
		if (axes === undefined) continue;
		if (axes.length !== shape.length) {
			throw new ShapeError(
				`derive: expected a name for each axis of a tensor of shape (${shape.join("×")}), got [${axes.join(", ")}]`,
			);
		}
		for (const [axis, name] of axes.entries()) {
			const size = shape[axis]!;
			const known = sizes.get(name) ?? size;
			if (known !== size) {
				throw new ShapeError(
					`derive: expected all axes called ${name} to have one size, got ${known} and ${size}`,
				);
			}
			sizes.set(name, size);
		}
	}
	return sizes;
}

/** An axis without a name is taken for a named one of its size, if there is one. */
function guessed(shape: Shape, sizes: ReadonlyMap<string, number>): string[] {
	return shape.map((size) => [...sizes].find(([, other]) => other === size)?.[0] ?? "");
}

/** A prime for each name, none of them a size that is there already. Small: constants of these shapes are computed. */
function primesFor(
	sizes: ReadonlyMap<string, number>,
	types: readonly TensorType[],
): Map<string, number> {
	const used = new Set(types.flatMap(({ shape }) => shape));
	const primes = new Map<string, number>();
	let candidate = 11;
	for (const name of sizes.keys()) {
		while (used.has(candidate) || !isPrime(candidate)) candidate++;
		primes.set(name, candidate++);
	}
	return primes;
}

function isPrime(n: number): boolean {
	for (let d = 2; d * d <= n; d++) if (n % d === 0) return false;
	return true;
}

function isAlike(a: Program, b: Program): boolean {
	return (
		a.instructions.length === b.instructions.length &&
		a.instructions.every((step, i) => step.op === b.instructions[i]!.op)
	);
}

/** Each axis by the names whose primes make up its size in the probe, joined with a dot where axes were merged. */
function namesOf(
	shape: Shape,
	probe: Shape,
	sizes: ReadonlyMap<string, number>,
	primes: ReadonlyMap<string, number>,
): string[] {
	return shape.map((size, axis) => {
		const parts: string[] = [];
		let rest = probe[axis]!;
		let product = 1;
		for (const [name, prime] of primes) {
			for (; rest % prime === 0 && rest > 0; rest /= prime) {
				parts.push(name);
				product *= sizes.get(name)!;
			}
		}
		return rest === 1 && parts.length > 0 && product === size ? parts.join("·") : String(size);
	});
}

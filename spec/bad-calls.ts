import { AdjointError, Tensor, tensor, zeros } from "../lib/index.ts";

/** What is given to every function in every place: some of it fits, most of it does not. */
export const GIVEN: readonly unknown[] = [
	tensor([
		[1, 2, 3],
		[4, 5, 6],
	]),
	tensor([[1, 2, 3]], { dtype: "float32" }),
	tensor([0, 1], { dtype: "int32" }),
	tensor([[9, 9]], { dtype: "int32" }),
	tensor([1, 2, 3]),
	tensor([true, false]),
	tensor(2),
	zeros([2, 3, 4, 5]),
	...[null, undefined, "x", "0", {}, [], [1, 2], [0, 99], 99, -99, 0.5, Number.NaN, true],
	...[() => 1, [[1, 2], [3]], [tensor([1, 2]), tensor(1)], { w: 3 }, { w: tensor(3) }],
];

/** Those that take rules, or functions that have names of their own for what goes wrong. */
const OTHERS = new Set(
	"apply asTensor bilinear defineOp elementwise linear normalization reduction".split(" "),
);

/** How an error of a call is wrong; null where it is right. */
export function fault(
	name: string,
	f: (...args: unknown[]) => unknown,
	args: unknown[],
): string | null {
	try {
		const made = f(...args);
		if (made instanceof Tensor && made.size < 1e5) void made.data;
		return null;
	} catch (error) {
		const { message } = error as Error;
		if (error instanceof AdjointError && message.startsWith(`${name}: `)) return null;
		return `${name}: ${(error as Error).name} ${message.slice(0, 100)}`;
	}
}

/** Numbers from 0 to n − 1, always the same ones. */
function drawing(): (n: number) => number {
	let seed = 1;
	return (n) => {
		seed = (seed * 1103515245 + 12345) % 2 ** 31;
		return Math.floor((seed / 2 ** 31) * n);
	};
}

/** What is wrong with the errors of these functions, called with whatever there is. */
export function faults(functions: Iterable<[string, unknown]>): string[] {
	const next = drawing();
	const found = new Set<string>();
	for (const [name, f] of functions) {
		for (let round = 0; round < 60; round++) {
			const args = Array.from({ length: next(5) }, () => GIVEN[next(GIVEN.length)]);
			const wrong = fault(name, f as () => unknown, args);
			if (wrong !== null) found.add(wrong);
		}
	}
	return [...found];
}

/** Functions that users call, of what an entry exports. */
export function functionsIn(entry: object): [string, unknown][] {
	return Object.entries(entry).filter(
		([name, f]) => typeof f === "function" && /^[a-z]/.test(name) && !OTHERS.has(name),
	);
}

/** As one writes without types. */
// biome-ignore lint/suspicious/noExplicitAny: what types would refuse is what is tried
export const loose = <F>(f: F) => f as any;

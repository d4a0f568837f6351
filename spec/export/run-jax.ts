import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { toJax } from "../../lib/export/index.ts";
import type { Tensor } from "../../lib/index.ts";
import { peersPython } from "../peers-python.ts";

/** A function of a list of tensors that gives a list of tensors, with arguments to try it on. */
export interface Case {
	readonly name: string;
	readonly f: (args: readonly Tensor[]) => readonly Tensor[];
	readonly args: readonly Tensor[];
	/** How far results may be off, of 1 or of their greatest element. */
	readonly tolerance: number;
}

/** Numbers as they go from one language to the other; what JSON has no word for goes as a text. */
interface Numbers {
	readonly dtype: string;
	readonly shape: readonly number[];
	readonly data: readonly (number | string)[];
}

const MINUTES = 60_000;
const MEGABYTES = 2 ** 20;

function numbers({ data, dtype, shape }: Tensor): Numbers {
	const all = [...data].map(Number);
	return { dtype, shape, data: all.map((x) => (Number.isFinite(x) ? x : String(x))) };
}

/** What is wrong with the modules written of these functions, run in JAX: a line each. */
export function faultsInJax(cases: readonly Case[]): string[] {
	const faults: string[] = [];
	const written = cases.flatMap((one) => {
		try {
			const expected = one.f(one.args).map(numbers);
			return [{ ...one, expected, text: toJax(one.f as never, { args: one.args }) }];
		} catch (error) {
			faults.push(`${one.name}: ${error}`);
			return [];
		}
	});
	const asked = written.map(({ text, args }) => [text, args.map(numbers), /enable_x64/.test(text)]);
	const output = execFileSync(peersPython(), [join(import.meta.dirname, "modules.py")], {
		input: JSON.stringify(asked),
		encoding: "utf8",
		stdio: ["pipe", "pipe", "inherit"],
		env: {
			...process.env,
			PYTHONDONTWRITEBYTECODE: "1",
			PYTHONWARNINGS: "ignore",
			JAX_PLATFORMS: "cpu",
		},
		maxBuffer: 256 * MEGABYTES,
		timeout: 10 * MINUTES,
	});
	const outcomes = JSON.parse(output) as { value?: Numbers[]; error?: string }[];
	for (const [i, { value, error }] of outcomes.entries()) {
		const { name, text, expected, tolerance } = written[i]!;
		const why = error ?? expected.map((x, k) => difference(value![k]!, x, tolerance)).find(Boolean);
		if (why) faults.push(`${name}: ${why}\n${text}`);
	}
	return faults;
}

/** Why two are not the same, within a share of 1 or of the greatest element; or null. */
function difference(a: Numbers, b: Numbers, tolerance: number): string | null {
	if (a.dtype !== b.dtype) return `${a.dtype} is not ${b.dtype}`;
	if (`${a.shape}` !== `${b.shape}`) return `the shape (${a.shape}) is not (${b.shape})`;
	const sizes = b.data.map((x) => Math.abs(Number(x))).filter(Number.isFinite);
	const scale = sizes.reduce((most, x) => Math.max(most, x), 1);
	const isNear = (x: number, y: number) =>
		Object.is(x, y) || x === y || Math.abs(x - y) <= tolerance * scale;
	const at = a.data.findIndex((x, i) => !isNear(Number(x), Number(b.data[i]!)));
	return at < 0 ? null : `at ${at} of (${a.shape}), ${a.data[at]} is not ${b.data[at]}`;
}

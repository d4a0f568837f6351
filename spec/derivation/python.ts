import { execFileSync } from "node:child_process";
import type { Tensor } from "../../lib/index.ts";
import { runInPython } from "./python-process.ts";

/** The Python that the specs run: that of the environment variable PYTHON, or python3. */
export const command = process.env.PYTHON ?? "python3";

/**
 * Whether there is a Python with NumPy; specs that need it say that they skip where there is none.
 * One that PYTHON names must have it: who sets that wants no skipping.
 */
export function hasNumPy(): boolean {
	isThere ??= findNumPy();
	return isThere;
}

let isThere: boolean | undefined;

function findNumPy(): boolean {
	try {
		execFileSync(command, ["-c", "import numpy"], { stdio: "pipe" });
		return true;
	} catch (error) {
		if (process.env.PYTHON !== undefined) throw error;
		return false;
	}
}

/** A tensor as a NumPy array; numbers that JSON lacks are written in Python's words. */
export function asArray(x: Tensor): string {
	const dtype = x.dtype === "bool" ? "bool_" : x.dtype;
	const text = (value: number | boolean) =>
		typeof value === "boolean" || Number.isNaN(value) ? String(Number(value)) : String(value);
	const flat = [...x.ravel().data].map((value) =>
		text(value as number)
			.replace("Infinity", "np.inf")
			.replace("NaN", "np.nan"),
	);
	return `np.array([${flat.join(", ")}], dtype=np.${dtype}).reshape(${`(${x.shape.map((n) => `${n}, `).join("")})`})`;
}

/** Runs a Python program and returns what it prints. */
export function python(source: string): string {
	if (!hasNumPy()) throw new Error(`${command} has no NumPy`);
	return runInPython(command, source);
}

/** Runs a Python program and reads the variables of these names: their shape and elements. */
export function runPython(
	program: string,
	variables: readonly string[],
): Map<string, { shape: number[]; elements: number[] }> {
	const dump = [
		"import json, sys",
		"def _show(x):",
		"    x = np.asarray(x)",
		"    return [list(x.shape), [repr(float(v)) for v in x.ravel()]]",
		`json.dump({name: _show(globals()[name]) for name in ${JSON.stringify(variables)}}, sys.stdout)`,
	];
	const output = python(`${program}\n${dump.join("\n")}\n`);
	const read = JSON.parse(output) as Record<string, [number[], string[]]>;
	const number = (text: string) =>
		text === "inf"
			? Number.POSITIVE_INFINITY
			: text === "-inf"
				? Number.NEGATIVE_INFINITY
				: Number(text);
	return new Map(
		Object.entries(read).map(([name, [shape, elements]]) => [
			name,
			{ shape, elements: elements.map(number) },
		]),
	);
}

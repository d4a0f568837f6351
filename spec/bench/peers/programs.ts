import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Program } from "./contestant.ts";

const here = import.meta.dirname;
const madePython = join(here, "../../../.venv/peers/bin/python");
/** Knows PyTorch and JAX, where `npm run guide:peers` has been run or the variable says so. */
const peersPython = process.env.PEERS_PYTHON ?? madePython;
const { OPENBLAS_CORETYPE: _, OPENBLAS_L2_SIZE: __, ...environment } = process.env;

/** A contestant in JavaScript, run by this Node. */
function script(name: string, file: string, node = process.execPath, ...more: string[]): Program {
	const args = ["--import", "tsx", join(here, "serve.mjs"), join(here, file), ...more];
	return { name, command: node, args };
}

/**
 * NumPy with so many threads, and with the kernel that its OpenBLAS chooses for this processor, or
 * that of this name; the cases whose names contain one of the words, or all.
 */
function numpy(
	name: string,
	threads: number,
	kernel: Record<string, string> = {},
	...words: string[]
): Program {
	const env = { ...environment, ...kernel, OPENBLAS_NUM_THREADS: `${threads}` };
	const args = [join(here, "numpy_cases.py"), ...words];
	return { name, command: process.env.PYTHON ?? "python3", args, env };
}

/** The kernel for processors whose vectors have 256 bits; it matters to products alone. */
const AVX2 = { OPENBLAS_CORETYPE: "Haswell" };

/**
 * Our steps in ONNX Runtime on so many threads, so many of them in a call; the cases whose names
 * contain one of the words, or all.
 */
function onnxRuntime(name: string, threads: number, steps: number, ...words: string[]): Program {
	return script(name, "ours-onnx.ts", process.execPath, `${threads}`, `${steps}`, ...words);
}

/** A call with several steps of a large model takes seconds, and its arguments little of that. */
const SMALL = ["two-layer", "digits", "mlp"];

function python(name: string, file: string, ...args: string[]): Program {
	return { name, command: peersPython, args: [join(here, file), ...args] };
}

/** All that are compared; the first is what the others are measured by. `node` runs ours. */
export function programs(node: string): Program[] {
	if (!existsSync(peersPython)) console.log("`npm run guide:peers` installs PyTorch and JAX");
	return [
		script("adjoint, compiled", "ours-compiled.ts", node),
		script("adjoint, 2 threads", "ours-threads.ts", node),
		script("adjoint, eager", "ours-eager.ts", node),
		script("blocked loops", "loops.mjs", node),
		numpy("NumPy, 1 thread", 1),
		numpy("NumPy, 2 threads", 2),
		numpy("NumPy AVX2, 1 thread", 1, AVX2, "step", "product"),
		numpy("NumPy AVX2, 2 threads", 2, AVX2, "step", "product"),
		python("PyTorch, 1 thread", "torch_cases.py", "1"),
		python("PyTorch, 2 threads", "torch_cases.py", "2"),
		python("JAX, 1 thread", "jax_cases.py", "1"),
		python("JAX, all threads", "jax_cases.py", "all"),
		python("adjoint through JAX, 1 thread", "jax_written.py", "1", process.execPath),
		python("adjoint through JAX, all threads", "jax_written.py", "all", process.execPath),
		onnxRuntime("adjoint through ONNX Runtime, 1 thread", 1, 1),
		onnxRuntime("adjoint through ONNX Runtime, 2 threads", 2, 1),
		onnxRuntime("the same, 50 steps a call, 1 thread", 1, 50, ...SMALL),
		onnxRuntime("the same, 50 steps a call, 2 threads", 2, 50, ...SMALL),
		script("jax-js, jit", "jax.mjs"),
		script("TensorFlow.js, wasm", "tfjs.mjs"),
	];
}

/** The most that the processor does, by a program in C; null without a compiler for it. */
export function peak(): Program | null {
	const program = join(mkdtempSync(join(tmpdir(), "peak-")), "peak");
	const options = ["-O3", "-mavx2", "-mfma", "-ffp-contract=off"];
	const { status } = spawnSync("cc", [...options, "-o", program, join(here, "peak.c")]);
	return status === 0 ? { name: "the processor", command: program, args: [] } : null;
}

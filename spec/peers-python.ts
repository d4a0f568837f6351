import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Tensor } from "../lib/index.ts";

const environment = join(import.meta.dirname, "../.venv/peers");
/** A build of PyTorch for the CPU alone does, and is ten times smaller: pip takes what it finds. */
const PACKAGES = [
	"torch==2.15.0",
	"jax==0.10.2",
	"flax==0.12.8",
	"optax==0.2.8",
	"autograd==1.9.1",
	"safetensors==0.8.0",
	"onnx==1.23.2",
	"onnxruntime==1.32.0",
	"ruff==0.17.6",
	"pyright==1.1.414",
];
const MINUTES = 60_000;
const MEGABYTES = 2 ** 20;

/**
 * A Python with the other libraries: the one in `PEERS_PYTHON`, or that of an environment which is
 * made when it is first needed, in a few minutes, and kept.
 */
export function peersPython(): string {
	if (process.env.PEERS_PYTHON !== undefined) return process.env.PEERS_PYTHON;
	const [python, list] = [join(environment, "bin/python"), join(environment, "packages.txt")];
	const wanted = PACKAGES.join("\n");
	if (existsSync(list) && readFileSync(list, "utf8") === wanted) return python;
	execFileSync("python3", ["-m", "venv", environment], { stdio: "inherit" });
	const install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", ...PACKAGES];
	execFileSync(python, install, { stdio: "inherit", timeout: 20 * MINUTES });
	writeFileSync(list, wanted);
	return python;
}

/** Runs a program in that Python: gives it this as JSON, and what it writes as JSON back. */
export function askPeers<T>(program: string, input: unknown, ...words: string[]): T {
	const output = execFileSync(peersPython(), [program, ...words], {
		input: JSON.stringify(input),
		encoding: "utf8",
		stdio: ["pipe", "pipe", "inherit"],
		env: {
			...process.env,
			PYTHONDONTWRITEBYTECODE: "1",
			PYTHONPATH: join(import.meta.dirname, "python"),
			PYTHONWARNINGS: "ignore",
			JAX_PLATFORMS: "cpu",
		},
		maxBuffer: 256 * MEGABYTES,
		timeout: 10 * MINUTES,
	});
	return JSON.parse(output) as T;
}

/** Numbers as they go from one language to the other; what JSON has no word for goes as a text. */
export interface SentNumbers {
	readonly dtype: string;
	readonly shape: readonly number[];
	readonly data: readonly (number | string)[];
}

/** The elements of a tensor as they are sent. */
export function sentNumbers({ data, dtype, shape }: Tensor): SentNumbers {
	const all = [...data].map(Number);
	return { dtype, shape, data: all.map((x) => (Number.isFinite(x) ? x : String(x))) };
}

import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "../..");
/** Where there are builds of PyTorch for the CPU alone, which are ten times smaller. */
const CPU_BUILDS = "https://download.pytorch.org/whl/cpu";
const TORCH = "torch==2.15.0";
const PACKAGES = [TORCH, "jax==0.10.2", "flax==0.12.8", "optax==0.2.8", "safetensors==0.8.0"];
const MINUTES = 60_000;

/**
 * A Python with the other libraries: the one in `PEERS_PYTHON`, or that of an environment which is
 * made here, in two minutes, and kept.
 */
export function peersPython(): string {
	if (process.env.PEERS_PYTHON !== undefined) return process.env.PEERS_PYTHON;
	const environment = join(root, ".venv/peers");
	const [python, list] = [join(environment, "bin/python"), join(environment, "packages.txt")];
	const wanted = PACKAGES.join("\n");
	if (existsSync(list) && readFileSync(list, "utf8") === wanted) return python;
	execFileSync("python3", ["-m", "venv", environment], { stdio: "inherit" });
	const install = (...what: string[]) =>
		execFileSync(
			python,
			["-m", "pip", "install", "--quiet", "--disable-pip-version-check", ...what],
			{ stdio: "inherit", timeout: 20 * MINUTES },
		);
	try {
		install(TORCH, "--index-url", CPU_BUILDS, "--retries", "0");
	} catch {
		console.log(`no PyTorch from ${CPU_BUILDS}: the build of the usual place is taken`);
	}
	install(...PACKAGES);
	writeFileSync(list, wanted);
	return python;
}

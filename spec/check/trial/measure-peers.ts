import { execFileSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { right, wrong } from "./cases.ts";
import { type Peer, peersFile } from "./outcomes.ts";

const root = join(import.meta.dirname, "../../..");
const folder = join(import.meta.dirname, "peers");
const PACKAGES = ["torch", "jax", "autograd"];
/** Where there are builds of PyTorch for the CPU alone, which are ten times smaller. */
const CPU_BUILDS = "https://download.pytorch.org/whl/cpu";

/** Python with the other libraries: the one in `PYTHON`, or that of an environment made here. */
function python(): string {
	if (process.env.PYTHON !== undefined) return process.env.PYTHON;
	const environment = join(root, ".venv/trial");
	const own = join(environment, "bin/python");
	if (existsSync(own)) return own;
	execFileSync("python3", ["-m", "venv", environment], { stdio: "inherit" });
	const install = (...what: string[]) =>
		execFileSync(own, ["-m", "pip", "install", "--quiet", ...what], { stdio: "inherit" });
	try {
		install("torch", "--index-url", CPU_BUILDS, "--retries", "0");
	} catch {
		// That place cannot be reached from here; the usual one has the larger build.
	}
	install(...PACKAGES);
	return own;
}

/** The points of all cases, for other languages to read. */
function points(): string {
	const cases = Object.entries({ ...wrong, ...right });
	const written = cases.map(([name, { at }]) => [
		name,
		at.map(({ dtype, shape, data }) => ({ dtype, shape, data: [...data] })),
	]);
	return JSON.stringify(Object.fromEntries(written));
}

/** Runs the checks of the other libraries on all cases, and keeps what they say. */
export function measurePeers(): void {
	const [command, program] = [python(), join(folder, "run.py")];
	const peers = PACKAGES.map((name): [string, Peer] => {
		const said = execFileSync(command, [program, name], {
			input: points(),
			encoding: "utf8",
			stdio: ["pipe", "pipe", "inherit"],
			env: { ...process.env, PYTHONDONTWRITEBYTECODE: "1" },
		});
		return [name, JSON.parse(said) as Peer];
	});
	writeFileSync(peersFile, `${JSON.stringify(Object.fromEntries(peers), null, "\t")}\n`);
}

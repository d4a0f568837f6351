import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { peersPython } from "../../peers-python.ts";
import { right, wrong } from "./cases.ts";
import { type Peer, peersFile } from "./outcomes.ts";

const folder = join(import.meta.dirname, "peers");
const LIBRARIES = ["torch", "jax", "autograd"];
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
	const [command, program] = [peersPython(), join(folder, "run.py")];
	const peers = LIBRARIES.map((name): [string, Peer] => {
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

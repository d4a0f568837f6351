import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

/**
 * A library in a process of its own, which runs a case when it is asked to and says how long it
 * took.
 */
export interface Contestant {
	readonly name: string;
	/** The names of the cases that it has. */
	readonly cases: readonly string[];
	/** Runs a case a few times; gives the time of a run in milliseconds. */
	time(name: string): Promise<number>;
	end(): void;
}

/**
 * Starts a contestant; null where its program cannot run here, because something is not installed.
 */
export async function start(
	name: string,
	command: string,
	args: readonly string[],
	env: NodeJS.ProcessEnv = process.env,
): Promise<Contestant | null> {
	const child = spawn(command, args, { env, stdio: ["pipe", "pipe", "pipe"] });
	let complaint = "";
	child.stderr.on("data", (chunk) => {
		complaint += chunk;
	});
	const ended = once(child, "close").catch((error: Error) => {
		complaint = error.message;
	});
	const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
	const ask = async (line: string): Promise<string> => {
		child.stdin.write(`${line}\n`);
		const answer = await Promise.race([lines.next(), ended.then(() => null)]);
		if (answer === null || answer.done) throw new Error(complaint || `${name} ended`);
		return answer.value;
	};
	// A contestant that is not there shows when it is written to.
	child.stdin.on("error", () => {});
	try {
		const cases = (await ask("?")).split("\t");
		return {
			name,
			cases,
			time: async (line) => Number(await ask(line)),
			end: () => child.stdin.end(),
		};
	} catch (error) {
		console.log(`${name} is left out: ${(error as Error).message.trim().split("\n").at(-1)}`);
		return null;
	}
}

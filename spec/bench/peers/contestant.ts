import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

/** How a library is started in a process of its own. */
export interface Program {
	readonly name: string;
	readonly command: string;
	readonly args: readonly string[];
	readonly env?: NodeJS.ProcessEnv;
}

/** What the first runs of a case in a process show. */
export interface FirstRuns {
	/** What the third run gives, such as the loss; NaN for a case that gives no number. */
	readonly value: number;
	/** Milliseconds of the first run: the case makes its operands, and is recorded and compiled. */
	readonly first: number;
	/** The memory of the process at its most, in MB. */
	readonly memory: number;
}

/** A library that runs a case when it is asked to; see serve.mjs. */
export interface Contestant {
	readonly name: string;
	/** The names of the cases that it has. */
	readonly cases: readonly string[];
	/** Runs a case a few times; gives the time of a run in milliseconds. */
	time(name: string): Promise<number>;
	/** Runs a case three times. */
	firstRuns(name: string): Promise<FirstRuns>;
	end(): void;
}

/**
 * Starts a contestant; null where its program cannot run here, because something is not installed.
 */
export async function start({ name, command, args, env }: Program): Promise<Contestant | null> {
	const child = spawn(command, args, { env: env ?? process.env, stdio: ["pipe", "pipe", "pipe"] });
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
			firstRuns: async (line) => {
				const [value, first, memory] = (await ask(`= ${line}`)).split("\t").map(Number);
				return { value: value!, first: first!, memory: memory! };
			},
			end: () => child.stdin.end(),
		};
	} catch (error) {
		console.log(`${name} is left out: ${(error as Error).message.trim().split("\n").at(-1)}`);
		return null;
	}
}

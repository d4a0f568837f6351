import { writeFileSync } from "node:fs";
import { derive } from "../derivation/index.ts";
import { CommandError } from "./failure.ts";
import { loadModel } from "./model-file.ts";
import { HELP, parse } from "./options.ts";

/**
 * The command `adjoint`, with what stands behind it on the command line.
 * @throws CommandError for what the user can put right; whatever the user's file throws
 */
export async function runCommand(words: readonly string[]): Promise<void> {
	const command = parse(words);
	if (command === null) {
		process.stdout.write(HELP);
		return;
	}
	const { f, args, options } = await loadModel(command.file, command.exported);
	const text = derive(f, args, options).print(command.format, { lang: command.lang });
	if (command.out === null) process.stdout.write(text);
	else write(command.out, text);
}

function write(file: string, text: string): void {
	try {
		writeFileSync(file, text);
	} catch (error) {
		const [reason] = (error as Error).message.split(",");
		throw new CommandError(`cannot write ${file}: ${reason}`);
	}
}

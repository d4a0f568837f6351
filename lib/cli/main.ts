#!/usr/bin/env node
import { failureText } from "./failure.ts";
import { runCommand } from "./run.ts";

const print = process.stdout.write.bind(process.stdout);
// What the user's file prints is no part of the text that was asked for.
process.stdout.write = process.stderr.write.bind(process.stderr);
// Who reads the text may stop before its end, as `head` does.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
	process.exit(error.code === "EPIPE" ? 0 : 1);
});

let text = "";
let status = 0;
try {
	await runCommand(process.argv.slice(2), {
		out: (part) => {
			text += part;
		},
		note: (part) => process.stderr.write(part),
	});
} catch (error) {
	console.error(`adjoint: ${failureText(error)}`);
	status = 1;
}
// The user's file may have left a timer or a socket open: when all is written, the command ends.
print(text, () => process.exit(status));

#!/usr/bin/env node
import { failureText } from "./failure.ts";
import { runCommand } from "./run.ts";

try {
	await runCommand(process.argv.slice(2));
} catch (error) {
	console.error(`adjoint: ${failureText(error)}`);
	process.exitCode = 1;
}

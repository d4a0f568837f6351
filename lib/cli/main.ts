#!/usr/bin/env node
import { failureText } from "./failure.ts";
import { run } from "./run.ts";

try {
	await run(process.argv.slice(2));
} catch (error) {
	console.error(`adjoint: ${failureText(error)}`);
	process.exitCode = 1;
}

// Runs the cases of a contestant, one for each line of input: `node serve.mjs ./jax.mjs`. "?" asks for their names. Each
// line of output is the time of one run, in milliseconds.
import { createInterface } from "node:readline";

const { cases } = await import(process.argv[2]);
for await (const name of createInterface({ input: process.stdin })) {
	if (name === "?") {
		console.log(Object.keys(cases).join("\t"));
		continue;
	}
	const start = performance.now();
	await cases[name]();
	console.log(performance.now() - start);
}

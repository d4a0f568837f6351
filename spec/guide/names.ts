// Compares the names of other libraries with ours and writes docs/names.md: `npm run guide:names`.
// Python says which names there are, in the environment of `npm run guide:peers`.
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { peersPython } from "../peers-python.ts";
import { countsOf, modules, namesPage, rowsOf } from "./names/page.ts";

const script = join(import.meta.dirname, "peers/names.py");
const output = execFileSync(peersPython(), [script, ...modules.map(({ module }) => module)], {
	encoding: "utf8",
	stdio: ["ignore", "pipe", "inherit"],
	env: { ...process.env, PYTHONWARNINGS: "ignore", JAX_PLATFORMS: "cpu" },
});
const found = JSON.parse(output) as Record<string, string[]>;
for (const names of modules) {
	const rows = rowsOf(names);
	const listed = rows.map(({ theirs }) => theirs);
	const there = found[names.module]!;
	const faults = [
		...there.filter((name) => !listed.includes(name)).map((name) => `${name} is in no row`),
		...listed.filter((name) => !there.includes(name)).map((name) => `there is no ${name} there`),
		...listed.filter((name, i) => listed.indexOf(name) < i).map((name) => `${name} is in two rows`),
	];
	for (const fault of faults) console.log(`✗ ${names.module}: ${fault}`);
	if (faults.length > 0) process.exitCode = 1;
	const { had, lacked, share } = countsOf(rows);
	console.log(`${names.module}: ${had} of ${had + lacked}, ${share}`);
}
writeFileSync(join(import.meta.dirname, "../../docs/names.md"), namesPage());

// Our check and those of other libraries on functions whose derivatives are known to be wrong or
// right: `npm run trial`. With `-- --peers` the other libraries, whose outcomes are kept in
// peers.json, are run again.
import { parseArgs } from "node:util";
import { right, wrong } from "./cases.ts";
import { measurePeers } from "./measure-peers.ts";
import { mistakesIn, mistakesOfPeers, outcomesOf, unexpectedIn } from "./outcomes.ts";
import { table } from "./table.ts";

const { values } = parseArgs({ options: { peers: { type: "boolean" } } });
if (values.peers) measurePeers();

const ours = outcomesOf({ ...wrong, ...right });
const unexpected = unexpectedIn(ours);
const mistakes = { adjoint: mistakesIn(ours), ...mistakesOfPeers() };
console.log(table(mistakes));
for (const [name, { letThrough, refused }] of Object.entries(mistakes)) {
	console.log(`\n${name} lets through:\n  ${letThrough.join("\n  ") || "none"}`);
	console.log(`${name} does not confirm:\n  ${refused.join("\n  ") || "none"}`);
}
if (unexpected.length > 0) {
	console.log(`\nOther outcomes than those that are expected:\n  ${unexpected.join("\n  ")}`);
	process.exitCode = 1;
}

// Runs every printed program of the gallery in NumPy, and the same function in JAX, and compares
// values and gradients to 1e-10: `npm run gallery:jax`. The first run makes a Python environment
// with JAX, unless `PEERS_PYTHON` names a Python that has it.
import { peersPython } from "../../peers-python.ts";
import { gallery } from "./index.ts";
import { checkJax, derivationOf, runsOf } from "./runs.ts";

const all = gallery.map((entry) => {
	const derivation = derivationOf(entry);
	return { entry, derivation, runs: runsOf(entry, derivation) };
});
const faults = checkJax(peersPython(), all);
for (const fault of faults) console.log(`✗ ${fault}`);
const runs = all.flatMap(({ runs }) => runs);
console.log(
	`${all.length} functions compared with JAX, ${runs.length} runs, ${faults.length} faults`,
);
process.exitCode = faults.length > 0 ? 1 : 0;

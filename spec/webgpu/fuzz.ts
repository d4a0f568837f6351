// Random programs on the device beside JavaScript: `npm run fuzz:webgpu -- --seed 7 --runs 1000`.
import { parseArgs } from "node:util";
import { judgeMany } from "./judge.ts";

const { values } = parseArgs({
	options: { runs: { type: "string" }, seed: { type: "string" } },
});
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));
const counts = await judgeMany(seed, Number(values.runs ?? 1000));
const told = Object.entries(counts).map(([outcome, count]) => `${count} ${outcome}`);
console.log(`random programs on the device, seed ${seed}: ${told.join(", ")}`);
process.exit(0);

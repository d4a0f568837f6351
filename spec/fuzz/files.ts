// Damaged files, read by everything that reads: `npm run fuzz:files`, or with `-- --runs 100000
// --seed 7 --seconds 30`. A process with little memory reads them; this one sees whether it hangs.
// It says how to run the same again, and ends with 1 at the first file that fails.
import { fork } from "node:child_process";
import { parseArgs } from "node:util";
import { AdjointError } from "../../lib/index.ts";
import { damaged, randomFrom } from "./damage.ts";
import { fileFormats } from "./file-formats.ts";

/** How many files share a seed. */
const BATCH = 1000;
/** A batch takes a fraction of a second. */
const LONGEST_SECONDS = 60;
/** The heap of the reading process and, in all, the memory that it may take, in MB. */
const [HEAP, MEMORY] = [256, 700];

const { values } = parseArgs({
	options: {
		runs: { type: "string" },
		seed: { type: "string" },
		seconds: { type: "string" },
		reads: { type: "boolean" },
	},
});
const runs = Number(values.runs ?? 1_000_000);
const first = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));
const end = performance.now() + 1000 * Number(values.seconds ?? Number.POSITIVE_INFINITY);

/** How many files of each format were read, and how many were refused. */
type Counts = Record<string, { read: number; refused: number }>;

/** Reads the files of one seed. */
function readBatch(seed: number, counts: Counts): void {
	const random = randomFrom(seed);
	for (let i = 0; i < BATCH; i++) {
		const { name, files, damage = damaged, check } = fileFormats[i % fileFormats.length]!;
		const pick = () => files[Math.floor(random() * files.length)]!;
		const bytes = damage(pick(), random, pick());
		counts[name] ??= { read: 0, refused: 0 };
		try {
			check(bytes);
			counts[name].read++;
		} catch (error) {
			if (!(error instanceof AdjointError)) {
				throw new Error(`${name}, in base64: ${Buffer.from(bytes).toString("base64")}`, {
					cause: error,
				});
			}
			counts[name].refused++;
		}
	}
	if (Object.keys(Object.prototype).length > 0) throw new Error("Object.prototype was changed");
	const used = process.resourceUsage().maxRSS / 1000;
	if (used > MEMORY) throw new Error(`${used} MB of memory were used`);
}

function readAll(): void {
	const counts: Counts = {};
	let done = 0;
	for (let seed = first; done < runs && performance.now() < end; seed++, done += BATCH) {
		process.send!(seed);
		readBatch(seed, counts);
	}
	console.log(`${done} damaged files from seed ${first} on: no failure`);
	for (const [name, { read, refused }] of Object.entries(counts)) {
		console.log(`  ${name}: ${read} read, ${refused} refused`);
	}
	const { maxRSS, userCPUTime } = process.resourceUsage();
	console.log(
		`  ${Math.round(maxRSS / 1000)} MB at most, ${Math.round(userCPUTime / 1e6)} s of CPU`,
	);
	process.disconnect();
}

function watch(): void {
	const reader = fork(
		import.meta.filename,
		[...process.argv.slice(2), "--seed", `${first}`, "--reads"],
		{
			execArgv: [...process.execArgv, `--max-old-space-size=${HEAP}`],
		},
	);
	let seed = first;
	const hangs = () => {
		console.log(`a file takes more than ${LONGEST_SECONDS} seconds`);
		reader.kill("SIGKILL");
	};
	let timer = setTimeout(hangs, 1000 * LONGEST_SECONDS);
	reader.on("message", (message) => {
		seed = Number(message);
		clearTimeout(timer);
		timer = setTimeout(hangs, 1000 * LONGEST_SECONDS);
	});
	reader.on("exit", (code) => {
		clearTimeout(timer);
		if (code === 0) return;
		console.log(`again: npm run fuzz:files -- --seed ${seed} --runs ${BATCH}`);
		process.exitCode = 1;
	});
}

if (values.reads) readAll();
else watch();

// Times this library on a device beside others: `npm run bench:webgpu`. In Chromium it runs beside
// jax-js and TensorFlow.js, in Node alone. `--small` is for machines without a GPU, where only the
// ratios say something, and these little.
import { join } from "node:path";
import { parseArgs } from "node:util";
import { webgpu } from "adjoint/webgpu";
import { chromiumWith, gpuFlags, SWIFTSHADER } from "../../browser/chromium.ts";
import { answerOf, bundle, sayVersion } from "../../browser/show.ts";
import { gpu } from "../../webgpu/adapter.ts";
import { type Row, SIZES, timed } from "./contestant.ts";
import { ours } from "./ours.ts";

const HOUR = 3_600_000;
const { values } = parseArgs({
	options: { small: { type: "boolean" }, rounds: { type: "string", default: "5" } },
});
const size = values.small ? "small" : "large";
const rounds = Number(values.rounds);

const browser = chromiumWith(values.small ? [...gpuFlags, SWIFTSHADER] : gpuFlags);
sayVersion(browser);
const script = await bundle(join(import.meta.dirname, "page.mjs"), {
	// package.json speaks of what is built.
	ignoreAnnotations: true,
	tsconfig: join(import.meta.dirname, "../../../tsconfig.json"),
	nodePaths: [join(import.meta.dirname, "../peers/node_modules")],
	define: { SIZE: JSON.stringify(size), ROUNDS: String(rounds) },
	external: ["node:*"],
});
const answer = await answerOf(script, {
	browser,
	limit: HOUR,
});
const { rows, error } = JSON.parse(answer) as { rows?: Row[]; error?: string };
if (rows === undefined) throw new Error(error);
print("In Chromium", rows);
print("In Node", await timed([ours(await webgpu({ gpu: await gpu() }), SIZES[size])], rounds));
process.exit();

/** A line for each case: milliseconds in the best and the median round, and those of others. */
function print(title: string, rows: readonly Row[]): void {
	console.log(title);
	const names = [...new Set(rows.map(({ name }) => name))];
	console.table(
		names.map((name) => {
			const all = rows.filter((row) => row.name === name);
			const [first, ...others] = all;
			const shown = ({ best, median }: Row) => `${best.toFixed(2)} (${median.toFixed(2)})`;
			return {
				case: name,
				"adjoint, ms": shown(first!),
				...Object.fromEntries(
					others.map((row) => [
						row.contestant,
						`${shown(row)}, ${(row.median / first!.median).toFixed(2)} times ours`,
					]),
				),
			};
		}),
	);
}

// How soon the playground answers, and how much it loads: npm run bench:playground
import { end, withPage } from "../playground/browser.ts";
import { CHECKS, keyPresses, loaded } from "../playground/measures.ts";

const PRESSES = 41;

await withPage({}, async (page) => {
	await page.waitForSelector("#badge-gradients.holds");
	const files = [...(await loaded(page))].sort(([, a], [, b]) => b - a);
	const kilobytes = (bytes: number) => `${(bytes / 1000).toFixed(1).padStart(7)} kB`;
	console.log("first load, gzipped:");
	for (const [file, bytes] of files) console.log(`${kilobytes(bytes)}  ${file}`);
	const all = files.reduce((sum, [, bytes]) => sum + bytes, 0);
	const [, checks = 0] = files.find(([file]) => file === CHECKS) ?? [];
	console.log(`${kilobytes(all - checks)}  until the derivation is verified`);
	console.log(`${kilobytes(all)}  until its gradients are checked\n`);

	const waits = await keyPresses(page, PRESSES);
	const at = (share: number) => `${waits[Math.round(share * (PRESSES - 1))]!.toFixed(0)} ms`;
	console.log("key press to the new derivation of the two-layer net:");
	console.log(`least ${at(0)}, median ${at(0.5)}, nine of ten within ${at(0.9)}, most ${at(1)}`);
});
await end();

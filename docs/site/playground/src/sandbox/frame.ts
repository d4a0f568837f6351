// Runs in a frame whose origin is its own: it has no cookies, no storage and no way to the page but
// messages, and its policy lets nothing out to the network. It makes the worker in which the
// reader's code runs, and can end it at any time.
import type { Files, ToFrame } from "../protocol.ts";

/** A worker that says more than so much between two questions is ended. */
const MOST_MESSAGES = 40;

const addresses = new Map<string, string>();
let worker: Worker | null = null;
let messages = 0;

/** Gives files addresses within this frame. They name each other as `./name`. */
function addressOf(files: Files): string {
	let last = "";
	for (const [name, text] of files) {
		last = addresses.get(name) ?? "";
		if (last !== "") continue;
		const linked = text.replaceAll(
			/(["'])\.\/([\w-]+\.js)\1/g,
			(_, quote, other) => `${quote}${addresses.get(other)}${quote}`,
		);
		last = URL.createObjectURL(new Blob([linked], { type: "text/javascript" }));
		addresses.set(name, last);
	}
	return last;
}

function start(files: Files): void {
	worker?.terminate();
	messages = 0;
	// Chromium starts no module as a worker of an origin of its own, but lets a script load one.
	const text = `import("${addressOf(files)}").catch((e) => postMessage({ from: "broken", message: String(e) }))`;
	const script = new Blob([text], { type: "text/javascript" });
	worker = new Worker(URL.createObjectURL(script));
	worker.onmessage = ({ data }) => {
		messages++;
		if (messages <= MOST_MESSAGES) parent.postMessage(data, "*");
		else {
			worker?.terminate();
			parent.postMessage({ from: "flood" }, "*");
		}
	};
}

// With the page's origin the reader's code could reach what the page can.
if (self.origin === "null") {
	addEventListener("message", ({ source, data }: MessageEvent<ToFrame>) => {
		if (source !== parent) return;
		messages = 0;
		if (data.to === "start") start(data.files);
		else if (data.to === "end") worker?.terminate();
		else if (data.to === "ask") worker?.postMessage(data);
		else if (data.to === "gpu") worker?.postMessage(data, [data.port]);
		else worker?.postMessage({ to: "module", module: data.module, url: addressOf(data.files) });
	});
	parent.postMessage({ from: "frame" }, "*");
}

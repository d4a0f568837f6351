// Serves a folder as a static host does: the built site, the playground.
import { once } from "node:events";
import { existsSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";

const TYPES: Readonly<Record<string, string>> = {
	".html": "text/html; charset=utf-8",
	".js": "text/javascript; charset=utf-8",
	".css": "text/css; charset=utf-8",
	".json": "application/json",
	".svg": "image/svg+xml",
	".png": "image/png",
	".wasm": "application/wasm",
};

/** A folder that is served: where, and how to end it. */
export interface Served {
	readonly address: string;
	close(): void;
}

/** Which file an address shows; null if there is none. */
function fileAt(folder: string, path: string): string | null {
	const file = join(folder, path.endsWith("/") ? `${path}index.html` : path);
	const found = [file, `${file}.html`].find((each) => existsSync(each) && statSync(each).isFile());
	return found ?? null;
}

/** Serves a folder on this machine, below `base`, such as `/adjoint/`; port 0 is any free one. */
export async function serve(folder: string, base = "/", port = 0): Promise<Served> {
	const server = createServer((request, response) => {
		const path = decodeURIComponent(new URL(request.url!, "http://site").pathname);
		const file = path.startsWith(base) ? fileAt(folder, path.slice(base.length - 1)) : null;
		if (file === null) {
			response.writeHead(404).end("not found");
			return;
		}
		const type = TYPES[extname(file)] ?? "application/octet-stream";
		response.writeHead(200, { "content-type": type }).end(readFileSync(file));
	});
	await once(server.listen(port, "127.0.0.1"), "listening");
	const { port: taken } = server.address() as AddressInfo;
	const close = () => {
		server.close();
		server.closeAllConnections();
	};
	return { address: `http://127.0.0.1:${taken}${base}`, close };
}

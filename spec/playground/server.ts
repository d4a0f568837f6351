import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

/** Where the build puts the playground. */
export const built = fileURLToPath(new URL("../../docs/site/playground/dist/", import.meta.url));

const TYPES: Readonly<Record<string, string>> = {
	".html": "text/html; charset=utf-8",
	".js": "text/javascript; charset=utf-8",
	".css": "text/css; charset=utf-8",
	".json": "application/json",
};

/** Serves the built playground on this machine, as a static host would; 0 takes any free port. */
export async function serve(port = 0): Promise<{ readonly url: string; readonly server: Server }> {
	const server = createServer(async ({ url = "/" }, response) => {
		const { pathname } = new URL(url, "http://localhost");
		const file = join(
			built,
			normalize(pathname.endsWith("/") ? `${pathname}index.html` : pathname),
		);
		try {
			const body = await readFile(file);
			response.writeHead(200, { "content-type": TYPES[extname(file)] ?? "text/plain" });
			response.end(body);
		} catch {
			response.writeHead(404).end();
		}
	});
	await once(server.listen(port, "127.0.0.1"), "listening");
	const { port: taken } = server.address() as AddressInfo;
	return { url: `http://127.0.0.1:${taken}/`, server };
}

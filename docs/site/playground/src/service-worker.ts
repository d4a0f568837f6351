// Keeps the files of the playground, so that it opens without a network.

/** The build says which files there are, and what tells them from those of another build. */
declare const FILES: readonly string[];
declare const VERSION: string;

/** What of a service worker's own is used here; the types of pages do not have it. */
interface Worker {
	readonly registration: { readonly scope: string };
	addEventListener(type: "install" | "activate", listen: (event: Extendable) => void): void;
	addEventListener(type: "fetch", listen: (event: Fetched) => void): void;
}
interface Extendable {
	waitUntil(promise: Promise<unknown>): void;
}
interface Fetched extends Extendable {
	readonly request: Request;
	respondWith(response: Promise<Response>): void;
}

const worker = self as unknown as Worker;
const { scope } = worker.registration;
const PREFIX = "adjoint-playground-";
const NAME = PREFIX + VERSION;

/** Frames whose origin has to be their own, however they are opened. */
const SANDBOXED = ["frame.html", "view.html"].map((file) => scope + file);

worker.addEventListener("install", (event) => {
	const keep = async () => (await caches.open(NAME)).addAll(FILES.map((file) => scope + file));
	event.waitUntil(keep());
});

worker.addEventListener("activate", (event) => {
	const tidy = async () => {
		const old = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== NAME);
		await Promise.all(old.map((name) => caches.delete(name)));
	};
	event.waitUntil(tidy());
});

worker.addEventListener("fetch", (event) => {
	const { method, url } = event.request;
	if (method === "GET" && url.startsWith(scope)) event.respondWith(answer(event.request));
});

async function answer(request: Request): Promise<Response> {
	const [asked = scope] = request.url.split(/[?#]/);
	const address = asked === scope ? `${scope}index.html` : asked;
	const cache = await caches.open(NAME);
	const found = (await cache.match(address)) ?? (await fetched(address, cache));
	return SANDBOXED.includes(address) ? sandboxed(found) : found;
}

async function fetched(address: string, cache: Cache): Promise<Response> {
	const response = await fetch(address);
	if (response.ok) await cache.put(address, response.clone());
	return response;
}

/** The same page with an origin of its own. */
function sandboxed({ body, headers }: Response): Response {
	const all = new Headers(headers);
	all.set("content-security-policy", "sandbox allow-scripts");
	return new Response(body, { headers: all });
}

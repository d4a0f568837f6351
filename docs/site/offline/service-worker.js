// The site without a network: the documents and the reference are kept at the first visit, and
// everything else when it is opened. VERSION, BASE and KEPT stand above, in what is built.
/* global VERSION, BASE, KEPT */
const NAME = `${BASE} ${VERSION}`;

self.addEventListener("install", (event) => {
	self.skipWaiting();
	event.waitUntil(caches.open(NAME).then((cache) => cache.addAll(KEPT)));
});

/** What an earlier build has left goes; other sites of the same host keep theirs. */
self.addEventListener("activate", (event) => {
	const isOld = (name) => name.startsWith(`${BASE} `) && name !== NAME;
	event.waitUntil(
		caches
			.keys()
			.then((names) => Promise.all(names.filter(isOld).map((name) => caches.delete(name))))
			.then(() => self.clients.claim()),
	);
});

self.addEventListener("fetch", (event) => {
	const { request } = event;
	const url = new URL(request.url);
	if (request.method !== "GET" || url.origin !== location.origin) return;
	// The names of assets hold a hash of what is in them, so what is kept is right.
	const isAsset = url.pathname.startsWith(`${BASE}assets/`);
	event.respondWith(isAsset ? keptFirst(request) : networkFirst(request));
});

/** What is kept for a request; hosts leave out the ending of a page. */
async function kept({ url }) {
	const cache = await caches.open(NAME);
	const options = { ignoreSearch: true };
	return (await cache.match(url, options)) ?? cache.match(`${url.split(/[?#]/)[0]}.html`, options);
}

async function keptFirst(request) {
	return (await kept(request)) ?? fetched(request);
}

async function networkFirst(request) {
	try {
		return await fetched(request);
	} catch (error) {
		const response = await kept(request);
		if (response === undefined) throw error;
		return response;
	}
}

async function fetched(request) {
	const response = await fetch(request);
	if (response.ok) (await caches.open(NAME)).put(request, response.clone());
	return response;
}

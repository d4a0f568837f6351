/** So many characters of what is logged are kept. */
const MOST = 4000;

/** What a function gives, and what it logs on the way. */
export async function printedBy<T>(
	f: () => Promise<T>,
): Promise<{ readonly printed: string; readonly result: T }> {
	const own = console.log;
	let printed = "";
	console.log = (...parts: unknown[]) => {
		if (printed.length < MOST) printed += `${parts.map(String).join(" ")}\n`;
	};
	try {
		const result = await f();
		return { printed: printed.slice(0, MOST), result };
	} finally {
		console.log = own;
	}
}

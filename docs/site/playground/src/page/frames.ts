/** Milliseconds that a frame which was loaded may be silent. */
const PATIENCE = 500;

/**
 * Opens a page of ours in a frame of its own origin, and waits for its first word.
 *
 * The attribute `sandbox` gives it that origin. But a service worker does not answer for such a
 * frame, so without a network it stays empty; then it is opened without the attribute, and the
 * service worker answers with the same sandbox as a header. The page in the frame does nothing
 * where it finds itself in the page's origin.
 *
 * @param title what a screen reader calls it; nothing for a frame that is not seen
 */
export async function openFrame(file: string, parent: Element, title: string): Promise<Window> {
	const first = await tried(file, parent, title, true);
	const opened = first ?? (await tried(file, parent, title, false));
	if (opened === null) throw new Error(`${file} does not answer`);
	return opened;
}

async function tried(
	file: string,
	parent: Element,
	title: string,
	hasAttribute: boolean,
): Promise<Window | null> {
	const frame = document.createElement("iframe");
	if (hasAttribute) frame.sandbox.add("allow-scripts");
	frame.src = file;
	if (title === "") frame.hidden = true;
	else frame.title = title;
	const answered = new Promise<boolean>((resolve) => {
		addEventListener("message", function hear({ source }) {
			if (source !== frame.contentWindow) return;
			removeEventListener("message", hear);
			resolve(true);
		});
		frame.addEventListener("load", () => setTimeout(resolve, PATIENCE, false));
	});
	parent.append(frame);
	if (await answered) return frame.contentWindow!;
	frame.remove();
	return null;
}

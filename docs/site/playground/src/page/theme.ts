// Dark or light: as the system is, until the reader chooses; kept where the site's pages keep it.
import { paint } from "../paint.ts";

/** The site's generator keeps `dark`, `light` or `auto` under this name. */
const KEY = "vitepress-theme-appearance";

const system = matchMedia("(prefers-color-scheme: dark)");

function kept(): string {
	try {
		return localStorage.getItem(KEY) ?? "auto";
	} catch {
		return "auto";
	}
}

export function isDark(): boolean {
	const chosen = kept();
	return chosen === "dark" || (chosen !== "light" && system.matches);
}

const listeners: (() => void)[] = [];

/** Is told when the page has become dark or light. */
export function onTheme(listen: () => void): void {
	listeners.push(listen);
}

function follow(): void {
	paint(isDark());
	for (const listen of listeners) listen();
}

/** Changes to the other one; what the system has need not be kept. */
export function changeTheme(): void {
	const next = !isDark();
	try {
		localStorage.setItem(KEY, next === system.matches ? "auto" : next ? "dark" : "light");
	} catch {
		// A browser may forbid it; then the system decides.
	}
	follow();
}

system.addEventListener("change", follow);
addEventListener("storage", ({ key }) => {
	if (key === KEY) follow();
});
follow();

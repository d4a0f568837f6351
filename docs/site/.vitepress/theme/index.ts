import type { Theme } from "vitepress";
import DefaultTheme from "vitepress/theme-without-fonts";
import "temml/dist/Temml-Local.css";
import "./site.css";

/** The default theme with the reader's fonts, which works offline once it has been opened. */
const theme: Theme = {
	extends: DefaultTheme,
	enhanceApp() {
		if (!import.meta.env.PROD || import.meta.env.SSR) return;
		const url = `${import.meta.env.BASE_URL}service-worker.js`;
		// What it keeps is fetched when the page itself is there. Without one, as on a host that is no
		// secure origin, the site works while there is a network.
		addEventListener("load", () => navigator.serviceWorker?.register(url));
	},
};

export default theme;

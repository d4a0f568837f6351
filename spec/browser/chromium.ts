import type { Browser } from "./show.ts";

/** What Chromium is started with. */
export const flags = [
	"--headless",
	"--no-sandbox",
	"--disable-gpu",
	// Containers have little of it.
	"--disable-dev-shm-usage",
	"--no-first-run",
	"--js-flags=--expose-gc",
];

/** Chromium without a GPU: by the path in the environment's CHROMIUM, or the one installed. */
export const chromium = chromiumWith(flags);

/** What it is started with to have WebGPU. */
export const gpuFlags = [
	...flags.filter((flag) => flag !== "--disable-gpu"),
	"--enable-unsafe-webgpu",
];
/** In addition, so that software computes what a GPU would. */
export const SWIFTSHADER = "--use-webgpu-adapter=swiftshader";

/** Chromium, started with these flags. */
export function chromiumWith(given: readonly string[]): Browser {
	return {
		program: process.env.CHROMIUM ?? "chromium",
		variable: "CHROMIUM",
		startedWith: (profile, address) => [...given, `--user-data-dir=${profile}`, address],
	};
}

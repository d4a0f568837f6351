import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "./show.ts";

/** Settings of a profile: WebGPU on any driver, and no first steps. */
const PREFERENCES = {
	"dom.webgpu.enabled": true,
	"gfx.webgpu.ignore-blocklist": true,
	"gfx.webrender.software": true,
	"browser.aboutwelcome.enabled": false,
	"browser.shell.checkDefaultBrowser": false,
	"datareporting.policy.dataSubmissionEnabled": false,
};

/**
 * Firefox, by the path in the environment's FIREFOX, or the `firefox-esr` that is installed. Its
 * WebGPU runs on what Vulkan finds: without a GPU, on Mesa's driver in software, or on the one
 * that the environment's VK_ICD_FILENAMES names.
 */
export const firefox: Browser = {
	program: process.env.FIREFOX ?? "firefox-esr",
	variable: "FIREFOX",
	startedWith(profile, address) {
		const lines = Object.entries(PREFERENCES).map(
			([name, value]) => `user_pref(${JSON.stringify(name)}, ${value});\n`,
		);
		writeFileSync(join(profile, "user.js"), lines.join(""));
		return ["--headless", "--no-remote", "--profile", profile, address];
	},
};

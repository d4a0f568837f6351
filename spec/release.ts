// Makes a release ready: `npm run release -- 0.2.0`. Checks that the work tree is clean, runs every
// check and test, dates the changelog's section, packs the package, commits and tags. Publishing is
// left to a person; the last lines say how. With `--dry-run` nothing is written but the packed
// file.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";

const root = join(import.meta.dirname, "..");
const { positionals, values } = parseArgs({
	allowPositionals: true,
	options: { "dry-run": { type: "boolean" } },
});

function stop(why: string): never {
	console.error(`release: ${why}`);
	process.exit(1);
}

const run = (command: string, ...args: string[]) =>
	execFileSync(command, args, { cwd: root, stdio: ["ignore", "inherit", "inherit"] });
const git = (...args: string[]) =>
	execFileSync("git", args, { cwd: root, encoding: "utf8" }).trim();

const [version] = positionals;
if (version === undefined || !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version)) {
	stop(`expected a version such as 0.2.0, got ${version ?? "none"}`);
}
if (git("status", "--porcelain") !== "") stop("the work tree has changes; commit them first");
if (git("tag", "--list", `v${version}`) !== "") stop(`there is a tag v${version} already`);

const changelog = readFileSync(join(root, "CHANGELOG.md"), "utf8");
const notes = /^## Unreleased\n\n([\s\S]*?)(?=^## |$(?![\s\S]))/m.exec(changelog)?.[1]?.trim();
if (!notes) stop("CHANGELOG.md says nothing under Unreleased");

run("npm", "test");
run("npm", "run", "lint:package");

if (!values["dry-run"]) {
	const date = new Date().toISOString().slice(0, 10);
	const dated = changelog.replace("## Unreleased\n", `## ${version} (${date})\n`);
	writeFileSync(join(root, "CHANGELOG.md"), dated);
	run("npm", "version", version, "--no-git-tag-version", "--allow-same-version");
}
run("npm", "pack");
if (!values["dry-run"]) {
	git("commit", "--all", "--message", `Version ${version}`);
	git("tag", "--annotate", `v${version}`, "--message", notes);
	console.log(
		`tagged v${version}; now: git push --follow-tags, and npm publish adjoint-${version}.tgz`,
	);
}

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { checkGradients } from "../../../lib/check/gradients.ts";
import { AdjointError, type Tensor } from "../../../lib/index.ts";
import type { Case, Cases, Outcome } from "./case.ts";
import { right, wrong } from "./cases.ts";

/** What another library's check says; `stops`: it does not end, or not with an answer. */
type PeerOutcome = "passes" | "refuses" | "stops";

/** What one library's check says of each case, by name. */
export interface Peer {
	readonly version: string;
	readonly outcomes: Readonly<Record<string, PeerOutcome>>;
}

/** Where the outcomes of other libraries are kept. */
export const peersFile = join(import.meta.dirname, "peers.json");

/** The outcomes of other libraries, as they were measured, by the library's name. */
export function keptPeers(): Record<string, Peer> {
	return JSON.parse(readFileSync(peersFile, "utf8")) as Record<string, Peer>;
}

/** What our check says of a case, with all its options left out. */
function outcomeOf({ f, at }: Case): Outcome {
	try {
		const { findings } = checkGradients(f, at as Tensor[]);
		return findings[0]?.verdict ?? "pass";
	} catch (error) {
		if (error instanceof AdjointError) return "refused";
		throw error;
	}
}

/** Our outcomes of these cases, by name. */
export function outcomesOf(cases: Cases): Record<string, Outcome> {
	return Object.fromEntries(Object.entries(cases).map(([name, one]) => [name, outcomeOf(one)]));
}

/** Whether somebody who reads this goes on without a worry. */
export function approves(outcome: Outcome | PeerOutcome): boolean {
	return outcome === "pass" || outcome === "at-kink" || outcome === "passes";
}

/** Where a check is mistaken: the wrong cases that it lets through, the right ones it does not. */
export interface Mistakes {
	readonly letThrough: readonly string[];
	readonly refused: readonly string[];
}

/** The mistakes in what was said of the cases; those of which nothing was said do not count. */
export function mistakesIn(said: Readonly<Record<string, Outcome | PeerOutcome>>): Mistakes {
	const names = Object.keys(said);
	return {
		letThrough: names.filter((name) => name in wrong && approves(said[name]!)),
		refused: names.filter((name) => name in right && !approves(said[name]!)),
	};
}

/** Where our check says something else than what stands beside a case. */
export function unexpectedIn(said: Readonly<Record<string, Outcome>>): string[] {
	const cases = { ...wrong, ...right };
	return Object.entries(said)
		.filter(([name, outcome]) => outcome !== cases[name]!.expected)
		.map(([name, outcome]) => `${name}: ${outcome}, not ${cases[name]!.expected}`);
}

/** The mistakes of each library that is kept here, by its name and version. */
export function mistakesOfPeers(): Record<string, Mistakes> {
	return Object.fromEntries(
		Object.entries(keptPeers()).map(([name, { version, outcomes }]) => [
			`${name} ${version}`,
			mistakesIn(outcomes),
		]),
	);
}

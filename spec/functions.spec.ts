import * as assert from "uvu/assert";
import * as functions from "../lib/functions.ts";
import * as all from "../lib/index.ts";
import { suite } from "./suite.ts";

suite("functions", (test) => {
	test("the entry has the exports of the main one", () => {
		assert.equal(Object.keys(functions), Object.keys(all));
	});
});

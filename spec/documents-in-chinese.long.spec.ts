import { claimOf, ofTranslations, printsAsShown, programs } from "./documents.ts";
import { suite } from "./suite.ts";

suite("documents in Chinese", (test) => {
	for (const program of ofTranslations(programs())) {
		test(claimOf(program), () => printsAsShown(program));
	}
});

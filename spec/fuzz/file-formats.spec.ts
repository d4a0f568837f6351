import * as assert from "uvu/assert";
import { AdjointError } from "../../lib/index.ts";
import { suite } from "../suite.ts";
import { damaged, randomFrom } from "./damage.ts";
import { fileFormats } from "./file-formats.ts";

suite("fuzz/file-formats", (test) => {
	for (const { name, files, check, damage = damaged } of fileFormats) {
		test(`${name}: a whole file is read, a damaged one is read or refused`, () => {
			for (const file of files) {
				try {
					check(file);
				} catch (error) {
					assert.instance(error, AdjointError);
				}
			}
			const random = randomFrom(1);
			let refused = 0;
			for (let i = 0; i < 300; i++) {
				const [file, other] = [files[i % files.length]!, files[(i + 1) % files.length]!];
				try {
					check(damage(file, random, other));
				} catch (error) {
					assert.instance(error, AdjointError);
					refused++;
				}
			}
			assert.ok(refused < 300);
		});
	}

	test("the same seed damages in the same way", () => {
		const file = Uint8Array.from({ length: 100 }, (_, i) => i);
		const all = (seed: number) => {
			const random = randomFrom(seed);
			return Array.from({ length: 20 }, () => [...damaged(file, random, file)]);
		};
		assert.equal(all(7), all(7));
		assert.not.equal(all(7), all(8));
	});
});

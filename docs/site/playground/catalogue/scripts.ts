import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Text } from "../src/lessons/lesson.ts";
import type { Example, ExampleGroup } from "../src/page/examples.ts";

const FOLDER = join(import.meta.dirname, "../../../../examples");

/**
 * The programs of `examples/` that need nothing but the library, by their files. They print, as they
 * do in a terminal, in their short form. Left out are
 *
 * - 01 and 12, which are commands: they read options and files, and measure time;
 * - 04 to 09, which train on data of packages, up to 10,000 images, for a minute and longer;
 * - 10 and 14, which on a slow machine take longer than a program may run here;
 * - 15, which samples from the same kind of data, and writes files.
 */
const TITLES: Readonly<Record<string, Text>> = {
	"02-linear-regression": { en: "A line through points", zh: "过点的直线" },
	"03-newton": { en: "Newton's method", zh: "牛顿法" },
	"11-custom-op": { en: "An op of your own", zh: "自定义运算" },
	"13-hyperparameters": { en: "Learning hyperparameters", zh: "学习超参数" },
};

function example([file, title]: readonly [string, Text]): Example {
	const code = readFileSync(join(FOLDER, `${file}.ts`), "utf8");
	const program = { code, inputs: [], sizes: {}, seed: 0, dtype: "float64" } as const;
	return { id: file, title, program };
}

/** Programs that print. */
export function scripts(): ExampleGroup {
	return {
		title: { en: "Programs that print", zh: "打印结果的程序" },
		examples: Object.entries(TITLES).map(example),
	};
}

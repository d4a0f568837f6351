/**
 * The words that are searched by. Chinese has no spaces between words: there, each pair of
 * neighbours is one, so that a word is found wherever it stands. The site sends this function to
 * its readers as text, so it has to hold all that it uses.
 */
export function tokenize(text: string): string[] {
	const chinese = /\p{Script=Han}+/gu;
	const others = text.replaceAll(chinese, " ").match(/[\p{L}\p{N}\p{M}_]+/gu) ?? [];
	const pairs = (text.match(chinese) ?? []).flatMap((run) => {
		const signs = [...run];
		return signs.length === 1 ? signs : signs.slice(1).map((sign, i) => signs[i] + sign);
	});
	return [...others, ...pairs];
}

import {
	AdjointError,
	fftFrequencies,
	fftShift,
	ifftShift,
	rfftFrequencies,
	tensor,
} from "../../../lib/index.ts";
import { near, refuses, same } from "../../near.ts";
import { suite } from "../../suite.ts";

suite("ops/fourier/frequencies", (test) => {
	test("the frequencies are those of np.fft.fftfreq and rfftfreq", () => {
		near(fftFrequencies(5, 0.5), [0, 0.4, 0.8, -0.8, -0.4]);
		near(rfftFrequencies(5, 0.5), [0, 0.4, 0.8]);
		same(fftFrequencies(4), [0, 0.25, -0.5, -0.25]);
		same(rfftFrequencies(4), [0, 0.25, 0.5]);
		same(fftFrequencies(1), [0]);
	});

	test("fftShift puts frequency 0 in the middle, and ifftShift back", () => {
		same(fftShift(fftFrequencies(5, 0.2)), [-2, -1, 0, 1, 2]);
		same(fftShift(fftFrequencies(4, 0.25)), [-2, -1, 0, 1]);
		const m = tensor([
			[1, 2, 3],
			[4, 5, 6],
		]);
		same(fftShift(m), [
			[6, 4, 5],
			[3, 1, 2],
		]);
		same(fftShift(m, 0), [
			[4, 5, 6],
			[1, 2, 3],
		]);
		same(ifftShift(fftShift(m)), m);
		same(fftShift(2), 2);
	});

	test("what is no number of samples or no spacing is refused", () => {
		for (const call of [
			() => fftFrequencies(0),
			() => rfftFrequencies(2.5),
			() => fftFrequencies(3, 0),
			() => fftShift(tensor([1]), 1),
		]) {
			refuses(call, AdjointError, "");
		}
	});
});

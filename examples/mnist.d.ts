/** 10,000 of the MNIST digits; the package brings no types. */
declare module "mnist" {
	interface Digit {
		/** How many images there are of the digit. */
		readonly length: number;
		/** Their pixels from 0 to 1, 28×28 for each image, one image after the other. */
		readonly raw: number[];
	}
	const mnist: readonly Digit[];
	export default mnist;
}

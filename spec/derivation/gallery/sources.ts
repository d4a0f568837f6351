/** Books that several entries cite. */
export const BISHOP = "Bishop, Pattern Recognition and Machine Learning (2006)";
export const COOKBOOK = "Petersen & Pedersen, The Matrix Cookbook (2012)";
export const GOODFELLOW = "Goodfellow, Bengio & Courville, Deep Learning (2016)";
export const MURPHY = "Murphy, Probabilistic Machine Learning: An Introduction (2022)";
export const RASMUSSEN = "Rasmussen & Williams, Gaussian Processes for Machine Learning (2006)";

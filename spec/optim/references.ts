import {
	adadelta,
	adafactor,
	adagrad,
	adam,
	adamax,
	adamW,
	lamb,
	lars,
	lion,
	muon,
	nadam,
	type Optimizer,
	radam,
	rmsProp,
	sgd,
} from "../../lib/optim/index.ts";

const learningRate = 0.1;

/**
 * w and b after three updates, by torch.optim of PyTorch 2.15 in float64; those of the optimizers
 * from adadelta on by Optax 0.2.8, Lion's by a transcription of the paper's algorithm 2 into NumPy.
 */
export const references: readonly [string, Optimizer, number[], number][] = [
	[
		"sgd",
		sgd({ learningRate }),
		[0.234182421875, -1.2112550781249998, 1.999713671875],
		0.1581120968826293,
	],
	[
		"sgd with momentum",
		sgd({ learningRate, momentum: 0.9 }),
		[-0.01669257812500003, -1.1898800781249999, 1.986213671875],
		-0.4594067620040896,
	],
	[
		"sgd with Nesterov's momentum",
		sgd({ learningRate, momentum: 0.9, nesterov: true }),
		[-0.020527013007812477, -1.0117384505078124, 2.135482455742187],
		-0.7438632712749538,
	],
	[
		"sgd with weight decay",
		sgd({ learningRate, momentum: 0.9, weightDecay: 0.1 }),
		[-0.03383170312500009, -1.120092453125, 1.8764667968750002],
		-0.47865882465553483,
	],
	[
		"adam",
		adam({ learningRate }),
		[0.20329735635397606, -1.3782384465885005, 1.7107348888627572],
		0.4564099423796908,
	],
	[
		"adam with other options",
		adam({ learningRate, beta1: 0.8, beta2: 0.95, epsilon: 1e-3 }),
		[0.20467918467163798, -1.3648697637863558, 1.7146110036673607],
		0.458228704549285,
	],
	[
		"adamW",
		adamW({ learningRate, weightDecay: 0.1 }),
		[0.19176151878408568, -1.337349481057547, 1.6549672304507457],
		0.43776862635393055,
	],
	[
		"rmsProp",
		rmsProp({ learningRate }),
		[-0.14601004152895083, -0.9709020299185911, 2.308861380491736],
		-0.01563810037260735,
	],
	[
		"adam with weight decay and amsgrad",
		adam({ learningRate, weightDecay: 0.2, amsgrad: true, beta1: 0.8, beta2: 0.5 }),
		[0.20033016539876225, -0.9589652085859094, 1.6993100317429168],
		0.4501615888158593,
	],
	[
		"adamW with amsgrad",
		adamW({ learningRate, weightDecay: 0.2, amsgrad: true, beta1: 0.8, beta2: 0.5 }),
		[0.17784285686065163, -1.2808676255475164, 1.6040932087513577],
		0.41729289494652566,
	],
	[
		"nadam",
		nadam({ learningRate }),
		[0.25947825715482775, -1.2737233927772265, 1.7798260950432288],
		0.518124893208982,
	],
	[
		"radam",
		radam({ learningRate, beta2: 0.85 }),
		[0.18865700560788498, -1.2422786129588268, 1.9686567628422995],
		0.04055332428018116,
	],
	[
		"rmsProp with momentum",
		rmsProp({ learningRate, momentum: 0.9 }),
		[-0.49476850642211123, -1.2801664752020323, 1.8489204809304116],
		-0.8676793676908257,
	],
	[
		"rmsProp with momentum, centered, with weight decay",
		rmsProp({ learningRate: 0.01, momentum: 0.9, centered: true, weightDecay: 0.2, decay: 0.9 }),
		[0.3418568556211987, -1.0850553469497601, 1.8415100810753562],
		0.5921524077395721,
	],
	[
		"adafactor",
		adafactor({ learningRate: 0.5 }),
		[-0.3946541690354986, -0.9169915759569507, 0.7015177460681293],
		0.3852826015433027,
	],
	[
		"muon",
		muon({ learningRate }),
		[0.1897402753263257, -1.4736282857483765, 1.64332221788989],
		0.6863545344046776,
	],
	[
		"adagrad",
		adagrad({ learningRate }),
		[0.28636511247280183, -1.279456702731153, 1.803695120006735],
		0.5440437237751594,
	],
	[
		"adadelta",
		adadelta({ learningRate }),
		[0.49902951608551904, -1.2509684467978126, 1.9990298236164983],
		0.7490296707967544,
	],
	[
		"adamax",
		adamax({ learningRate, beta2: 0.8 }),
		[0.1684329525695121, -1.3776728898198622, 1.6903915578201132],
		0.4244724245695327,
	],
	[
		"lamb",
		lamb({ learningRate, weightDecay: 0.2 }),
		[0.09352090902271948, -1.3684771968042477, 1.4792664481726545],
		0.5467500000000001,
	],
	[
		"lars",
		lars({ learningRate, weightDecay: 0.2, trust: 0.01, momentum: 0.8 }),
		[0.48866587459728383, -1.2489437410314663, 1.9945360658955378],
		0.74607344925,
	],
	[
		"lion",
		lion({ learningRate, weightDecay: 0.1 }),
		[0.1881395, -1.11188375, 1.643588],
		0.43071425,
	],
];

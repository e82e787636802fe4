/**
 * What the product knows about travellers and networks, and the worlds made of it.
 */
export { compileScenario, worldOf } from './compile-scenario.js';
export { loadFigures, readFigures, shippedData } from './load-figures.js';
export { loadNetwork, readNetwork } from './load-network.js';

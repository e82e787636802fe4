/** Simulations as queued jobs: any number of machines play the replications of one run. */
export { SimulationPagesModule, SimulationRunsModule } from './simulation-runs.module.js';

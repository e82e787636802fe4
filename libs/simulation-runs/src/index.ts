/** Simulations as queued jobs: any number of machines play the replications of one run. */
export {};

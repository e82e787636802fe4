/** Scenario files, the figures they rest on, runs on threads, and what people take away from them. */
export {};

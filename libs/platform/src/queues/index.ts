export { addFlow, type FlowJob } from './job-flow.js';
export { createQueue, JobQueue } from './job-queue.js';
export { createWorker, JobWorker, type ReceivedJob, type WorkerTerms } from './job-worker.js';
export { queueConnectionOf, type QueueConnection } from './queue-connection.js';

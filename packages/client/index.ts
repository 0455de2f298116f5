/** A typed client of Quantum Hub's HTTP API, for Node and browsers. */
export { createHubClient, type HubApi, type HubClient, type HubClientOptions } from './create-client.ts';
export { finalStatuses, type JobNews, watchJob } from './jobs/watch-job.ts';
export { allPages, type Page } from './pages.ts';
export { HubProblem, type ProblemDetail } from './problem.ts';
export type { components, operations, paths } from './schema.ts';
export { type FollowOptions, followEvents, type SentEvent } from './transport/event-source.ts';

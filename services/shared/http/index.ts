/** The front door of the room through which every service speaks HTTP. */
export type { Actor, Authenticate } from './actor.ts';
export { Answer, StreamAnswer } from './answers/answer.ts';
export { etagOf, requireMatch, stateTagOf } from './answers/etag.ts';
export { eventStream, type StreamEvent } from './answers/event-stream.ts';
export { pageQuery, pageSchema } from './answers/pages.ts';
export { type ProblemDetail, problem, problemDetailSchema } from './errors/problem.ts';
export { type Attempt, createLimiter, type Limiter } from './limits/limiter.ts';
export { defaultLimits, type LimitRule, type LimitRules } from './limits/rules.ts';
export { openApiDocument } from './openapi/document.ts';
export { type GaugeSource, Metrics } from './operations/metrics.ts';
export { operationRoutes, type ReadinessCheck } from './operations/operation-routes.ts';
export { type Access, type Call, type Method, type Route, route, type ServiceRoutes } from './route.ts';
export { buildServer } from './server/build-server.ts';
export type { HubServer } from './server/hub-server.ts';
export type { ServerOptions } from './server/options.ts';
export { clearedSessionCookie, sessionCookie } from './sign-in/session-cookie.ts';
export { keepHttpTables } from './upkeep.ts';

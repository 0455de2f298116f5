/** The front door of the room through which every service speaks HTTP. */
export type { Actor, Authenticate } from './actor.ts';
export {
  type Access,
  Answer,
  type Call,
  type Method,
  type Route,
  type RouteDefinition,
  route,
  type ServiceRoutes,
  StreamAnswer,
} from './route.ts';

/** Test helpers of this room, for the tests of all services. */
export {
  type ActorInput,
  startTestHub,
  type TestAnswer,
  TestHub,
  type TestHubOptions,
  type TestRequest,
  testActor,
} from './hub.ts';

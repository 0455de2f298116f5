import type { Room } from './entry.ts';

export const identityErrors = {
  'identity.user_not_found': {
    status: 404,
    message: 'user[ {user}] was not found; expected the id of an existing user',
    why: 'There is no such user, or the caller may not see it.',
    fix: 'Check the id or the user name.',
  },
  'identity.username_taken': {
    status: 409,
    message: 'the user name[ "{username}"] is taken; upper and lower case do not count: choose another',
    why: 'User names are unique without regard to case.',
    fix: 'Choose another user name.',
  },
  'identity.email_taken': {
    status: 409,
    message:
      'the email address[ "{email}"] belongs to another account; sign in to that one or use another address',
    why: 'Email addresses are unique without regard to case.',
    fix: 'Sign in to the existing account, or use another address.',
  },
  'identity.profile_exists': {
    status: 409,
    message: 'the user[ {user}] has a profile already; change that one',
    why: 'A user has at most one profile.',
    fix: 'Update the existing profile.',
  },
  'identity.api_key_not_found': {
    status: 404,
    message: 'API key[ {apiKey}] was not found; expected the id of one of your keys',
    why: 'There is no such API key, or it belongs to another user.',
    fix: 'List your API keys and use an id from there.',
  },
  'identity.api_key_exists': {
    status: 409,
    message: 'this API key is stored already; make a new one',
    why: 'Two API keys with the same hash: a key was stored twice.',
    fix: 'Make a new API key; each is random and stored once.',
  },
  'identity.session_not_found': {
    status: 404,
    message: 'session[ {session}] was not found; expected the id of one of your sessions',
    why: 'There is no such session, or it belongs to another user.',
    fix: 'List your sessions and use an id from there, or sign in again.',
  },
  'identity.session_exists': {
    status: 409,
    message: 'this session token is stored already; sign in again',
    why: 'Two sessions with the same token hash: a token was stored twice.',
    fix: 'Sign in again; each token is random and stored once.',
  },
} as const satisfies Room<'identity'>;

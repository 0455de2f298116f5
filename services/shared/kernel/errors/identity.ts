import type { Room } from './entry.ts';

export const identityErrors = {
  'identity.user_not_found': {
    status: 404,
    message: 'user[ {user}] was not found; expected an existing user, by id or name',
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
  'identity.sign_in_refused': {
    status: 401,
    message: 'the name or the password is wrong; expected those of an account that is active',
    why: 'The name, the address or the password is wrong, the account is switched off, or there were too many tries at it under another of its names. The answer is the same for all of these, so that nobody learns who has an account.',
    fix: 'Check both, or ask for a new password. An address works for signing in once it was confirmed. After many tries wait a quarter of an hour.',
  },
  'identity.password_wrong': {
    status: 403,
    message: 'the current password is wrong; send the one that the account has now',
    why: 'What changes an account for good asks for its password, so that an open screen is not enough.',
    fix: 'Send the current password, or ask for a new one by mail.',
  },
  'identity.password_refused': {
    status: 422,
    message: 'the password {reason}',
    why: 'Passwords have 12 to 200 characters, are no common ones and are not made of the user name or address. Kinds of characters do not count.',
    fix: 'Choose a longer one: four or more random words are good, and so is what a password manager makes.',
  },
  'identity.username_reserved': {
    status: 409,
    message: 'the user name "{username}" is reserved; choose another',
    why: 'Names that seem to speak for the hub belong to nobody.',
    fix: 'Choose another user name.',
  },
  'identity.token_refused': {
    status: 410,
    message: 'the token is not valid any more; ask for a new mail and use the token in the newest one',
    why: 'The token was used, has expired, is for something else, or a newer one was sent since.',
    fix: 'Ask for another mail; only the newest token of each kind is good, and only once.',
  },
  'identity.address_confirmed': {
    status: 409,
    message: '{email} is the address of this account and is confirmed; expected a new one',
    why: 'There is nothing to confirm: no other address waits.',
    fix: 'Name the new address, with the password, to change it.',
  },
  'identity.no_address': {
    status: 409,
    message: 'the account has no address to confirm; send one as "email", with the password',
    why: 'A mail for confirmation was asked for, and the account names no address.',
    fix: 'Send the address together with the current password.',
  },
  'identity.busy': {
    status: 503,
    message: 'too many passwords are being checked at this moment; try again in a few seconds',
    why: 'Checking a password is made slow on purpose, so the hub checks a few at a time and lets only so many wait.',
    fix: 'Try again shortly. If it stays, somebody may be guessing passwords: look at the audit log.',
  },
  'identity.last_administrator': {
    status: 409,
    message: 'user {user} is the last active administrator; make another user an administrator first',
    why: 'A hub without an administrator could only be helped from its host.',
    fix: 'Give the role to another user first, then change this one.',
  },
  'identity.administrator_stays': {
    status: 409,
    message:
      'an administrator cannot delete the own account; let another administrator take the role away first',
    why: 'Deletion is for good, and a hub needs an administrator.',
    fix: 'Ask another administrator to take the role away, then delete the account.',
  },
  'identity.own_account': {
    status: 403,
    message: 'nobody changes their own roles or switches off their own account; another administrator can',
    why: 'Roles are given by others, so that one stolen key or session cannot raise itself.',
    fix: 'Ask another administrator.',
  },
  'identity.key_too_strong': {
    status: 403,
    message: 'a key cannot make or prolong a key that may do more or lasts longer than itself; {allowed}',
    why: 'Otherwise a stolen key could be turned into a better one.',
    fix: 'Ask for no more than the key in use has, or sign in and make the key from the session.',
  },
  'identity.scope_not_yours': {
    status: 403,
    message:
      'the scope {scope} is for operators; a key may do no more than its owner, whose roles are {roles}',
    why: 'A key for something that its owner may not do would come to life by itself when the owner gets the role.',
    fix: 'Leave the scope out, or ask an administrator for the role first.',
  },
  'identity.key_not_active': {
    status: 409,
    message: 'API key {apiKey} is {state}; expected one that is active',
    why: 'A key that has expired or was revoked is not changed or replaced any more.',
    fix: 'Make a new key.',
  },
  'identity.key_replaced': {
    status: 409,
    message: 'API key {apiKey} was rotated already; expected {successor}, the key in its place',
    why: 'A key that was rotated lives on for the overlap only, and what were made from it once more would live no longer.',
    fix: 'Rotate the key that took its place. Where that one was lost before anybody used it, do so without an overlap.',
  },
  'identity.too_many_keys': {
    status: 409,
    message: 'you have {count} active API keys, which is the most; revoke one that is no longer used',
    why: 'The number of active keys of an account is limited, so that they can be looked through.',
    fix: 'Revoke keys that are no longer used; the list shows when each was used last.',
  },
  'identity.administrator_not_found': {
    status: 404,
    message: 'there is no active administrator[ called "{username}"]; expected the user name of one',
    why: 'A key was to be made for an administrator who does not exist, is switched off, or lost the role.',
    fix: 'Leave the name out: the key is then for the oldest administrator, who is made if there is none.',
  },
  'identity.seal_broken': {
    status: 500,
    message:
      'what was sealed with the key {keyId} cannot be opened with the key {current}; the server needs the QHUB_SECRET_KEY that it had',
    publicMessage: 'a stored secret can no longer be read; ask for a new mail',
    why: 'The key of the server was changed, or the stored bytes were altered.',
    fix: 'Start the hub with the key that it had before, or let people ask for new mails.',
  },
  'identity.mail_settings_invalid': {
    status: 500,
    message: 'the mail settings are wrong: {fault}',
    publicMessage: 'the hub cannot send mail; tell the people who run it',
    why: 'QHUB_SMTP_URL or QHUB_MAIL_FROM does not have the form that is expected.',
    fix: 'Set QHUB_SMTP_URL to smtp://user:password@host:587 or smtps://..., and QHUB_MAIL_FROM to an address.',
  },
} as const satisfies Room<'identity'>;

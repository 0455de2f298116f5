import type { Room } from './entry.ts';

export const marketplaceErrors = {
  'marketplace.listing_not_found': {
    status: 404,
    message: 'listing[ {listing}] was not found; expected the id of a listing you may see',
    why: 'There is no such listing, or the caller may not see it.',
    fix: 'Search the marketplace and use an id from there.',
  },
  'marketplace.listing_exists': {
    status: 409,
    message: 'the app[ {app}] is listed already; change that listing',
    why: 'An app has at most one listing that is not delisted.',
    fix: 'Change the existing listing.',
  },
  'marketplace.subscription_not_found': {
    status: 404,
    message: 'subscription[ {subscription}] was not found; expected the id of one of your subscriptions',
    why: 'There is no such subscription, or it belongs to another user.',
    fix: 'List your subscriptions and use an id from there.',
  },
  'marketplace.subscription_exists': {
    status: 409,
    message: 'you are subscribed to this app[ {app}] already; change that subscription',
    why: 'A user has at most one active subscription to an app.',
    fix: 'Change or cancel the existing subscription.',
  },
  'marketplace.subscription_key_not_found': {
    status: 404,
    message:
      'subscription key[ {subscriptionKey}] was not found; expected the id of a key of your subscriptions',
    why: 'There is no such key, or it belongs to another user’s subscription.',
    fix: 'List the keys of your subscription and use an id from there.',
  },
  'marketplace.subscription_key_exists': {
    status: 409,
    message: 'this subscription key is stored already; make a new one',
    why: 'Two subscription keys with the same hash: a key was stored twice.',
    fix: 'Make a new key; each is random and stored once.',
  },
} as const satisfies Room<'marketplace'>;

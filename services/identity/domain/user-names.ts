/** Letters, digits, `_`, `.` and `-`, beginning with a letter or digit; the same rule as the column's. */
export const usernamePattern = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;
/** A rough form only: whether an address works is shown by a mail that arrives. ASCII; other domains in punycode. */
export const emailPattern = /^[!-?A-~]+@[A-Za-z0-9.-]+$/;

/** Names that speak for the hub, or that a page or a command could be called by. */
const reserved = new Set(
  `admin administrator root system hub quantumhub quantum-hub support help security abuse postmaster hostmaster webmaster
  noreply no-reply operator moderator staff official owner api www mail docs me self null undefined anonymous everyone
  nobody public private local identity development marketplace execution`.split(/\s+/),
);

/** Whether people can't have this name: it seems to speak for the hub, or looks like that of a deleted account. */
export function isReserved(username: string): boolean {
  const plain = username.toLowerCase();
  return reserved.has(plain) || /^(admin|deleted)-/.test(plain);
}

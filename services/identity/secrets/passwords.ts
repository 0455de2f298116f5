import { availableParallelism } from 'node:os';
import { hash, verify } from '@node-rs/argon2';
import { hubError } from '@quantum-hub/kernel';
import { normalisePassword } from '../domain/password-rules.ts';
import { Gate } from './gate.ts';

/** Argon2id with 19 MiB, two passes, one lane (OWASP's first choice). */
const parameters = {
  // The package declares its enums `const`, which type stripping can't read: 2 is Argon2id.
  algorithm: 2,
  memoryCost: 19_456,
  timeCost: 2,
  parallelism: 1,
} as const;

/** How every hash of today begins; an older one is made anew at the next sign-in. */
const currentPrefix = '$argon2id$v=19$m=19456,t=2,p=1$';

/** The slow hash as it is, so that a test can count what is done with it. */
export interface PasswordHash {
  hash(password: string): Promise<string>;
  verify(hashed: string, password: string): Promise<boolean>;
}

const argon2: PasswordHash = {
  hash: (password) => hash(password, parameters),
  verify: (hashed, password) => verify(hashed, password),
};

export interface PasswordOptions {
  readonly algorithm?: PasswordHash;
  /** How many at once: each takes a core and 19 MiB. */
  readonly atOnce?: number;
  /** How many may wait; more are refused with `identity.busy`. */
  readonly waiting?: number;
}

/** Makes and checks hashes of passwords, a bounded number at a time. */
export class Passwords {
  readonly #algorithm: PasswordHash;
  readonly #gate: Gate;
  readonly #dummy: Promise<string>;

  constructor(options: PasswordOptions = {}) {
    this.#algorithm = options.algorithm ?? argon2;
    // Made ahead: made at the first unknown name, it would double the time of that one answer.
    this.#dummy = this.#algorithm.hash('a password that opens nothing');
    this.#dummy.catch(() => {});
    this.#gate = new Gate(options.atOnce ?? availableParallelism(), options.waiting ?? 200, () =>
      hubError('identity.busy'),
    );
  }

  /** The hash to store, in PHC form. */
  async hash(password: string): Promise<string> {
    return await this.#gate.run(() => this.#algorithm.hash(normalisePassword(password)));
  }

  /**
   * Whether the password is the one that was hashed. Without a hash (nobody has this name, or the account has no password)
   * another one is checked in its place and the answer is no, so that it takes as long.
   */
  async verify(hashed: string | null | undefined, password: string): Promise<boolean> {
    const stored = hashed ?? (await this.#dummy);
    const right = await this.#gate.run(() => this.#algorithm.verify(stored, normalisePassword(password)));
    return right && hashed !== null && hashed !== undefined;
  }

  needsRehash(hashed: string): boolean {
    return !hashed.startsWith(currentPrefix);
  }
}

import { hash, verify } from '@node-rs/argon2';
import type { PasswordHash } from './passwords.ts';

/** Argon2id as it is, with a count of what was checked. */
export function countingHash() {
  const counting = {
    verifies: 0,
    algorithm: {
      hash: async (password) => await hash(password, { memoryCost: 19_456, timeCost: 2, parallelism: 1 }),
      verify: async (hashed, password) => {
        counting.verifies += 1;
        return await verify(hashed, password);
      },
    } satisfies PasswordHash as PasswordHash,
    /** As a hash of earlier days, with less memory. */
    weakHash: async (password: string) => await hash(password, { memoryCost: 4096, timeCost: 1 }),
  };
  return counting;
}

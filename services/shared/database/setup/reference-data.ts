import { newId } from '@quantum-hub/kernel';
import { inTransaction } from '../connection/in-transaction.ts';
import type { AdminSession } from '../migrations/owner-transaction.ts';
import { maintenanceRole } from '../provision/roles.ts';

/** What every hub knows from the start: the platform of its own simulators. Devices come with their adapters. */
const platforms = [
  { name: 'local', provider: 'Quantum Hub', simulator: true, availability: 'available', sdk: 'openqasm' },
];

/** Brings the reference data up to the code; what operators changed by hand in other rows stays. */
export async function loadReferenceData(session: AdminSession): Promise<void> {
  await inTransaction(session, `begin; set local role ${maintenanceRole}`, async () => {
    for (const { name, provider, simulator, availability, sdk } of platforms) {
      await session.query(
        `insert into execution.platforms (id, name, provider, simulator, availability, sdk)
         values ($1, $2, $3, $4, $5, $6)
         on conflict (name) do update set provider = excluded.provider, simulator = excluded.simulator, sdk = excluded.sdk
         where (platforms.provider, platforms.simulator, platforms.sdk)
           is distinct from (excluded.provider, excluded.simulator, excluded.sdk)`,
        [newId(), name, provider, simulator, availability, sdk],
      );
    }
  });
}

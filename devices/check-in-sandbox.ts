/** What the processes of the checker run: one request after another, none of which is simulated. */
import { inProcessDevice } from './local-devices.ts';
import { certainErrors, programFacts, statsOf } from './program-facts.ts';
import { serveChecks } from './sandbox/check-child.ts';

serveChecks(async ({ device: name, request, stats, circuit }, tell) => {
  const device = name === undefined ? undefined : await inProcessDevice(name);
  if (name !== undefined && device === undefined) throw new Error(`there is no device ${name}`);
  // The device first: what it does not serve at all is told whatever the program is.
  const byDevice = await device?.validate(request);
  const known = await programFacts(request.program, circuit);
  const errors = byDevice ?? (known.ok ? [] : known.errors);
  tell({ part: 'judged', errors, facts: known.ok ? known.facts : undefined });
  if (errors.length > 0 || !known.ok || known.program === undefined) return;
  const bound = known.program.bind(request.inputs);
  if (!bound.ok) return;
  const certain = certainErrors(() => bound.start());
  tell({ part: 'walked', errors: certain });
  if (stats && certain.length === 0) tell({ part: 'counted', stats: statsOf(() => bound.start()) });
});

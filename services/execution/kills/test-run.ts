/** `npm run kills [-- NUMBER]`: kills workers, the submitting server and the database at random, and says what is wrong afterwards. */
import { killAtRandom } from './test-scene.ts';

const kills = Number(process.argv[2] ?? 100);
if (!Number.isInteger(kills) || kills < 1) {
  process.stderr.write(`the number of kills is "${process.argv[2]}"; expected a whole number from 1\n`);
  process.exitCode = 2;
} else {
  const began = performance.now();
  const outcome = await killAtRandom({
    kills,
    workers: 3,
    onKill: (line) => process.stderr.write(`${line}\n`),
  });
  const { killed, faults, ...tally } = outcome;
  process.stdout.write(
    `killed ${killed.workers} workers, ${killed.servers} submitting servers, ${killed.databases} databases in ${Math.round((performance.now() - began) / 1000)} s\n`,
  );
  process.stdout.write(`${JSON.stringify(tally)}\n`);
  for (const fault of faults) process.stdout.write(`FAULT: ${fault}\n`);
  process.stdout.write(
    faults.length === 0 ? 'every job ended exactly once, none was lost, no slot is taken\n' : '',
  );
  process.exitCode = faults.length === 0 ? 0 : 1;
}

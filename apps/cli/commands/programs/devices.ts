import { localDevice, localDeviceNames, type SuiteResult, verifyDevice } from '@quantum-hub/devices';
import type { DeviceProfile } from '@quantum-hub/execution/ports';
import { Command } from 'commander';
import { exitCodes, SilentExit, usageFault } from '../../faults.ts';
import { facts, type OutputOptions, printResult } from '../../output.ts';
import { withProgress } from '../../progress.ts';
import { verificationText } from './verification-text.ts';

/** The simulators of this machine: names and what each can do. */
export async function printLocalDevices(options: OutputOptions): Promise<void> {
  const devices = await Promise.all(localDeviceNames.map((name) => localDevice(name)));
  const profiles = devices.flatMap((device) => (device ? [device.profile] : []));
  printResult(options, profiles, profiles.map(profileText).join('\n'));
}

function profileText({
  name,
  description,
  qubits,
  maximumShots,
  languages,
  requests,
}: DeviceProfile): string {
  const known = facts([
    ['qubits', `up to ${qubits}`],
    ['shots', `up to ${maximumShots}`],
    ['languages', languages.join(', ')],
    ['requests', requests.join(', ')],
  ]);
  return `${name}: ${description}\n${known}`;
}

const aboutVerify = `
Runs the conformance suite: the project's own programs with exact results, QASMBench where it is (QHUB_CORPUS), closed forms,
mirror circuits, random programs against a density matrix. A device may refuse a valid program, at a place, and must run the
others right. A device with noise is compared with the exact distribution of its noise.
Exit code 0 when nothing is wrong, 1 when something is.

Examples:
  npx qhub devices verify local/statevector
  npx qhub devices verify local/noisy --json`;

export function verifyCommand(): Command {
  return new Command('verify')
    .description('Does a device get everything right?')
    .argument('<name>', `one of ${localDeviceNames.join(', ')}`)
    .option('--json', 'print JSON')
    .addHelpText('after', aboutVerify)
    .action(verify);
}

async function verify(name: string, options: OutputOptions): Promise<void> {
  const run = await verifyDevice(name);
  if (run === undefined) {
    throw usageFault(
      `the device is "${name}"; expected one of ${localDeviceNames.join(', ')}`,
      'npx qhub devices verify --help',
    );
  }
  const results = await withProgress(options, async ({ step }) => {
    const done: SuiteResult[] = [];
    for await (const result of run.results) {
      done.push(result);
      step({ done: done.length, total: run.total, next: result.name });
    }
    return done;
  });
  const ok = results.every(({ verdict }) => verdict.outcome !== 'wrong');
  printResult(
    options,
    { ok, device: name, results },
    [verificationText(name, results), ...run.notes].join('\n'),
  );
  if (!ok) throw new SilentExit(exitCodes.failed);
}

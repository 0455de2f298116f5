import type { SuiteResult } from '@quantum-hub/devices';
import { counted } from '../../output.ts';

const MOST_WRONG = 20;

/**
 * What a device got right, a line a group of cases. Of what it refused, which it may, the first of each group stands for the others;
 * what it got wrong is listed, up to twenty.
 */
export function verificationText(device: string, results: readonly SuiteResult[]): string {
  const groups = Map.groupBy(results, ({ name }) => name.split('/')[0] ?? name);
  const width = Math.max(...[...groups.keys()].map(({ length }) => length));
  const lines = [...groups].map(([group, cases]) => groupLine(group.padEnd(width), cases));
  const wrong = results.filter(({ verdict }) => verdict.outcome === 'wrong');
  const told = wrong.slice(0, MOST_WRONG).map((result) => `  wrong: ${why(result)}`);
  if (wrong.length > MOST_WRONG) told.push(`  and ${wrong.length - MOST_WRONG} more; --json prints them all`);
  const [right, refused] = [tally(results, 'right'), tally(results, 'refused')];
  const summary = `${device}: ${counted(right, 'case')} right, ${refused} refused, ${wrong.length} wrong.`;
  return [...lines, ...told, summary].join('\n');
}

function groupLine(group: string, cases: readonly SuiteResult[]): string {
  const numbers = (['right', 'refused', 'wrong'] as const).flatMap((outcome) => {
    const count = tally(cases, outcome);
    return count === 0 ? [] : [`${count} ${outcome}`];
  });
  const refused = cases.find(({ verdict }) => verdict.outcome === 'refused');
  return `  ${group}  ${numbers.join(', ')}${refused ? `, as ${why(refused)}` : ''}`;
}

function tally(results: readonly SuiteResult[], outcome: SuiteResult['verdict']['outcome']): number {
  return results.filter(({ verdict }) => verdict.outcome === outcome).length;
}

function why({ name, verdict }: SuiteResult): string {
  return verdict.outcome === 'right' ? name : `${name}: ${verdict.why}`;
}

import { compile } from '@quantum-hub/openqasm';
import { GateQueue } from './gate-queue.ts';

/** How often the state vector goes over its memory for the gates of a program without inputs or control flow: for benchmarks. */
export function countPasses(source: string): number {
  const compiled = compile(source);
  const bound = compiled.ok ? compiled.program.bind({}) : compiled;
  if (!compiled.ok || !bound.ok) throw new Error('countPasses: the program does not compile without inputs');
  let passes = 0;
  const queue = new GateQueue(compiled.program.unit.qubitCount, () => passes++);
  const run = bound.start();
  for (let operation = run.next(); operation; operation = run.next()) {
    if (operation.kind === 'gate') queue.take(operation);
  }
  queue.flush();
  return passes;
}

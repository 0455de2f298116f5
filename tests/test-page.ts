/** A page of the documents that can be played: its edits are made and its commands are run, in their order. */
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

/** One command, or one edit of a file. */
export type Step =
  | {
      readonly kind: 'run';
      readonly line: number;
      readonly command: string;
      readonly shown: string | undefined;
    }
  | {
      readonly kind: 'edit';
      readonly line: number;
      readonly path: string;
      readonly from: string;
      readonly to: string;
    }
  | { readonly kind: 'write'; readonly line: number; readonly path: string; readonly text: string };

/** What a block of each language means. Others are refused: a reader can't tell them from those that are tried. */
const readers: Record<string, (lines: string[], line: number) => Step[]> = {
  // `$ command` and below it what is printed; `…` stands for anything in a line, alone on a line for any lines.
  console: (lines, line) => {
    const starts = lines.flatMap((one, at) => (one.startsWith('$ ') ? [at] : []));
    return starts.map((start, index) => {
      const shown = lines.slice(start + 1, starts[index + 1]);
      return {
        kind: 'run',
        line: line + start,
        command: (lines[start] ?? '').slice(2),
        shown: shown.join('\n'),
      };
    });
  },
  // `--- path`, then hunks, with `@@` between: the lines with `+` come, those with `-` go.
  diff: ([head = '', ...lines], line) => {
    const hunks: string[][] = [[]];
    for (const one of lines) {
      if (one === '@@') hunks.push([]);
      else hunks.at(-1)?.push(one);
    }
    return hunks.map((hunk) => {
      const without = (sign: string) =>
        hunk.flatMap((one) => (one.startsWith(sign) ? [] : [`${one.slice(1)}\n`])).join('');
      return { kind: 'edit', line, path: head.replace(/^--- /, ''), from: without('+'), to: without('-') };
    });
  },
  // A new file: its path stands in the first line.
  ts: ([head = '', ...lines], line) => [
    { kind: 'write', line, path: head.replace(/^\/\/ /, ''), text: `${lines.join('\n')}\n` },
  ],
};

/** The steps of a Markdown text. `<!-- run: command -->` makes what the page speaks of and a reader has. */
export function stepsOf(markdown: string): Step[] {
  const steps: Step[] = [];
  const lines = markdown.split('\n');
  for (let at = 0; at < lines.length; at += 1) {
    const hidden = /^<!-- run: (.*) -->$/.exec(lines[at] ?? '')?.[1];
    if (hidden !== undefined) steps.push({ kind: 'run', line: at + 1, command: hidden, shown: undefined });
    const fence = /^```(.*)$/.exec(lines[at] ?? '')?.[1];
    if (fence === undefined) continue;
    const end = lines.indexOf('```', at + 1);
    const read = readers[fence];
    if (read === undefined) throw new Error(`line ${at + 1}: a block of "${fence}" is not tried by anything`);
    steps.push(...read(lines.slice(at + 1, end), at + 2));
    at = end;
  }
  return steps;
}

/** Does a step in a folder. Gives what a command printed, with `(exit code N)` at its end where it failed. */
export async function play(step: Step, cwd: string, env: NodeJS.ProcessEnv): Promise<string> {
  if (step.kind === 'run') return await run(step.command, cwd, env);
  if (step.kind === 'write') {
    writeFileSync(join(cwd, step.path), step.text);
    return '';
  }
  const path = join(cwd, step.path);
  const parts = readFileSync(path, 'utf8').split(step.from);
  if (step.from !== '' && parts.length !== 2) {
    throw new Error(
      `line ${step.line}: ${step.path} holds these lines ${parts.length - 1} times, and once was expected`,
    );
  }
  writeFileSync(path, parts.join(step.to));
  return '';
}

async function run(command: string, cwd: string, env: NodeJS.ProcessEnv): Promise<string> {
  const child = spawn('/bin/bash', ['-c', `exec 2>&1; ${command}`], {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const ended = new Promise<number | null>((done, fail) => child.on('error', fail).on('close', done));
  const [printed, code] = await Promise.all([text(child.stdout), ended]);
  // What a terminal would have written over.
  return `${printed.replace(/[^\n]*\r/g, '')}${code === 0 ? '' : `(exit code ${code})\n`}`;
}

/** Whether what was printed is what the page shows. */
export function isShown(shown: string, printed: string): boolean {
  const pattern = shown
    .split('\n')
    .map((line) => (line === '…' ? '(?:.*\n)*?' : `${line.split('…').map(escaped).join('.*')}\n`))
    .join('');
  return new RegExp(`^${shown === '' ? '' : pattern}$`).test(printed);
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

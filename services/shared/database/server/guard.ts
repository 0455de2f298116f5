import { type ChildProcess, spawn } from 'node:child_process';
import { type Account, childOptions } from './account.ts';

// A shell that waits for the end of its input: that comes from its owner, and also when the owner dies in any way, kill -9
// included. It then ends the postmaster and removes the folder, so both ways of ending are one. The word `keep` spares the folder.
const GUARD = `
word=$(cat)
read -r pid 2>/dev/null <"$1/data/postmaster.pid" && {
  case "$(readlink "/proc/$pid/cwd" 2>/dev/null || ps -o command= -p "$pid" 2>/dev/null)" in
    *"$1/data"*) kill -QUIT "$pid" 2>/dev/null; n=0; while kill -0 "$pid" 2>/dev/null && [ $n -lt 500 ]; do n=$((n+1)); sleep 0.02; done ;;
  esac
}
[ -z "$2" ] || rm -rf -- "$2"
[ "$word" = keep ] || rm -rf -- "$1"
`;

/**
 * Watches over a folder whose `data` a server of this process uses. When its input ends, by us or by our death, the server
 * is ended at once and the folder removed, unless `keep` was written before; a folder beside it goes in any case.
 */
export function startGuard(dir: string, account: Account, beside = ''): ChildProcess {
  const guard = spawn('/bin/sh', ['-c', GUARD, 'qhub-guard', dir, beside], {
    ...childOptions(account),
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  guard.unref();
  (guard.stdin as unknown as { unref(): void }).unref();
  return guard;
}

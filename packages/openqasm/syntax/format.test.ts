import assert from 'node:assert/strict';
import { test } from 'node:test';
import { format } from './format.ts';

/** The text before and after, checked to stay as it is the second time. */
function assertFormats(source: string, expected: string): void {
  assert.deepEqual(format(source), { ok: true, text: expected });
  assert.deepEqual(format(expected), { ok: true, text: expected });
}

test('comments stay with their statements, and gaps of lines become one', () => {
  assertFormats(
    `// head
OPENQASM   3.0 ;   // version


/* two
   lines */
qubit q;int a  =  1;// behind


x q ; /* one */ // two
// end`,
    `// head
OPENQASM 3.0; // version

/* two
   lines */
qubit q;
int a = 1; // behind

x q; /* one */ // two
// end
`,
  );
});

test('comments within a statement move before it, those of a block into it', () => {
  assertFormats(
    `OPENQASM 3.0;
cx q, // control
  r; // target
if (a /* why */ == 1) { // then
  x q;
  // last
} else /* otherwise */ {

  y q;

}
gate g q { /* nothing */ }
switch (a) { // cases
  // first
  case 1 { } // one
  default { } // rest
  // none
}`,
    `OPENQASM 3.0;
// control
cx q, r; // target
if (a == 1) {
  /* why */
  // then
  x q;
  // last
} else {
  /* otherwise */

  y q;
}
gate g q {
  /* nothing */
}
switch (a) {
  // cases
  // first
  case 1 {} // one
  default {} // rest
  // none
}
`,
  );
});

test('OpenQASM 2 stays OpenQASM 2', () => {
  assertFormats(
    'OPENQASM 2.0;\r\n\r\n\r\ninclude "qelib1.inc";\r\nqreg q[1];creg c[1]; // both\r\nif(c==1)x q[0];\r\nrx(2^3) q[0];\r\nmeasure q->c;\r\n',
    'OPENQASM 2.0;\n\ninclude "qelib1.inc";\nqreg q[1];\ncreg c[1]; // both\nif (c == 1) x q[0];\nrx(2^3) q[0];\nmeasure q -> c;\n',
  );
});

test('a text without version, and files that it includes, stay as they are', () => {
  assertFormats(
    'include "mine.inc";\nqreg q[1];\nmine q[0];',
    'include "mine.inc";\nqreg q[1];\nmine q[0];\n',
  );
});

test('a wrong program is not touched', () => {
  const formatted = format('OPENQASM 3.0;\nx q');
  assert.equal(formatted.ok, false);
  assert.deepEqual(!formatted.ok && formatted.errors.map(({ line, code }) => [line, code]), [[2, 'syntax']]);
});

// Moves the state of one qubit to another by two measured bits.
OPENQASM 3.0;
include "stdgates.inc";

qubit message;
qubit alice;
qubit bob;
bit m;
bit a;
bit result;

ry(0.8) message;

h alice;
cx alice, bob;

cx message, alice;
h message;
m = measure message;
a = measure alice;

if (a) x bob;
if (m) z bob;

result = measure bob;

// Adds two numbers of three bits, which are its inputs, in place: b becomes a + b (Cuccaro and others, arXiv:quant-ph/0410184).
OPENQASM 3.0;
include "stdgates.inc";

input uint[3] first;
input uint[3] second;

gate majority c, b, a {
  cx a, b;
  cx a, c;
  ccx c, b, a;
}

gate unmajority c, b, a {
  ccx c, b, a;
  cx a, c;
  cx c, b;
}

qubit carry;
qubit[3] a;
qubit[3] b;
qubit overflow;
bit[4] sum;

for int i in [0:2] {
  if (first[i] == 1) x a[i];
  if (second[i] == 1) x b[i];
}

majority carry, b[0], a[0];
majority a[0], b[1], a[1];
majority a[1], b[2], a[2];
cx a[2], overflow;
unmajority a[1], b[2], a[2];
unmajority a[0], b[1], a[1];
unmajority carry, b[0], a[0];

sum[0:2] = measure b;
sum[3] = measure overflow;

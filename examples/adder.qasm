// Adds 5 to every number of three bits at once: b becomes a + b in place (Cuccaro and others, arXiv:quant-ph/0410184).
// Each shot reads one of the eight sums, 5 to 12.
OPENQASM 3.0;
include "stdgates.inc";

const uint[3] added = 5;

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
  if (added[i] == 1) {
    x a[i];
  }
}
h b;

majority carry, b[0], a[0];
majority a[0], b[1], a[1];
majority a[1], b[2], a[2];
cx a[2], overflow;
unmajority a[1], b[2], a[2];
unmajority a[0], b[1], a[1];
unmajority carry, b[0], a[0];

sum[0:2] = measure b;
sum[3] = measure overflow;

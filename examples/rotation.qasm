// One qubit, turned by an angle that is given with the run.
OPENQASM 3.0;
include "stdgates.inc";

input float theta;

qubit q;
ry(theta) q;

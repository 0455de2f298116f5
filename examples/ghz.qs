/// Three qubits that always agree, in Q#. The results are bits 0, 1 and 2 of the outcome.
operation Main() : Result[] {
    use qubits = Qubit[3];
    H(qubits[0]);
    for i in 1..2 {
        CNOT(qubits[i - 1], qubits[i]);
    }
    return MResetEachZ(qubits);
}

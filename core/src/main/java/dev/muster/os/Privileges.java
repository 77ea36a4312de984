package dev.muster.os;

/// What this process may do beyond an ordinary one; `capabilities(7)`.
final class Privileges {
    private Privileges() {}

    /// Whether it has the capability with this number.
    static boolean has(int capability) {
        long mask = ProcFs.statusField("self", "CapEff:")
                .map(hex -> Long.parseUnsignedLong(hex, 16))
                .orElse(0L);
        return (mask >>> capability & 1) == 1;
    }
}

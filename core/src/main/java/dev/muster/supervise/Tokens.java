package dev.muster.supervise;

import java.security.SecureRandom;
import java.util.HexFormat;

/// One-time tokens of 128 random bits, by which a child proves that it is the one that was spawned.
final class Tokens {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int BYTES = 16;

    private Tokens() {}

    static String next() {
        byte[] bytes = new byte[BYTES];
        RANDOM.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}

package dev.muster.web;

/// Ids of connections: 22 bits that tell the process, which is the number of its life, and 31 bits that count its
/// connections. Together they fit the 53 bits that a number of JavaScript keeps exactly.
public final class ConnectionIds {
    private static final int COUNT_BITS = 31;
    private static final long COUNT_MASK = (1L << COUNT_BITS) - 1;
    private static final int LIFE_BITS = 22;
    /// The highest number of a life whose connections have ids.
    public static final int LAST_LIFE = (1 << LIFE_BITS) - 1;

    private ConnectionIds() {}

    /// @param life 1 to [#LAST_LIFE]
    /// @param count from 1
    public static long of(int life, long count) {
        if (life < 1 || life > LAST_LIFE || count < 1 || count > COUNT_MASK) {
            throw new IllegalStateException("connection " + count + " of process " + life
                    + " cannot have an id: there are " + LAST_LIFE + " processes and " + COUNT_MASK
                    + " connections in each; restart the application");
        }
        return (long) life << COUNT_BITS | count;
    }

    /// The life in an id; 0 if it is none.
    public static int life(long id) {
        return id <= 0 || id >>> (COUNT_BITS + LIFE_BITS) != 0 ? 0 : (int) (id >>> COUNT_BITS);
    }
}

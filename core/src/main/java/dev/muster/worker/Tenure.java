package dev.muster.worker;

import org.jspecify.annotations.Nullable;

/// Since when the lease of a worker has stood without a gap, so that what it has claimed is its own.
///
/// @param term of the lease as it was renewed last
/// @param since the instant (`System.nanoTime`) after which it has stood
record Tenure(LeaseTerm term, long since) {
    /// The lease was renewed. To be called when the store has answered: if the term before was over by then, the
    /// store may have renewed too late, when others had given back what was claimed.
    ///
    /// @param last null if it is the first
    /// @param next the term that was asked for
    static Tenure renewed(@Nullable Tenure last, LeaseTerm next) {
        return new Tenure(next, last != null && last.term.stands() ? last.since : System.nanoTime());
    }

    /// Whether what was claimed then is surely still its worker's.
    ///
    /// @param claimedAt an instant (`System.nanoTime`) before the store was asked for the claim
    boolean covers(long claimedAt) {
        return term.stands() && claimedAt - since > 0;
    }
}

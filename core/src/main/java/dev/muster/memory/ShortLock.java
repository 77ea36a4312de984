package dev.muster.memory;

import dev.muster.os.Words;
import java.lang.foreign.MemorySegment;

/// Locks that are held for the length of a few stores: owner words in a region. Whoever waits for one whose owner has
/// died takes it over and mends what that left.
///
/// **Threads:** any; a virtual thread that waits holds no carrier. **Failure:** after half a minute of waiting for a
/// living process, which must have been stopped in between, a [MemoryException].
final class ShortLock {
    /// Brings to an end what a dead owner had begun. Under its lock.
    interface Mender {
        void mend();
    }

    private final MemorySegment memory;
    private final String whose;

    /// @param whose region it is, for messages
    ShortLock(MemorySegment memory, String whose) {
        this.memory = memory;
        this.whose = whose;
    }

    /// Takes a lock if nobody holds it.
    ///
    /// The word is loaded before it is compared and set: where a file was truncated, a load is an error that can be
    /// caught, and an atomic operation of the interpreter ends the virtual machine.
    ///
    /// @param at the owner word
    boolean tryLock(long at) {
        return Words.getLong(memory, at) == Owner.NONE && Words.replaceLong(memory, at, Owner.NONE, Owner.SELF);
    }

    /// Waits for a lock.
    void await(long at, Mender mender) {
        Patience patience = new Patience();
        while (!tryLock(at)) {
            long owner = Words.getLong(memory, at);
            boolean suspect = owner == Owner.ABANDONED || patience.pause();
            if (suspect && takeOver(at, owner, mender)) {
                return;
            }
            if (patience.spent()) {
                throw new MemoryException("process %d has held a part of the %s for too long; is it stopped?"
                        .formatted(Owner.process(owner).pid(), whose));
            }
        }
    }

    /// Takes a lock from a dead owner.
    ///
    /// @return false if it is not that one, or not dead
    boolean takeOver(long at, long owner, Mender mender) {
        if (!Owner.dead(owner) || !Words.replaceLong(memory, at, owner, Owner.SELF)) {
            return false;
        }
        long left = Owner.ABANDONED;
        try {
            mender.mend();
            left = Owner.SELF;
        } finally {
            if (left != Owner.SELF) {
                unlock(at, left);
            }
        }
        return true;
    }

    long owner(long at) {
        return Words.getLong(memory, at);
    }

    /// Gives a lock back.
    ///
    /// @param left nobody, or [Owner#ABANDONED] if something may be half done: the next one mends it
    void unlock(long at, long left) {
        // Pairs with the atomic operation in tryLock().
        Words.setLong(memory, at, left);
    }

    /// The same, in order with whatever is loaded afterwards.
    void unlockVolatile(long at, long left) {
        Words.setLongVolatile(memory, at, left);
    }
}

package dev.muster.system.ledger;

import dev.muster.system.apps.Offence;
import org.jspecify.annotations.Nullable;

/// What happens in the middle of the load.
enum Fault {
    /// `kill -9` of a worker from outside.
    KILL(null, true),
    /// SIGSTOP of a worker, for good.
    STOP(null, true),
    /// A task that calls `System.exit`.
    EXIT(Offence.EXIT, true),
    /// A task that calls `Runtime.halt`.
    HALT(Offence.HALT, true),
    /// A task that takes the whole heap.
    HEAP(Offence.HEAP, true),
    /// A task that takes all memory beside the heap.
    NATIVE_MEMORY(Offence.NATIVE_MEMORY, true),
    /// A task in an endless loop.
    BUSY_LOOP(Offence.BUSY_LOOP, true),
    /// A task that waits for two threads in a deadlock.
    DEADLOCK(Offence.DEADLOCK, true),
    /// A task that stays in a call of the C library.
    NATIVE_HANG(Offence.NATIVE_HANG, true),
    /// Tasks that print while nobody reads: the master is stopped meanwhile.
    FULL_STDOUT(Offence.FLOOD, false),
    /// `kill -9` of a worker whose replacement hangs at boot.
    BOOT_HANG(null, true),
    /// The server of the store ends and starts again.
    RESTART(null, false),
    /// What goes to the server of the store, and comes from it, vanishes.
    PARTITION(null, false),
    /// The disk of the store is full.
    DISK_FULL(null, false),
    /// `kill -9` of the master.
    MASTER_KILL(null, true);

    private final @Nullable Offence offence;
    private final boolean deadly;

    Fault(@Nullable Offence offence, boolean deadly) {
        this.offence = offence;
        this.deadly = deadly;
    }

    /// What its tasks do, null if it comes from outside.
    @Nullable
    Offence offence() {
        return offence;
    }

    /// Whether workers die of it; otherwise nobody may.
    boolean deadly() {
        return deadly;
    }

    /// How often it strikes a load.
    int strikes() {
        return switch (this) {
            // All the rest of the load is done behind the back of the first one.
            case FULL_STDOUT, BOOT_HANG -> 1;
            default -> Size.STRIKES;
        };
    }

    /// Whether its tasks hang rather than crash.
    boolean hangs() {
        return this == BUSY_LOOP || this == DEADLOCK || this == NATIVE_HANG;
    }

    /// Whether one of its tasks does it at each start, until it is a dead letter.
    boolean poisons(Store store) {
        boolean inSlice = (this == HALT || this == BUSY_LOOP) && !store.served();
        return offence != null && deadly && (Size.CAMPAIGN || inSlice);
    }

    /// Whether it is to strike this store. A slice leaves those to SQLite of which a store sees nothing but that a
    /// worker has died, as with [#HALT], or was killed at a limit, as with [#BUSY_LOOP]; or nothing at all.
    boolean appliesTo(Store store) {
        return switch (this) {
            case RESTART, PARTITION -> store.served();
            case DISK_FULL -> store.canBeFilled();
            case EXIT, HEAP, NATIVE_MEMORY, DEADLOCK, NATIVE_HANG, FULL_STDOUT ->
                Size.CAMPAIGN || Size.CHOSEN || !store.served();
            default -> true;
        };
    }
}

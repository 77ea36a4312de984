package dev.muster.supervise;

/// What happens in a slot, or to a process of it, at this moment. The names are shown by `muster ps` and never change
/// their meaning.
public enum SlotState {
    /// No process, and none is wanted.
    STOPPED(false),
    /// The operating system was asked for a process.
    SPAWNING(true),
    /// The process exists and has not spoken yet.
    STARTING(true),
    /// It has spoken and prepares itself.
    BOOTING(true),
    /// It could work and is given no work: a spare, a replacement that waits for its turn, or a paused process.
    READY(true),
    /// It works, or looks for work.
    RUNNING(true),
    /// Half of its allowed silence is over.
    SUSPECT(true),
    /// It hangs: evidence is being taken before it is killed.
    STUCK(true),
    /// It was told to finish and end, or does so by its own will; or it hangs in one of several tasks, and the
    /// others may end before it is killed.
    DRAINING(true),
    /// Its time to finish is over: it was sent SIGTERM, or has said its last words.
    TERMINATING(true),
    /// It was sent SIGKILL.
    KILLING(true),
    /// It was sent SIGKILL and still exists: the kernel holds it.
    UNKILLABLE(true),
    /// No process; the next is spawned when the delay is over.
    BACKOFF(false),
    /// No process; it died too often, and is tried again now and then.
    QUARANTINE(false);

    private final boolean live;

    SlotState(boolean live) {
        this.live = live;
    }

    /// Whether a process exists, or may exist, in this state.
    public boolean live() {
        return live;
    }

    /// Whether the process works, or is given work.
    public boolean active() {
        return this == RUNNING || this == SUSPECT;
    }

    /// Whether the process is on its way to be ready.
    public boolean booting() {
        return this == SPAWNING || this == STARTING || this == BOOTING;
    }
}

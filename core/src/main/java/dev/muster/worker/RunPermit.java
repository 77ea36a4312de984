package dev.muster.worker;

/// What a user process needs before each run, beside work to do.
interface RunPermit extends AutoCloseable {
    /// That of a process that works wherever it is.
    RunPermit ALWAYS = new RunPermit() {
        @Override
        public boolean await() {
            return true;
        }

        @Override
        public boolean begin() {
            return true;
        }

        @Override
        public void end() {}

        @Override
        public long token() {
            return 0;
        }

        @Override
        public void close() {}
    };

    /// Waits until a run may begin.
    ///
    /// @return false if a stop was asked for, or the process was paused, before that
    boolean await() throws InterruptedException;

    /// A run begins, if it still may.
    boolean begin();

    /// The run is over.
    void end();

    /// What fences the writes of the present run, 0 if nothing needs to.
    long token();

    /// Nothing runs here any more.
    @Override
    void close();
}

package dev.muster;

/// The work of a user process, for classes that prefer an interface to a method found by its name. The class still
/// carries [UserProcess].
///
/// **Threads:** one run after the other, all on the same thread. **Lifetime:** one instance for the life of the
/// process.
@FunctionalInterface
public interface ProcessHandler {
    /// One run. Called again after the interval once it has returned.
    ///
    /// @param server the application around this process
    /// @param process this process itself
    /// @throws Exception anything; [UserProcess#onError()] decides what follows
    void handle(Server server, ProcessContext process) throws Exception;
}

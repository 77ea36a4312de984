package dev.muster;

/// Makes the objects whose methods Muster runs: user processes, pools and classes with `@Task` instance methods.
///
/// Found by `ServiceLoader`, or given to [App#instances(InstanceFactory)]. Without one, the class's no-argument
/// constructor is called, public or not.
///
/// **Threads:** called in the child process on the thread that will use the object. **Failure:** an exception from a
/// user process or a pool is a failed boot; from a task class it is a failed attempt of that task.
@FunctionalInterface
public interface InstanceFactory {
    /// Returns a new object of the type, never null.
    ///
    /// @param type the declared class
    <T> T create(Class<T> type) throws Exception;
}

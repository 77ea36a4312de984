package dev.muster;

import org.jspecify.annotations.Nullable;

/// What an application does with the events of its server. A class that implements it and carries [ServerEvents] gets
/// one object in each task worker and pool worker, made by the [InstanceFactory] in that process; in another process
/// that has submitted an immediate task it gets one for [#onFinish].
///
/// **Threads:** the events of a process come one after the other, on a thread that runs nothing else; those of one
/// sender in the order in which it sent them. **Failure:** what an event throws is logged and counted, and the next
/// one comes. An event that takes longer than `messages.eventTimeout` ends with its process.
public interface ServerListener {
    /// Another process has sent this one a message.
    ///
    /// @throws Exception logged and counted
    default void onPipeMessage(Server server, PipeMessage message) throws Exception {}

    /// An immediate task: only in task workers.
    ///
    /// @return the result, null for an empty one; at most `messages.maxSize` bytes
    /// @throws Exception the submitter hears of it, see [TaskFailedException]
    default byte @Nullable [] onTask(Server server, ServerTask task) throws Exception {
        return null;
    }

    /// A task that this process submitted with [ImmediateTasks#task(byte[])] has ended, well or not.
    ///
    /// @throws Exception logged and counted
    default void onFinish(Server server, ServerTaskResult result) throws Exception {}
}

package dev.muster;

import org.jspecify.annotations.Nullable;

/// What an application does with the events of its server. A class that implements it and carries [ServerEvents] gets
/// one object in each web worker, task worker and pool worker, made by the [InstanceFactory] in that process; in
/// another process that has submitted an immediate task it gets one for [#onFinish].
///
/// **Threads:** requests and the events of WebSockets run on virtual threads of their own, many at a time, those of one
/// WebSocket one after the other in their order; see [NonBlocking] for the event loop. All other events of a process
/// come one after the other, on a thread that runs nothing else; messages of one sender in the order in which it sent
/// them. **Failure:** what an event throws is logged and counted, and the next one comes; a request is answered with
/// 500. A request or an event of a WebSocket that takes longer than `server.requestTimeout`, and any other event that
/// takes longer than `messages.eventTimeout`, ends with its process.
public interface ServerListener {
    /// The application has started: told to one worker, the first that works.
    ///
    /// This and [#onShutdown], [#onReload] and [#onWorkerError] belong to the application as a whole. They are told
    /// in one process: the web worker in the lowest slot that works, else the task worker, else the pool worker. If
    /// that one ends before they were told, they are told again in the next: at least once, three times at most, as
    /// long as there is a worker.
    ///
    /// @throws Exception logged and counted
    default void onStart(Server server) throws Exception {}

    /// The application begins to stop; no process has been told to end yet. The stop does not wait for this: it is
    /// over when this worker has drained, or its time to drain is.
    ///
    /// @throws Exception logged and counted
    default void onShutdown(Server server) throws Exception {}

    /// A reload has succeeded: told to a worker that runs the new code, if any worker does.
    ///
    /// @throws Exception logged and counted
    default void onReload(Server server) throws Exception {}

    /// A web worker, task worker, pool worker or user process has ended, and nobody had ordered it.
    ///
    /// @throws Exception logged and counted
    default void onWorkerError(Server server, WorkerFailure failure) throws Exception {}

    /// This worker boots: it has no work yet, and gets none before this returns. In each web worker, task worker
    /// and pool worker, those included that wait in reserve; on the thread that boots, within `limits.boot`.
    ///
    /// @throws Exception the boot has failed
    default void onWorkerStart(Server server) throws Exception {}

    /// This worker ends, and its work has ended. Not told in a process that was killed, has crashed, or ran out of
    /// memory.
    ///
    /// @throws Exception logged and counted
    default void onWorkerStop(Server server) throws Exception {}

    /// A request has come, its body read. Only in web workers, and only if no route of the application took it.
    /// With several listeners the first one that overrides this has all requests.
    ///
    /// @throws Exception logged and counted; the client gets 500 and the id of the request, and nothing else
    default void onRequest(Server server, WebRequest request, WebResponse response) throws Exception {
        response.status(404).end("not found\n");
    }

    /// A WebSocket was opened: [WebRequest#connectionId()] is its id. Only in web workers.
    ///
    /// @throws Exception logged and counted; the WebSocket is closed with 1011
    default void onOpen(Server server, WebRequest request) throws Exception {}

    /// A WebSocket has sent a message. Only in web workers.
    ///
    /// @throws Exception logged and counted
    default void onMessage(Server server, WebMessage message) throws Exception {}

    /// A WebSocket is closed, by whomever; the last event of a connection whose [#onOpen] was told. Only in web
    /// workers.
    ///
    /// @throws Exception logged and counted
    default void onClose(Server server, long connectionId) throws Exception {}

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

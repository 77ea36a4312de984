package dev.muster.server;

import dev.muster.web.WebHost;

/// Whether connections are accepted: by order, and while there is room. Those that are not wait in the queue of the
/// port, where every worker may take them.
///
/// **Threads:** any.
final class Door {
    private final SharedListener listener;
    private final WebHost host;
    private final int most;
    // All guarded by `this`.
    private boolean ordered;
    private boolean open;
    private int inside;

    /// @param host is told who is inside
    /// @param most connections at a time
    Door(SharedListener listener, WebHost host, int most) {
        this.listener = listener;
        this.host = host;
        this.most = most;
    }

    synchronized void open() {
        ordered = true;
        show();
    }

    synchronized void close() {
        ordered = false;
        show();
    }

    synchronized void entered() {
        inside++;
        show();
    }

    synchronized void left() {
        inside--;
        show();
    }

    private void show() {
        boolean wanted = ordered && inside < most;
        host.connections(inside, wanted);
        if (wanted != open) {
            open = wanted;
            listener.accepting(wanted);
        }
    }
}

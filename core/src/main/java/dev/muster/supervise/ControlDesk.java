package dev.muster.supervise;

import dev.muster.control.ControlServer;
import dev.muster.control.ControlServer.Connection;
import dev.muster.control.Message;

/// Carries what comes in on the control socket to the loop, and tells children and command lines apart by their first
/// message. A child that breaks the protocol is reported as such; a stranger is merely cut off.
///
/// **Threads:** called on the control thread; acts on the loop.
final class ControlDesk implements ControlServer.Listener {
    private final MasterLoop loop;
    private final ChildDesk children;
    private final CommandDesk commands;
    private final CheckDesk checks;
    private final RunDirectory directory;
    private final LogFiles log;
    /// Of the control thread: what was said last about the socket, so that it is not said again and again.
    private String problem = "";

    ControlDesk(
            MasterLoop loop,
            ChildDesk children,
            CommandDesk commands,
            CheckDesk checks,
            RunDirectory directory,
            LogFiles log) {
        this.loop = loop;
        this.children = children;
        this.commands = commands;
        this.checks = checks;
        this.directory = directory;
        this.log = log;
    }

    @Override
    public void received(Connection connection, Message message) {
        loop.execute(() -> heard(connection, message));
    }

    private void heard(Connection connection, Message message) {
        if (connection.attachment() instanceof WorkerHandle worker) {
            if (!(message instanceof Message.FromChild said && children.heard(worker, said))) {
                broke(worker, "a child may not say " + message.getClass().getSimpleName());
            }
            return;
        }
        if (message instanceof Message.Hello hello) {
            children.greet(connection, hello);
        } else if (message instanceof Message.Command command) {
            commands.perform(connection, command);
        } else if (message instanceof Message.Checked checked) {
            checks.checked(connection, checked);
        } else {
            connection.close();
        }
    }

    @Override
    public void violated(Connection connection, String why) {
        loop.execute(() -> {
            if (connection.attachment() instanceof WorkerHandle worker) {
                broke(worker, why);
            }
        });
    }

    private void broke(WorkerHandle worker, String why) {
        if (children.current(worker)) {
            loop.post(new Event.BrokeProtocol(System.nanoTime(), worker.life(), why));
        }
    }

    @Override
    public String obstacle() {
        return directory
                .usurper()
                .map(pid -> "the run directory was removed, and the master with pid " + pid
                        + " has it now; end this one with kill -TERM "
                        + ProcessHandle.current().pid())
                .orElse("");
    }

    @Override
    public void socketLost(String why) {
        if (why.isEmpty()) {
            log.master("WARN", "the file of the control socket was deleted or replaced; made it again");
        } else if (!why.equals(problem)) {
            log.master(
                    "ERROR",
                    "the file of the control socket was deleted or replaced, and cannot be made again: " + why
                            + "; no command reaches this application and no new process until then; trying on");
        }
        problem = why;
    }

    @Override
    public void closed(Connection connection) {
        loop.execute(() -> {
            if (connection.attachment() instanceof WorkerHandle worker && children.current(worker)) {
                loop.post(new Event.LostControl(System.nanoTime(), worker.life()));
            }
        });
    }
}

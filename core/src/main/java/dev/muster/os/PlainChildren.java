package dev.muster.os;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/// Starting, ending and collecting processes in degraded mode, with what the Java platform has.
///
/// A process started here stays in the process group of this one and shows its program as its name. The virtual
/// machine itself collects it; its status is kept here until it was asked for once, as the kernel would do.
///
/// **Threads:** any. **Lifetime:** a child is known until [#tryReap(int)] has answered. **Failure:** as in [Spawner],
/// [Wait] and [Signals], whose work this does.
final class PlainChildren {
    private static final Map<Integer, Process> CHILDREN = new ConcurrentHashMap<>();
    private static final File NOTHING = new File("/dev/null");

    /// Gives a program a session of its own, where the system has it.
    private static final List<Path> SETSID = List.of(Path.of("/usr/bin/setsid"), Path.of("/bin/setsid"));

    private static final int SIGNALLED = 128;
    private static final int LAST_SIGNAL = 31;

    private PlainChildren() {}

    static int spawn(SpawnRequest request) {
        if (request.stdinFd() != SpawnRequest.NO_INPUT) {
            throw Natives.refusal("hand descriptor " + request.stdinFd() + " over to " + request.executable());
        }
        List<String> command = new ArrayList<>(request.argv());
        command.set(0, request.executable().toString());
        if (request.newSession()) {
            SETSID.stream()
                    .filter(Files::isExecutable)
                    .findFirst()
                    .ifPresent(found -> command.addFirst(found.toString()));
        }
        List<String> _ = EnvironmentText.of(request.environment());
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(request.directory().toFile())
                .redirectInput(NOTHING)
                .redirectOutput(redirect(request.stdoutFd()));
        if (request.stdoutFd() == request.stderrFd()) {
            builder.redirectErrorStream(true);
        } else {
            builder.redirectError(redirect(request.stderrFd()));
        }
        builder.environment().clear();
        builder.environment().putAll(request.environment());
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new NativeException("start of " + request.executable() + " in " + request.directory(), e);
        }
        if (request.stdoutFd() > 2) {
            PlainPipe.writtenTo(request.stdoutFd()).carry(process, process.getInputStream());
        }
        if (request.stderrFd() > 2 && request.stderrFd() != request.stdoutFd()) {
            PlainPipe.writtenTo(request.stderrFd()).carry(process, process.getErrorStream());
        }
        int pid = (int) process.pid();
        CHILDREN.put(pid, process);
        return pid;
    }

    private static ProcessBuilder.Redirect redirect(int fd) {
        if (fd <= 2) {
            return ProcessBuilder.Redirect.INHERIT;
        }
        PlainPipe _ = PlainPipe.writtenTo(fd);
        return ProcessBuilder.Redirect.PIPE;
    }

    /// A process that a signal ended has the status 128 and the number of the signal: one that itself ends with
    /// such a code cannot be told from it.
    static Optional<ExitStatus> tryReap(int pid) {
        Process child = CHILDREN.get(pid);
        if (child == null) {
            throw new NativeException("waitpid(" + pid + ")", new IOException("No child processes"));
        }
        if (child.isAlive()) {
            return Optional.empty();
        }
        CHILDREN.remove(pid, child);
        return Optional.of(status(child.exitValue()));
    }

    static ExitStatus status(int value) {
        boolean signal = value > SIGNALLED && value <= SIGNALLED + LAST_SIGNAL;
        return signal ? new ExitStatus(-1, value - SIGNALLED) : new ExitStatus(value & 0xff, 0);
    }

    /// @return false if there is no such process, or it has ended
    static boolean send(long pid, int signal) {
        Optional<ProcessHandle> process = find(pid);
        return process.isPresent() && send(process.get(), signal);
    }

    static boolean send(ProcessHandle process, int signal) {
        if (!process.isAlive()) {
            return false;
        }
        try {
            return switch (signal) {
                case 0 -> true;
                case Signals.KILL -> process.destroyForcibly();
                case Signals.TERM -> process.destroy();
                default -> throw Natives.refusal("send " + Signals.name(signal) + " to process " + process.pid());
            };
        } catch (IllegalStateException e) {
            throw new NativeException(
                    "kill(" + process.pid() + ", " + signal + ")", new IOException(e.getMessage(), e));
        }
    }

    /// The processes that descend from this one now, and then itself: there are no groups to signal. What its
    /// descendants leave behind when they end is out of reach.
    static boolean sendTree(long pid, int signal) {
        Optional<ProcessHandle> root = find(pid);
        if (root.isEmpty()) {
            return false;
        }
        // Before the process: afterwards nobody knows whose descendants they were.
        List<ProcessHandle> descendants = root.get().descendants().toList();
        boolean sent = send(root.get(), signal);
        for (ProcessHandle descendant : descendants) {
            sent |= send(descendant, signal);
        }
        return sent;
    }

    private static Optional<ProcessHandle> find(long pid) {
        Process child = CHILDREN.get((int) pid);
        return child == null ? ProcessHandle.of(pid) : Optional.of(child.toHandle());
    }

    /// A descriptor of its end, for [Pidfd].
    static int watch(int pid) {
        Process child = CHILDREN.get(pid);
        // Not that of its handle: this one is complete only when the status is there.
        CompletableFuture<?> end = child != null
                ? child.onExit()
                : ProcessHandle.of(pid)
                        .orElseThrow(() ->
                                new NativeException("pidfd_open(" + pid + ")", new IOException("No such process")))
                        .onExit();
        return Descriptors.add(new End(end));
    }

    /// The end of a process, as something that becomes ready.
    private record End(CompletableFuture<?> end) implements Descriptors.Descriptor {
        @Override
        public int ready() {
            return end.isDone() ? Poller.IN : 0;
        }

        @Override
        public boolean announce(Runnable ready) {
            CompletableFuture<?> _ = end.whenComplete((_, _) -> ready.run());
            return true;
        }

        @Override
        public void close() {}
    }

    /// Runs another program in the place of this one, which stays as its parent until it has ended: what arrives
    /// here as SIGTERM is passed on, and a terminal sends its interrupts to both.
    ///
    /// @throws NativeException if it cannot be started
    static void replace(Path executable, List<String> argv, Map<String, String> environment) {
        List<String> command = new ArrayList<>(argv);
        command.set(0, executable.toString());
        ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
        builder.environment().clear();
        builder.environment().putAll(environment);
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new NativeException("start of " + executable, e);
        }
        Runnable nothing = () -> {};
        Signals.handle("INT", nothing);
        Signals.handle("HUP", nothing);
        Signals.handle("TERM", process::destroy);
        while (true) {
            try {
                Exit.now(process.waitFor());
            } catch (InterruptedException _) {
                // It is the end of the other program that ends this one.
            }
        }
    }
}

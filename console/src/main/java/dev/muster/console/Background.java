package dev.muster.console;

import dev.muster.config.Settings;
import dev.muster.control.ExitCode;
import dev.muster.os.ExitStatus;
import dev.muster.os.Identity;
import dev.muster.os.NativeException;
import dev.muster.os.Pidfd;
import dev.muster.os.Poller;
import dev.muster.os.Signals;
import dev.muster.os.SpawnRequest;
import dev.muster.os.Spawner;
import dev.muster.os.Wait;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A master in a session of its own, started by this process; its output goes to a file in the log directory.
///
/// **Threads:** one owner; [#terminate()] any. **Lifetime:** the master outlives this process. **Failure:** a master
/// that ends before it is ready is a [Refusal] with its exit code and the end of its output.
final class Background {
    private static final Path SHELL = Path.of("/bin/sh");
    private static final Duration GLANCE = Duration.ofMillis(20);
    private static final Duration LAST_WORDS = Duration.ofSeconds(5);
    private static final Duration KILL_LIMIT = Duration.ofSeconds(5);
    private static final int TAIL_LINES = 20;
    private static final List<String> SERVICE_MANAGER = List.of("NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID");

    private final int pid;
    private final Instance instance;
    private final Path output;
    private final long outputBefore;
    private @Nullable ExitStatus collected;

    private Background(int pid, Instance instance, Path output, long outputBefore) {
        this.pid = pid;
        this.instance = instance;
        this.output = output;
        this.outputBefore = outputBefore;
    }

    /// Starts it and returns at once.
    ///
    /// @param directory its working directory
    static Background start(MasterCommand command, Settings settings, Path directory) {
        Path output = settings.logDir().resolve(settings.appName() + ".out");
        try {
            Files.createDirectories(settings.logDir());
            // Here, because a shell that cannot open it has exit codes of its own, and says it to nobody.
            Files.newByteChannel(output, StandardOpenOption.CREATE, StandardOpenOption.APPEND)
                    .close();
            long before = Files.size(output);
            List<String> argv = new ArrayList<>();
            argv.addAll(List.of("sh", "-c", "exec \"$@\" >>\"$0\" 2>&1", output.toString()));
            argv.add(command.java().toString());
            argv.addAll(command.argv().subList(1, command.argv().size()));
            Map<String, String> environment = new TreeMap<>(command.environment());
            // A service manager that waits for this command is not told by a process that outlives it.
            SERVICE_MANAGER.forEach(environment::remove);
            int pid = Spawner.spawn(new SpawnRequest(SHELL, argv, environment, directory.toAbsolutePath(), 1, 2, true));
            return new Background(pid, new Instance(settings.runDir()), output, before);
        } catch (IOException e) {
            throw new Refusal(
                    ExitCode.CANNOT_WRITE,
                    "the output of the master cannot be written to " + output + ": " + e
                            + "; mend its permissions, or set log.dir");
        } catch (NativeException e) {
            throw new Refusal(ExitCode.SYSTEM_RESOURCE, "the master cannot be started: " + e.getMessage());
        }
    }

    /// The master's process id.
    int pid() {
        return pid;
    }

    Instance instance() {
        return instance;
    }

    /// Blocks until all processes are ready.
    ///
    /// @throws Refusal if the master ends first
    void awaitReady(Consumer<String> talk) {
        try (Pidfd handle = Pidfd.open(pid);
                Poller poller = new Poller()) {
            poller.add(handle.fd(), Poller.IN, 0);
            while (!listens()) {
                if (poller.poll(GLANCE, (_, _) -> {}) > 0) {
                    throw ended();
                }
            }
            try {
                String _ = Control.ask(instance, "ready", Map.of(), talk);
                reportMissing(talk);
            } catch (Refusal e) {
                // a master whose start fails may answer or hang up; the code that it ends with says why
                if (poller.poll(LAST_WORDS, (_, _) -> {}) > 0) {
                    throw ended();
                }
                throw e;
            }
        }
    }

    /// @throws Refusal if nothing is up at all
    private void reportMissing(Consumer<String> talk) {
        List<Json> rows = Json.array(Control.ask(instance, "ps", Map.of(), talk));
        List<Json> missing = rows.stream().filter(PsVerb::isDown).toList();
        // A console alone is no application.
        long own = rows.stream().filter(Background::ofTheApplication).count();
        if (own > 0 && missing.stream().filter(Background::ofTheApplication).count() == own) {
            throw new Refusal(ExitCode.NOTHING_BOOTED, "no process of the application could boot");
        }
        for (Json row : missing) {
            talk.accept(row.text("name") + " is not up: " + row.text("state") + ", last exit "
                    + Texts.exit(row.at("lastExit")) + "; see muster deaths " + row.text("name"));
        }
    }

    private static boolean ofTheApplication(Json row) {
        return !row.text("role").equals("console");
    }

    /// Asks for an orderly stop and collects the master; does nothing if that was done already.
    ///
    /// @param limit after which it is killed
    /// @return how it ended; a signal if it had to be killed
    ExitStatus stop(Duration limit) {
        ExitStatus before = collected;
        if (before != null) {
            return before;
        }
        terminate();
        Optional<Identity> master = Identity.of(pid);
        if (master.isPresent() && !Gone.within(master.get(), limit)) {
            boolean _ = Signals.send(pid, Signals.KILL);
            boolean _ = Gone.within(master.get(), KILL_LIMIT);
        }
        return collect().orElse(new ExitStatus(-1, Signals.KILL));
    }

    /// Asks for an orderly stop; any thread. Once the master was collected its pid may be another's, so nothing is
    /// sent.
    synchronized void terminate() {
        if (collected == null) {
            boolean _ = Signals.send(pid, Signals.TERM);
        }
    }

    private synchronized Optional<ExitStatus> collect() {
        if (collected == null) {
            collected = Wait.tryReap(pid).orElse(null);
        }
        return Optional.ofNullable(collected);
    }

    /// Another master may hold the run directory: only the answer of the one that was started counts.
    private boolean listens() {
        return Files.exists(instance.socket())
                && instance.master().map(master -> master.pid() == pid).orElse(false);
    }

    private Refusal ended() {
        ExitStatus status = collect().orElse(new ExitStatus(ExitCode.INTERNAL.number(), 0));
        int code = status.signaled() || status.code() == 0 ? ExitCode.INTERNAL.number() : status.code();
        String how =
                status.signaled() ? "was ended by " + Signals.name(status.signal()) : "ended with " + status.code();
        String tail = tail();
        return new Refusal(
                code,
                "the master " + how + " before all processes were ready"
                        + (tail.isEmpty()
                                ? "; its log says why: muster logs --run-dir " + instance.runDir()
                                : "; its last words (all of them: " + output + "):\n" + tail));
    }

    private String tail() {
        try {
            byte[] all = Files.readAllBytes(output);
            int from = (int) Math.min(outputBefore, all.length);
            List<String> lines = new String(all, from, all.length - from, StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            return String.join("\n", lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size()));
        } catch (IOException _) {
            return "";
        }
    }
}

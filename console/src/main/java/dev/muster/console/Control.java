package dev.muster.console;

import dev.muster.control.ControlClient;
import dev.muster.control.ExitCode;
import dev.muster.control.Message;
import dev.muster.control.Message.Command;
import dev.muster.control.Message.Progress;
import dev.muster.control.Message.Reply;
import dev.muster.os.Identity;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/// Asks a master to do something, and waits until it says that it is done.
///
/// **Threads:** blocks the caller, without a limit of its own: the master bounds what it does. **Failure:** a master
/// that ends in between, or is stopped, is a [Refusal].
final class Control {
    private static final Duration CONNECT = Duration.ofSeconds(2);

    private Control() {}

    /// Asks and returns the body of the answer.
    ///
    /// @param talk receives progress, one line a call
    /// @throws Refusal with the master's exit code and sentence if the answer is not "done"
    static String ask(Instance instance, String verb, Map<String, String> options, Consumer<String> talk) {
        Reply reply = reply(instance, verb, options, talk);
        if (reply.exitCode() != ExitCode.DONE.number()) {
            throw new Refusal(reply.exitCode(), reply.body());
        }
        return reply.body();
    }

    private static Reply reply(Instance instance, String verb, Map<String, String> options, Consumer<String> talk) {
        long pid = instance.master().map(Identity::pid).orElse(0L);
        try (ControlClient client = connect(instance);
                StoppedMaster watch = StoppedMaster.over(pid, client)) {
            return reply(client, watch, instance, verb, options, talk);
        } catch (IOException e) {
            throw new Refusal(ExitCode.FAILED, "the connection to the master of " + instance.name() + " failed: " + e);
        }
    }

    private static Reply reply(
            ControlClient client,
            StoppedMaster watch,
            Instance instance,
            String verb,
            Map<String, String> options,
            Consumer<String> talk)
            throws IOException {
        try {
            client.send(new Command(Message.PROTOCOL_VERSION, verb, options));
            while (true) {
                Message message = client.receive();
                if (message instanceof Reply reply) {
                    return reply;
                }
                if (message instanceof Progress progress) {
                    talk.accept(progress.line());
                }
            }
        } catch (EOFException e) {
            throw new Refusal(
                    ExitCode.FAILED,
                    "the master of " + instance.name() + " ended, or closed the connection, before it had answered '"
                            + verb + "'; its log says why: muster logs --run-dir " + instance.runDir());
        } catch (IOException e) {
            if (!watch.seen()) {
                throw e;
            }
            throw new Refusal(
                    ExitCode.TIMED_OUT,
                    "the master of " + instance.name() + " (pid " + watch.pid() + ") does not answer: it is stopped"
                            + " (state T), by SIGSTOP or a debugger; it goes on, and does what it was told, after kill"
                            + " -CONT " + watch.pid());
        }
    }

    private static ControlClient connect(Instance instance) {
        if (!Files.exists(instance.socket()) && Files.isReadable(instance.runDir())) {
            throw notRunning(instance);
        }
        try {
            return ControlClient.connect(instance.socket(), CONNECT);
        } catch (IOException e) {
            String message = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
            if (e instanceof AccessDeniedException || message.contains("permission denied")) {
                throw new Refusal(
                        ExitCode.NO_PERMISSION,
                        instance.name() + " belongs to another user: " + instance.socket()
                                + " cannot be opened; run this command as that user");
            }
            if (instance.master().isEmpty()) {
                throw notRunning(instance);
            }
            throw new Refusal(
                    ExitCode.FAILED,
                    "the master of " + instance.name() + " (pid "
                            + instance.master().get().pid() + ") is alive but does not answer on " + instance.socket()
                            + ": " + e.getMessage());
        }
    }

    private static Refusal notRunning(Instance instance) {
        return new Refusal(
                ExitCode.NOT_RUNNING, instance.name() + " is not running (run directory " + instance.runDir() + ")");
    }
}

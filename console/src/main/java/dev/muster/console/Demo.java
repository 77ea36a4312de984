package dev.muster.console;

import dev.muster.config.Settings;
import dev.muster.config.SettingsLoader;
import dev.muster.control.ExitCode;
import dev.muster.os.ExitStatus;
import dev.muster.os.Signals;
import dev.muster.task.Broker;
import dev.muster.task.BrokerException;
import dev.muster.task.Brokers;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// One run of the demo: messages into a file, the application up, the file into the queue, and a look at the numbers
/// once a second until every message has ended.
///
/// **Threads:** the caller's, one that enqueues and one that kills. **Lifetime:** the application is stopped at the end
/// unless it is to stay; an interrupt or a TERM stops it at once. **Failure:** a message that never ends shows as a
/// time-out.
final class Demo {
    private static final int PORT = 9501;
    private static final long LIMIT_SECONDS = 300;
    private static final Duration STOP_LIMIT = Duration.ofSeconds(90);

    private final Path home;
    private final Settings settings;
    private final MasterCommand command;
    private final DemoMessages messages;
    private final boolean kill;
    private final PrintWriter out;
    private final Consumer<String> say;
    private final CountDownLatch interrupted = new CountDownLatch(1);

    private Demo(
            Path home,
            Settings settings,
            MasterCommand command,
            DemoMessages messages,
            boolean kill,
            PrintWriter out,
            Consumer<String> say) {
        this.home = home;
        this.settings = settings;
        this.command = command;
        this.messages = messages;
        this.kill = kill;
        this.out = out;
        this.say = say;
    }

    /// Makes the directory and the messages.
    static Demo prepare(int count, long seed, boolean kill, PrintWriter out, Consumer<String> say) throws IOException {
        Distribution distribution = Distribution.current();
        Application application = Application.named("demo");
        Path home = DemoDirectory.fresh();
        List<String> sets = new ArrayList<>(application.sets());
        sets.add("data.dir=" + home.resolve("data"));
        sets.add("run.dir=" + home.resolve("run"));
        sets.add("server.port=" + FreePort.preferably(PORT));
        Settings settings = SettingsLoader.load(application.simpleName(), null, Map.of(), sets);
        MasterCommand.Caches caches = MasterCommand.Caches.of(distribution, application);
        MasterCommand command =
                MasterCommand.of(distribution, application, List.of(), null, sets, settings, caches, true);
        DemoMessages messages = DemoMessages.write(application, home.resolve("messages.jsonl"), count, seed);
        say.accept(count + " messages in " + messages.file() + " (seed " + seed + ")");
        return new Demo(home, settings, command, messages, kill, out, say);
    }

    /// Runs to the end and prints the account.
    ///
    /// @param stay whether the application is left running
    ExitCode run(boolean stay) throws IOException, InterruptedException {
        Background master = Background.start(command, settings, home);
        boolean left = false;
        stopOn("INT", master);
        stopOn("TERM", master);
        try {
            master.awaitReady(say);
            int slots = Json.array(Control.ask(master.instance(), "ps", Map.of(), say))
                    .size();
            say.accept(slots + " processes are up; to watch them: muster ps --run-dir " + settings.runDir());
            int port = settings.number("server.port");
            say.accept("the page of the demo: http://127.0.0.1:" + port + "/"
                    + (port == PORT ? "" : " (port " + PORT + " is taken)"));
            ExitCode result = work(master);
            left = stay && interrupted.getCount() > 0;
            say.accept("look around: muster tasks dead --run-dir " + settings.runDir() + "; files are in " + home);
            if (left) {
                say.accept("the application stays up; end it with: muster stop --run-dir " + settings.runDir());
            }
            return result;
        } catch (Refusal e) {
            if (interrupted.getCount() == 0) {
                say.accept("interrupted");
                return ExitCode.INTERRUPTED;
            }
            throw e;
        } finally {
            if (!left) {
                ExitStatus status = master.stop(STOP_LIMIT);
                if (status.signaled()) {
                    say.accept("the master had to be killed: it did not stop within " + STOP_LIMIT.toSeconds() + " s");
                }
            }
        }
    }

    private void stopOn(String signal, Background master) {
        Signals.handle(signal, () -> {
            interrupted.countDown();
            master.terminate();
        });
    }

    private ExitCode work(Background master) throws IOException, InterruptedException {
        CountDownLatch over = new CountDownLatch(1);
        try (Broker broker = Brokers.open(settings)) {
            CompletableFuture<Long> accepted = new CompletableFuture<>();
            Thread _ = Thread.ofPlatform().daemon().name("enqueue").start(() -> enqueue(broker, accepted));
            if (kill) {
                Thread _ =
                        Thread.ofPlatform().daemon().name("hand").start(new KillingHand(master, messages.seed(), over));
            }
            DemoAccount account = new DemoAccount(broker, master.instance());
            long started = System.nanoTime();
            while (!(accepted.isDone() && account.closed())) {
                boolean _ = interrupted.await(1, TimeUnit.SECONDS);
                long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - started);
                if (interrupted.getCount() == 0) {
                    say.accept("interrupted; stopping the application");
                    return ExitCode.INTERRUPTED;
                }
                say.accept(account.progress(seconds));
                if (seconds > LIMIT_SECONDS) {
                    say.accept("gave up after " + LIMIT_SECONDS + " s: some messages have not ended");
                    boolean _ = account.print(out, accepted.getNow(0L), messages, kill);
                    return ExitCode.TIMED_OUT;
                }
            }
            over.countDown();
            return account.print(out, kept(accepted), messages, kill) ? ExitCode.DONE : ExitCode.FAILED;
        } finally {
            over.countDown();
        }
    }

    private static long kept(CompletableFuture<Long> accepted) throws InterruptedException {
        try {
            return accepted.get();
        } catch (ExecutionException e) {
            throw new Refusal(ExitCode.FAILED, "the messages could not be enqueued: " + e.getCause());
        }
    }

    private void enqueue(Broker broker, CompletableFuture<Long> accepted) {
        try (InputStream in = Files.newInputStream(messages.file())) {
            Enqueuer enqueuer = new Enqueuer(broker, DemoMessages.QUEUE, Enqueuer.LINE_LIMIT, _ -> {});
            enqueuer.run(in);
            boolean _ = accepted.complete(enqueuer.kept());
        } catch (IOException | BrokerException | InterruptedException e) {
            boolean _ = accepted.completeExceptionally(e);
        }
    }
}

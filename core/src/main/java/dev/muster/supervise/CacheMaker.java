package dev.muster.supervise;

import dev.muster.os.ExitStatus;
import dev.muster.os.Identity;
import dev.muster.os.NativeException;
import dev.muster.os.RunLock;
import dev.muster.os.Signals;
import dev.muster.os.SpawnRequest;
import dev.muster.os.Spawner;
import dev.muster.os.Wait;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Makes one cache: a virtual machine of its own reads the classes that were used from the class path, without
/// running any of them, and writes them down as it wants them in memory. A second one shows that it accepts the result
/// with the options of the processes; only then it counts.
///
/// **Threads:** one that lives as long as the master, because the makers die with it. **Lifetime:** the processes end
/// within [#LIMIT], and at once when `closed` opens. **Failure:** a maker that fails or is killed leaves a file that
/// the next one removes.
final class CacheMaker {
    static final Duration LIMIT = Duration.ofMinutes(10);

    /// What a virtual machine that uses a cache says in its version.
    private static final String SHARING = ", sharing";

    private static final int LONGEST_REASON = 300;
    private static final long POLL_MILLIS = 20;

    private final CacheFiles files;
    private final Path java;
    private final Map<String, String> environment;
    private final CountDownLatch closed;

    /// @param environment of the processes; options in it are for the application
    /// @param closed opens when the master ends
    CacheMaker(CacheFiles files, Path java, Map<String, String> environment, CountDownLatch closed) {
        this.files = files;
        this.java = java;
        this.environment = environment;
        this.closed = closed;
    }

    /// @param lists what processes have loaded
    /// @return the cache; empty if another master is at work in this directory
    /// @throws IOException why there is none, for people
    Optional<Path> make(CacheRecipe recipe, List<Path> lists) throws IOException {
        Optional<RunLock> maker = files.maker();
        if (maker.isEmpty()) {
            return Optional.empty();
        }
        try (RunLock _ = maker.get()) {
            Optional<Path> made = files.find(recipe.key());
            return made.isPresent() ? made : Optional.of(makeAlone(recipe, lists));
        }
    }

    private Path makeAlone(CacheRecipe recipe, List<Path> lists) throws IOException {
        Path classes = files.unfinished("classes");
        Path archive = files.unfinished("archive");
        Path said = files.unfinished("output");
        try {
            int _ = ClassLists.merge(lists, classes);
            IOException reason = new IOException("nothing was tried");
            for (boolean linked : recipe.agents() ? new boolean[] {false} : new boolean[] {true, false}) {
                try {
                    write(recipe, linked, classes, archive, said);
                    probe(recipe, archive, said);
                    return files.install(archive, recipe.key());
                } catch (IOException e) {
                    reason = e;
                }
            }
            throw reason;
        } finally {
            Files.deleteIfExists(classes);
            Files.deleteIfExists(files.unfinished("linked"));
            Files.deleteIfExists(archive);
            Files.deleteIfExists(said);
        }
    }

    private void write(CacheRecipe recipe, boolean linked, Path classes, Path archive, Path said) throws IOException {
        Files.deleteIfExists(archive);
        Path list = classes;
        if (linked) {
            list = Files.copy(classes, files.unfinished("linked"), StandardCopyOption.REPLACE_EXISTING);
        }
        List<String> command = new ArrayList<>(List.of(java.toString()));
        command.addAll(recipe.options());
        command.addAll(List.of(
                "-Xshare:dump",
                linked ? "-XX:+AOTClassLinking" : "-XX:-AOTClassLinking",
                "-XX:SharedClassListFile=" + list,
                "-XX:SharedArchiveFile=" + archive,
                "-Xlog:disable",
                "-Xlog:all=error:stderr",
                "-XX:ErrorFile=" + said,
                "-cp",
                recipe.classPath()));
        run(linked ? list.toString() : "", recipe.classPath(), command, said, "the virtual machine could not write it");
        if (!Files.isRegularFile(archive)) {
            throw new IOException("the virtual machine wrote no file: " + text(said));
        }
    }

    private void probe(CacheRecipe recipe, Path archive, Path said) throws IOException {
        List<String> command = new ArrayList<>(List.of(java.toString()));
        command.addAll(recipe.options());
        command.addAll(List.of(
                "-Xshare:on",
                "-XX:SharedArchiveFile=" + archive,
                "-XX:ErrorFile=" + said,
                "-cp",
                recipe.classPath(),
                "-version"));
        run("", "", command, said, "the virtual machine does not accept it");
        if (!text(said).contains(SHARING)) {
            throw new IOException("the virtual machine does not accept it: " + text(said));
        }
    }

    private void run(String list, String classPath, List<String> command, Path said, String problem)
            throws IOException {
        List<String> argv = new ArrayList<>(List.of("sh", "-c", "exec \"$@\" >\"$0\" 2>&1", said.toString()));
        argv.addAll(List.of(
                java.toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData",
                "-Xmx32m",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                CacheProcess.class.getName(),
                Long.toString(ProcessHandle.current().pid()),
                list,
                classPath));
        argv.addAll(command);
        int code;
        try {
            int pid = Spawner.spawn(new SpawnRequest(
                    Path.of("/bin/sh"), argv, environment, Path.of("").toAbsolutePath(), 1, 2, false));
            code = await(pid);
        } catch (NativeException e) {
            throw new IOException("no process could be started or watched: " + e.getMessage(), e);
        }
        if (code != 0) {
            throw new IOException(problem + " (exit code " + code + "): " + text(said));
        }
    }

    /// @return the exit code, -1 after a kill
    private int await(int pid) throws IOException {
        long end = System.nanoTime() + LIMIT.toNanos();
        boolean killed = false;
        while (true) {
            Optional<ExitStatus> status = reap(pid);
            if (status.isPresent()) {
                return status.get().signal() == 0 ? status.get().code() : -1;
            }
            boolean over = closed.getCount() == 0 || System.nanoTime() > end;
            if (over && !killed) {
                boolean _ = Signals.sendGroup(pid, Signals.KILL);
                killed = true;
            }
            try {
                if (killed) {
                    TimeUnit.MILLISECONDS.sleep(1);
                } else {
                    boolean _ = closed.await(POLL_MILLIS, TimeUnit.MILLISECONDS);
                }
            } catch (InterruptedException e) {
                boolean _ = Signals.sendGroup(pid, Signals.KILL);
                throw new IOException("interrupted", e);
            }
        }
    }

    /// Where the master collects every process, as the first of a container does, somebody else may have been
    /// quicker: then what was made tells.
    private static Optional<ExitStatus> reap(int pid) {
        try {
            return Wait.tryReap(pid);
        } catch (NativeException e) {
            if (Identity.of(pid).isEmpty()) {
                return Optional.of(new ExitStatus(0, 0));
            }
            throw e;
        }
    }

    private static String text(Path said) {
        try {
            String text = new String(Files.readAllBytes(said), StandardCharsets.UTF_8)
                    .strip()
                    .replace('\n', ' ');
            return text.length() > LONGEST_REASON ? text.substring(0, LONGEST_REASON) : text;
        } catch (IOException _) {
            return "it said nothing";
        }
    }
}

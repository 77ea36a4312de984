package dev.muster.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Caches of the virtual machine for the processes of all [RunningApp]s of a test run: a task worker starts with three
/// quarters of the processor time, a web worker with half. They are made once from the libraries on the class path of
/// the test, by an application that has processes of the roles in question; every class path that begins with the same
/// libraries can use them.
///
/// ```java
/// TestCaches.make(Path.of("target/jvm-caches"), MyApp.class.getName(), app -> app.set("tasks.workers", "1"));
/// ```
///
/// **Threads:** any, also of several test runs. **Lifetime:** the files stay in their directory until a library is
/// another one. **Failure:** a cache that does not fit is not used by the virtual machine, which then starts as
/// without.
public final class TestCaches {
    private static final Pattern MADE =
            Pattern.compile("made a cache for quick starts of ([a-z, ]+) in \\d+ ms: (\\S+)");
    private static final String MASTER = "master";
    private static final Map<String, Path> OF_ROLES = new TreeMap<>();

    private TestCaches() {}

    /// Makes the caches, or takes those of an earlier run with the same libraries.
    ///
    /// @param directory that is theirs alone
    /// @param main of the application, in one of the libraries
    /// @param configure sets which processes it has
    public static void make(Path directory, String main, UnaryOperator<RunningApp> configure) {
        try {
            Files.createDirectories(directory);
            try (FileChannel channel = FileChannel.open(
                            directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock _ = channel.lock()) {
                Path table = directory.resolve("caches.properties");
                Properties known = read(table);
                String libraries = libraries();
                if (!libraries.equals(known.getProperty("libraries"))) {
                    Files.deleteIfExists(table);
                    known = makeAnew(directory, main, configure);
                    known.setProperty("libraries", libraries);
                    try (var out = Files.newBufferedWriter(table)) {
                        known.store(out, null);
                    }
                }
                adopt(known);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make caches in " + directory, e);
        }
    }

    private static Properties read(Path table) throws IOException {
        Properties known = new Properties();
        if (Files.exists(table)) {
            try (var in = Files.newBufferedReader(table)) {
                known.load(in);
            }
        }
        return known;
    }

    /// What a cache depends on.
    private static String libraries() throws IOException {
        List<String> all = new ArrayList<>(List.of(System.getProperty("java.vm.version")));
        for (Path jar : TestClassPath.libraries()) {
            all.add(jar + " " + Files.size(jar) + " " + Files.getLastModifiedTime(jar));
        }
        return String.join("\n", all);
    }

    private static Properties makeAnew(Path directory, String main, UnaryOperator<RunningApp> configure)
            throws IOException {
        Path work = directory.resolve("work").toAbsolutePath();
        remove(work);
        Path caches = directory.resolve("files").toAbsolutePath();
        remove(caches);
        Files.createDirectories(work);
        Properties made = new Properties();
        Path list = work.resolve("master.lst");
        RunningApp app = RunningApp.on(TestClassPath.text(TestClassPath.libraries()), main, work)
                .set("aot.dir", caches.toString())
                .set("aot.delay", "2s")
                .option("-XX:DumpLoadedClassList=" + list);
        try (RunningApp running = configure.apply(app).start()) {
            List<String> roles = running.ps().stream()
                    .map(row -> row.get("role").asString())
                    .distinct()
                    .toList();
            for (String role : roles) {
                running.awaitOutput(Pattern.compile("made a cache for quick starts of [a-z, ]*" + role));
            }
            Matcher line = MADE.matcher(running.output());
            while (line.find()) {
                for (String role : line.group(1).split(", ", -1)) {
                    made.setProperty("jvm." + role, line.group(2));
                }
            }
        }
        Path master = caches.resolve("master.jsa");
        dump(list, master);
        made.setProperty(MASTER, master.toString());
        remove(work);
        return made;
    }

    /// The master has ended in order, so its list names all that a cache wants to know.
    private static void dump(Path list, Path archive) throws IOException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(RunningApp.MASTER_OPTIONS);
        command.addAll(List.of(
                "-Xmx256m",
                "-Xshare:dump",
                "-XX:+AOTClassLinking",
                "-XX:SharedClassListFile=" + list,
                "-XX:SharedArchiveFile=" + archive,
                "-cp",
                TestClassPath.text(TestClassPath.libraries())));
        Path said = archive.resolveSibling("master.out");
        try {
            int code = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(said.toFile())
                    .start()
                    .waitFor();
            if (code != 0) {
                throw new IOException("no cache for masters: " + Files.readString(said));
            }
        } catch (InterruptedException e) {
            throw new IOException("interrupted", e);
        }
    }

    private static void remove(Path directory) throws IOException {
        if (Files.exists(directory)) {
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private static synchronized void adopt(Properties known) {
        for (String name : known.stringPropertyNames()) {
            if (name.startsWith("jvm.") || name.equals(MASTER)) {
                OF_ROLES.put(name, Path.of(known.getProperty(name)));
            }
        }
    }

    /// Adds the options that make the processes of each role use its cache.
    static synchronized void use(Map<String, String> settings) {
        OF_ROLES.forEach((key, cache) -> {
            if (!key.equals(MASTER)) {
                String _ = settings.merge(key, option(cache), (own, more) -> own + " " + more);
            }
        });
    }

    /// The options that make a master use its cache, and say nothing if it cannot.
    static synchronized List<String> master() {
        Path cache = OF_ROLES.get(MASTER);
        return cache == null ? List.of() : List.of(option(cache), "-Xlog:cds=off", "-Xlog:aot=off");
    }

    private static String option(Path cache) {
        return "-XX:SharedArchiveFile=" + cache;
    }
}

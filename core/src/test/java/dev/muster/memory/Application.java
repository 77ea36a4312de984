package dev.muster.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.os.Identity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// The shared memory of an application of which this JVM is a part, and its other processes. Closing it ends them, and
/// asserts that nothing is left.
final class Application implements AutoCloseable {
    final MemoryDirectory directory;
    private final Path parent;
    private final List<Process> processes = new ArrayList<>();

    private Application(Path parent) {
        this.parent = parent;
        directory = MemoryDirectory.create(parent.resolve("board"), Identity.self());
        SharedMemory.use(directory);
    }

    /// In `/dev/shm`, where it is in production too.
    static Application start() {
        try {
            return new Application(Files.createTempDirectory(Path.of("/dev/shm"), "muster-test"));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Another process of it.
    ///
    /// @param options of its virtual machine
    Process process(Class<?> main, List<String> options, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx64m",
                "-Xshare:auto",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path")));
        command.addAll(options);
        command.add(main.getName());
        command.add(directory.path().toString());
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        processes.add(process);
        return process;
    }

    /// What such a process does first.
    static void join(String[] arguments) {
        // Whoever fails silently would prove nothing.
        Thread.setDefaultUncaughtExceptionHandler((_, e) -> {
            e.printStackTrace();
            Runtime.getRuntime().halt(1);
        });
        SharedMemory.use(MemoryDirectory.at(Path.of(arguments[0])));
    }

    @Override
    public void close() {
        for (Process process : processes) {
            process.destroyForcibly();
            try {
                assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
        SharedMemory.leave(directory);
        directory.delete();
        try (Stream<Path> left = Files.list(parent)) {
            assertThat(left.toList()).isEmpty();
            Files.delete(parent);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}

package dev.muster.system.reload;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/// The source of a small application that exists in versions; everything that it does leaves the number of its version
/// in a ledger. Compiled in the test, so that a class of the same name really has other code.
final class ShopCode {
    static final String MAIN = "shop.Shop";

    /// Tasks: a short one, one of 40 ms, and one that runs until a test says so.
    static final String TASKS = """
        @Task(name = "note")
        public static void note(String text) {
            Ledger.note("tasks", "%V " + text);
        }

        @Task(name = "slow")
        public static void slow(String text) throws InterruptedException {
            Ledger.note("tasks", "%V " + text);
            Thread.sleep(40);
        }

        @Task(name = "hold")
        public static void hold(String text) throws InterruptedException {
            Ledger.note("tasks", "%V " + text);
            while (!Ledger.told("release")) {
                Thread.sleep(10);
            }
        }
        """;

    /// A user process with runs of 60 ms.
    static final String CLOCK = """
        @UserProcess(name = "Clock", interval = 10)
        public void tick(ProcessContext process) throws InterruptedException {
            Ledger.note("ticks", "%V begin");
            process.sleep(Duration.ofMillis(60));
            Ledger.note("ticks", "%V end");
        }
        """;

    /// A pool with a loop of its own.
    static final String HANDS = """
        @Pool(name = "hands", instances = 1, heartbeat = 30_000, queue = "hands")
        public static final class Hands extends WorkerPool {
            @Override
            protected void hook(WorkerContext worker) throws InterruptedException {
                while (!worker.stopping()) {
                    worker.take(Duration.ofMillis(200)).ifPresent(task -> {
                        Ledger.note("hands", "%V " + task.payload());
                        task.done();
                    });
                }
            }
        }
        """;

    private static final String FRAME = """
        package shop;

        import dev.muster.*;
        import dev.muster.system.apps.Ledger;
        import dev.muster.task.*;
        import java.time.Duration;

        public final class Shop {
            public Shop() {
                %CONSTRUCTION
            }

            public static void main(String[] args) throws InterruptedException {
                while (System.getProperty("muster.check.socket") != null && Ledger.told("hold-check")) {
                    Thread.sleep(10);
                }
                Muster.run(Shop.class, args);
            }

            %MEMBERS
        }
        """;

    private final int version;
    private final List<String> members = new ArrayList<>();
    private String construction = "";

    private ShopCode(int version) {
        this.version = version;
    }

    static ShopCode version(int number) {
        return new ShopCode(number);
    }

    /// With these methods and nested classes; `%V` in them is the version.
    ShopCode with(String... sources) {
        members.addAll(List.of(sources));
        return this;
    }

    /// With statements in the constructor.
    ShopCode constructed(String statements) {
        construction = statements;
        return this;
    }

    /// Compiles it and puts the jar into its place in one step, as an orderly deployment does.
    void into(Path jar) {
        String source = FRAME.replace("%CONSTRUCTION", construction)
                .replace("%MEMBERS", String.join("\n", members))
                .replace("%V", Integer.toString(version));
        try {
            Path work = Files.createTempDirectory(jar.toAbsolutePath().getParent(), "shop");
            Path file = Files.writeString(work.resolve("Shop.java"), source);
            compile(file, work);
            Path fresh = work.resolve("fresh.jar");
            try (OutputStream out = Files.newOutputStream(fresh);
                    ZipOutputStream zip = new ZipOutputStream(out);
                    var classes = Files.newDirectoryStream(work.resolve("shop"))) {
                for (Path type : classes) {
                    zip.putNextEntry(new ZipEntry("shop/" + type.getFileName()));
                    long _ = Files.copy(type, zip);
                    zip.closeEntry();
                }
            }
            Path _ = Files.move(fresh, jar, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void compile(Path file, Path into) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        String path = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        StringWriter said = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, UTF_8)) {
            List<String> options = List.of("-cp", path, "-d", into.toString(), "-parameters", "-proc:none");
            boolean compiled = compiler.getTask(said, files, null, options, null, files.getJavaFileObjects(file))
                    .call();
            assertThat(compiled).as(said.toString()).isTrue();
        }
    }
}

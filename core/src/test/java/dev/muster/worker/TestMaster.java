package dev.muster.worker;

import static org.awaitility.Awaitility.await;

import dev.muster.Health;
import dev.muster.OnError;
import dev.muster.PipeType;
import dev.muster.RestartPolicy;
import dev.muster.Role;
import dev.muster.Scope;
import dev.muster.board.Board;
import dev.muster.board.BoardSlot;
import dev.muster.control.ControlServer;
import dev.muster.control.ControlServer.Connection;
import dev.muster.control.Message;
import dev.muster.control.Message.DeadWorker;
import dev.muster.os.Identity;
import dev.muster.scan.Declaration;
import dev.muster.scan.TaskDeclaration;
import java.io.File;
import java.io.IOException;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/// The master's side of one child in a real JVM: welcomes it, keeps what it says, sends it orders.
final class TestMaster implements ControlServer.Listener, AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final Path directory;
    private final Declaration declaration;
    private final List<DeadWorker> dead;
    private final List<String> messages;
    private final ControlServer server;
    private final Board board;
    private final List<Message> said = new CopyOnWriteArrayList<>();
    private final List<String> violations = new CopyOnWriteArrayList<>();
    private volatile Connection connection;
    private Process process;

    /// @param messages what lies in the queue of the child's store; if there is none the store does not open
    TestMaster(Path directory, Declaration declaration, List<DeadWorker> dead, List<String> messages)
            throws IOException {
        this.directory = directory;
        this.declaration = declaration;
        this.dead = dead;
        this.messages = messages;
        this.board = Board.create(directory.resolve("board"), 2, Identity.self());
        this.board.slot(1).reset(3);
        this.server = ControlServer.open(directory.resolve("s"), this);
    }

    static Declaration.User user(Class<?> type, OnError onError) {
        return new Declaration.User(
                type.getSimpleName(),
                type.getName(),
                "run",
                20,
                true,
                1,
                onError,
                RestartPolicy.ALWAYS,
                0,
                true,
                Scope.NODE,
                PipeType.NONE,
                false);
    }

    static Declaration.Workers pool(Class<?> type) {
        return new Declaration.Workers(Role.POOL, "rows", type.getName(), "xes_", 2, 1, 60_000, "q", "");
    }

    TestMaster spawn(String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx64m",
                "-XX:+ExitOnOutOfMemoryError",
                "--enable-native-access=ALL-UNNAMED",
                "-Dmuster.child.slot=1",
                "-Dmuster.child.life=3",
                "-Dmuster.child.socket=" + directory.resolve("s"),
                "-Dmuster.child.board=" + directory.resolve("board"),
                "-Dmuster.child.master=" + ProcessHandle.current().pid()));
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", applicationClassPath(), ChildFixture.class.getName()));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectOutput(directory.resolve("out").toFile())
                .redirectError(directory.resolve("err").toFile());
        builder.environment().put("MUSTER_TOKEN", "token-1");
        if (!messages.isEmpty()) {
            builder.environment().put("FIXTURE_MESSAGES", String.join("\n", messages));
        }
        process = builder.start();
        return this;
    }

    /// The class path of this JVM with the fixture in the place of the tests, so that the logging configuration of
    /// the tests is not taken for one of the application.
    private String applicationClassPath() throws IOException {
        Path tests;
        try {
            tests = Path.of(ChildFixture.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IOException(e);
        }
        Path application = directory.resolve("app");
        Path packaged = Files.createDirectories(application.resolve("dev/muster/worker"));
        try (DirectoryStream<Path> classes =
                Files.newDirectoryStream(tests.resolve("dev/muster/worker"), "{ChildFixture,Memory}*.class")) {
            for (Path file : classes) {
                Files.copy(file, packaged.resolve(file.getFileName()));
            }
        }
        Path services = Files.createDirectories(application.resolve("META-INF/services"));
        Files.writeString(
                services.resolve("dev.muster.task.BrokerProvider"), "dev.muster.worker.ChildFixture$Provider\n");
        StringBuilder path = new StringBuilder(application.toString());
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            if (!entry.isEmpty() && !Path.of(entry).toAbsolutePath().normalize().equals(tests)) {
                path.append(File.pathSeparatorChar).append(entry);
            }
        }
        return path.toString();
    }

    @Override
    public void received(Connection from, Message message) {
        said.add(message);
        if (message instanceof Message.Hello) {
            connection = from;
            from.send(new Message.Welcome(
                    1,
                    1,
                    3,
                    false,
                    declaration.role(),
                    declaration.instances() > 1 ? declaration.name() + "#2" : declaration.name(),
                    declaration.toMap(),
                    Map.of("app.name", "Fixture"),
                    tasks(),
                    List.of(),
                    dead));
        }
        if (message instanceof Message.Ready) {
            from.send(new Message.Activate(
                    1, declaration.instances() > 1 ? declaration.name() + "#2" : declaration.name()));
        }
        if (message instanceof Message.StatsRequest request) {
            from.send(new Message.StatsReply(
                    request.request(),
                    1_000,
                    new Health(Health.Status.OK, "", true, true, 1),
                    List.of(new Message.SlotLine(1, Role.USER, "Curious", from.pid(), "RUNNING", 1, 2, 3, 4, 5))));
        }
    }

    private static List<Map<String, String>> tasks() {
        String type = ChildFixture.Work.class.getName();
        List<Map<String, String>> tasks = new ArrayList<>();
        for (Method method : ChildFixture.Work.class.getDeclaredMethods()) {
            String descriptor = MethodType.methodType(method.getReturnType(), method.getParameterTypes())
                    .toMethodDescriptorString();
            tasks.add(new TaskDeclaration(
                            type + "." + method.getName(), type, method.getName(), descriptor, true, "q", 0, 1, "RETRY")
                    .toMap());
        }
        return tasks;
    }

    @Override
    public void violated(Connection from, String why) {
        violations.add(why);
    }

    @Override
    public void closed(Connection from) {}

    void order(Message message) {
        connection.send(message);
    }

    void hangUp() {
        connection.close();
    }

    /// Waits until the child has said something of this type, and returns the first of it.
    <M extends Message> M hears(Class<M> type) {
        await("a " + type.getSimpleName() + "; heard " + said + ", child alive " + process.isAlive())
                .atMost(LIMIT)
                .until(() -> said.stream().anyMatch(type::isInstance));
        return said.stream()
                .filter(type::isInstance)
                .map(type::cast)
                .findFirst()
                .orElseThrow();
    }

    boolean heard(Class<? extends Message> type) {
        return said.stream().anyMatch(type::isInstance);
    }

    boolean said(Message message) {
        return said.contains(message);
    }

    /// The place of the first message of this type among all that were said.
    int position(Class<? extends Message> type) {
        return said.indexOf(hears(type));
    }

    BoardSlot slot() {
        return board.slot(1);
    }

    Process process() {
        return process;
    }

    /// The exit code, once the child has ended; 128 and the number of the signal if one killed it.
    int exitCode() throws InterruptedException {
        if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("the child did not end; it said " + said);
        }
        return process.exitValue();
    }

    String out() {
        return read("out");
    }

    String err() {
        return read("err");
    }

    /// Waits until the child has printed this.
    void printed(String text) {
        await("'" + text + "' on the child's output").atMost(LIMIT).until(() -> out().contains(text));
    }

    List<String> violations() {
        return violations;
    }

    private String read(String file) {
        try {
            return Files.readString(directory.resolve(file), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /// What a failed test shows.
    @Override
    public String toString() {
        return "said " + said + "\nprinted " + out() + "\n" + err();
    }

    /// Ends the child if it still lives, and waits until it is gone.
    @Override
    public void close() throws IOException {
        if (process != null) {
            ProcessHandle gone = process.destroyForcibly().onExit().join().toHandle();
            await("the end of the child " + gone.pid()).atMost(LIMIT).until(() -> !gone.isAlive());
        }
        server.close();
        board.delete();
    }
}

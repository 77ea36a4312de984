package dev.muster.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.muster.PipeType;
import dev.muster.config.Settings;
import dev.muster.config.SettingsLoader;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// How the listeners of the server, and the pipes of user processes, are found.
@Timeout(60)
class ListenerScanTest {
    private static final String TASK = "public byte[] onTask(Server server, ServerTask task) { return null; }";

    @TempDir
    private Path directory;

    @Test
    void listenersAreFoundInTheOrderOfTheirNames() throws Exception {
        assertThat(scan(
                                "@ServerEvents class Second implements ServerListener {}",
                                "abstract class Base implements ServerListener { " + TASK + " }",
                                "@ServerEvents class First extends Base {}",
                                "class Nobody implements ServerListener { " + TASK + " }")
                        .listeners())
                .containsExactly("app.First", "app.Second");
    }

    @Test
    void aListenerMustBeOneAndHaveObjects() {
        assertThatExceptionOfType(DeclarationException.class)
                .isThrownBy(() -> scan(
                        "@ServerEvents class Deaf {}",
                        "@ServerEvents abstract class Half implements ServerListener {}"))
                .withMessageContaining(
                        "app.Deaf: @ServerEvents needs a class that implements ServerListener; implement it")
                .withMessageContaining("app.Half: @ServerEvents cannot work here: the class is abstract");
    }

    @Test
    void whoAnswersRequestsAndHasNoPortIsWarned() throws Exception {
        ProcessMap map = scan(
                "@ServerEvents class Pages implements ServerListener {"
                        + " public void onRequest(Server server, WebRequest request, WebResponse response) {} }",
                "@ServerEvents class Tasks implements ServerListener { " + TASK + " }");
        assertThat(map.warnings())
                .containsExactly("app.Pages answers requests or WebSockets, and nothing listens for them: web workers"
                        + " are started where server.port is set");
        assertThat(DeclaredValues.apply(map, settings()).warnings()).isEqualTo(map.warnings());
        assertThat(DeclaredValues.apply(map, settings("server.port=8080")).warnings())
                .isEmpty();
    }

    private static Settings settings(String... sets) {
        return SettingsLoader.load("Main", null, Map.of(), List.of(sets));
    }

    @Test
    void aTaskHasOneListener() {
        assertThatExceptionOfType(DeclarationException.class)
                .isThrownBy(() -> scan(
                        "@ServerEvents class One implements ServerListener { " + TASK + " }",
                        "@ServerEvents class Two implements ServerListener { " + TASK + " }"))
                .withMessageContaining("has onTask, and app.")
                .withMessageContaining("a task has one result; keep one of them");
    }

    @Test
    void aProcessHasThePipeThatItDeclares() throws Exception {
        List<Declaration> processes = scan(
                        "@UserProcess(interval = 0, pipe = PipeType.DATAGRAM) class A { public void run() {} }",
                        "@UserProcess(pipe = PipeType.DATAGRAM, redirectStdio = true) class B { public void run() {} }",
                        "@UserProcess class C { public void run() {} }")
                .processes();
        assertThat(processes)
                .extracting(each -> ((Declaration.User) each).pipe())
                .containsExactly(PipeType.DATAGRAM, PipeType.STREAM, PipeType.NONE);
        assertThat(processes)
                .extracting(each -> ((Declaration.User) each).redirectStdio())
                .containsExactly(false, true, false);
    }

    @Test
    void whoWaitsForAPipeNeedsNoPause() throws Exception {
        assertThat(scan("@UserProcess(interval = 0, pipe = PipeType.STREAM) class A { public void run() {} }")
                        .warnings())
                .isEmpty();
    }

    private ProcessMap scan(String... sources) throws Exception {
        return Scanner.scan("app.Main", List.of(Sources.compile(directory, sources)));
    }
}

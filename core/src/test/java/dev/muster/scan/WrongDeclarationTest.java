package dev.muster.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
class WrongDeclarationTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @MethodSource({"classes", "methods", "values", "pools", "tasks", "retries"})
    void isRefusedWithPlaceAndFix(String source, String error) throws Exception {
        assertThat(errors(source)).singleElement().asString().startsWith("app.").contains(error);
    }

    static List<Arguments> classes() {
        return List.of(
                wrong(
                        "@UserProcess class A { void run() {} }",
                        "app.A: @UserProcess needs something to run: implement"),
                wrong(
                        "@UserProcess class A { public static void run() {} }",
                        "app.A: @UserProcess needs something to run"),
                wrong("@UserProcess class A extends Thread {}", "app.A: @UserProcess needs something to run"),
                wrong(
                        "@UserProcess class A { public void run() {} public void handle() {} }",
                        "app.A: @UserProcess is ambiguous: there are both app.A.run and app.A.handle; rename one"),
                wrong(
                        "@UserProcess class A { public void run() {} public void run(Server s) {} }",
                        "app.A.run: @UserProcess is ambiguous: there are 2 public methods run; keep one"),
                wrong(
                        "@UserProcess class A { public void run(String a, long[] b) {} }",
                        "app.A.run: @UserProcess cannot pass the parameters (String, long[]); it may take Server"),
                wrong(
                        "@UserProcess class A { public void run(Server a, Server b) {} }",
                        "app.A.run: @UserProcess cannot pass the parameters (Server, Server); it may take"),
                wrong(
                        "@UserProcess class A { public void run(Server a, ProcessContext b, Server c) {} }",
                        "cannot pass the parameters (Server, ProcessContext, Server)"),
                wrong(
                        "@UserProcess abstract class A { public void run() {} }",
                        "app.A: @UserProcess cannot work here: the class is abstract; put"),
                wrong("@UserProcess interface A { void run(); }", "an interface has no objects; put"),
                wrong("@UserProcess enum A { B; public void run() {} }", "an enum has no new objects; put"),
                wrong(
                        "class A { @UserProcess class Inner { public void run() {} } }",
                        "app.A$Inner: @UserProcess cannot work here: the class is an inner class without static; make"
                                + " it static"),
                wrong(
                        "class A { void f() { @UserProcess class Local { public void run() {} } } }",
                        "app.A$1Local: @UserProcess cannot work here: the class is declared inside a method; make it"));
    }

    static List<Arguments> methods() {
        return List.of(
                wrong(
                        "class A { @UserProcess void go() {} }",
                        "app.A.go: @UserProcess stands on a method that is not public; make"),
                wrong(
                        "class A { @UserProcess public static void go() {} }",
                        "app.A.go: @UserProcess stands on a static method; make"),
                wrong(
                        "abstract class A { @UserProcess public abstract void go(); }",
                        "stands on an abstract method; annotate"),
                wrong(
                        "abstract class A { @UserProcess public void go() {} }",
                        "app.A.go: @UserProcess cannot work here: the class is abstract; put"),
                wrong("interface A { @UserProcess default void go() {} }", "an interface has no objects; put"),
                wrong(
                        "class A { @UserProcess public void go(int n) {} }",
                        "app.A.go: @UserProcess cannot pass the parameters (int); it may"),
                wrong(
                        "class A { @UserProcess public void go() {} public void go(Server s) {} }",
                        "app.A.go: @UserProcess is ambiguous: there are 2 public methods of this name that could be"
                                + " run; rename"));
    }

    static List<Arguments> values() {
        return List.of(
                process("interval = 5, every = \"5s\"", "sets both interval = 5 and every = \"5s\"; keep one"),
                process("every = \"5 sec\"", "every = \"5 sec\" must be a duration such as 200ms"),
                process("every = \"-5s\"", "every = \"-5s\" must be a duration such as 200ms"),
                process(
                        "every = \"9999h\"",
                        "every = \"9999h\" must be a duration such as 200ms, 5s, 1m or 2h, or plain milliseconds, at"
                                + " most 8760h"),
                process("interval = Long.MAX_VALUE", "interval = 9223372036854775807 must be from 0 to 31536000000"),
                process("instances = 0", "instances = 0 must be from 1 to 1000"),
                process("instances = 1001", "instances = 1001 must be from 1 to 1000"),
                process("runTimeout = -1", "runTimeout = -1 must be from 0 to"),
                process("name = \"a b\"", "name = \"a b\" must be 1 to 64 letters"),
                process("name = \"..\"", "name = \"..\" must be 1 to 64 letters"),
                process(
                        "name = \"" + "x".repeat(65) + "\"",
                        "name = \"" + "x".repeat(65) + "\" must be 1 to 64 letters"),
                process("name = \"17\"", "name = \"17\" must be more than digits"),
                process("name = \"pool\"", "name = \"pool\" must be something else"),
                process("name = \"master\"", "name = \"master\" must be something else"),
                wrong(
                        "@UserProcess class Zähler { public void run() {} }",
                        "app.Zähler: @UserProcess name = \"Zähler\" must be 1 to 64"));
    }

    static List<Arguments> pools() {
        return List.of(
                wrong("@Pool class A {}", "app.A: @Pool needs a class that extends WorkerPool; extend it"),
                wrong(
                        "@Pool abstract class A extends WorkerPool {}",
                        "app.A: @Pool cannot work here: the class is abstract; put"),
                pool("instances = 0", "instances = 0 must be from 1 to 1000"),
                pool("concurrency = 16", "concurrency = 16 must be from 1 to 15"),
                pool("heartbeat = 99", "heartbeat = 99 must be from 100 to"),
                pool("prefix = \"a b\"", "prefix = \"a b\" must be at most 32 letters"),
                pool("log = \"../a.log\"", "log = \"../a.log\" must be the name of a file without a directory"),
                pool("queue = \"a\\n\"", "must be at most 128 characters without control characters"),
                pool("name = \"user\"", "name = \"user\" must be something else"));
    }

    static List<Arguments> tasks() {
        return List.of(
                wrong("class A { @Task private void go() {} }", "app.A.go: @Task stands on a private method; make it"),
                wrong(
                        "abstract class A { @Task abstract void go(); }",
                        "app.A.go: @Task stands on an abstract method; annotate"),
                wrong(
                        "abstract class A { @Task void go() {} }",
                        "app.A.go: @Task cannot work here: the class is abstract; put"),
                wrong(
                        "class A { class B { @Task void go() {} } }",
                        "app.A$B.go: @Task cannot work here: the class is an inner class"),
                task("attempts = 0", "attempts = 0 must be from 1 to 1000"),
                task("attempts = 1001", "attempts = 1001 must be from 1 to 1000"),
                task("timeout = -1", "timeout = -1 must be from 0 to"),
                task("softTimeout = -1", "softTimeout = -1 must be from 0 to"),
                task(
                        "timeout = 500, softTimeout = 500",
                        "softTimeout = 500 must be below timeout = 500: a task that is killed"),
                wrong(
                        "class A { @Task void go(TaskContext a, TaskContext b) {} }",
                        "app.A.go: @Task takes the TaskContext more than once"),
                task("name = \"a b\"", "name = \"a b\" must be 1 to 128 letters"),
                wrong(
                        "class A { @Task void go() {} @Task void go(int n) {} }",
                        "app.A.go(int): @Task has the name 'app.A.go', which app.A.go() has too; give one of them"
                                + " another name"));
    }

    static List<Arguments> retries() {
        return List.of(
                wrong(
                        "class A { @Retry void go() {} }",
                        "app.A.go: @Retry stands on a method without @Task; add @Task"),
                retry(
                        "delays = \"1s\", cap = \"1m\"",
                        "has delays, which are fixed, and cap, which belongs to delays that grow; leave"),
                retry("delays = {}", "has 0 delays, legal are 1 to 100; the last one repeats"),
                retry("delays = {\"1s\", \"soon\"}", "delays = \"soon\" must be a duration such as 200ms"),
                retry("base = \"-1\"", "base = \"-1\" must be a duration such as"),
                retry("base = \"1m\", cap = \"1s\"", "base = 1m must not be longer than cap = 1s"),
                retry("factor = 0.5", "factor = 0.5 must be from 1 to 100"),
                retry("factor = Double.NaN", "factor = NaN must be from 1 to 100"),
                retry(
                        "within = \"0s\"",
                        "within = \"0s\" must be a duration such as 200ms, 5s, 1m or 2h, or plain"
                                + " milliseconds, from 1ms to"),
                retry(
                        "within = \"5s\", delays = \"10s\"",
                        "within = 5s is over before the first of the delays, 10s; give it more time"),
                retry(
                        "dead = {Error.class, IllegalStateException.class}, discard = IllegalStateException.class",
                        "names java.lang.IllegalStateException in discard and in dead; leave it in one of them"),
                retry(
                        "dead = RetryException.class",
                        "dead names dev.muster.task.RetryException, to which no rule applies: it always asks"),
                retry(
                        "discard = OutOfMemoryError.class",
                        "discard names java.lang.OutOfMemoryError, to which no rule applies: the process always"));
    }

    @Test
    void namesAreSharedByProcessesAndPools() throws Exception {
        assertThat(errors(
                        "@UserProcess(name = \"mail\") class A { public void run() {} }",
                        "@Pool(name = \"mail\") class B extends WorkerPool {}",
                        "class C { @UserProcess(name = \"mail\") public void go() {} }"))
                .containsExactly(
                        "app.B: the name 'mail' is also that of app.A; give one of them another name",
                        "app.C.go: the name 'mail' is also that of app.A; give one of them another name");
    }

    @Test
    void allErrorsComeInOneSortedList() throws Exception {
        DeclarationException failure = catchThrowableOfType(
                DeclarationException.class,
                () -> Scanner.scan(
                        "app.Main",
                        List.of(Sources.compile(
                                directory,
                                "@UserProcess(instances = 0, runTimeout = -1) class B { public void run() {} }",
                                "@Pool class A {}",
                                "class C { @Task(attempts = 0, timeout = -1) void go() {} @UserProcess void"
                                        + " x() {} }"))));
        assertThat(failure.errors()).hasSize(6).isSorted();
        assertThat(failure)
                .hasMessageStartingWith("6 declaration errors; nothing was started:\n  app.A: @Pool needs")
                .hasMessageContaining("\n  app.C.x: @UserProcess");
    }

    @Test
    void anAncestorFromElsewhereIsMentioned() throws Exception {
        assertThat(errors("@UserProcess class A extends java.util.concurrent.FutureTask<String> { A() {"
                        + " super(null); } }"))
                .singleElement()
                .asString()
                .doesNotContain("app.scan");
        assertThat(errors("@UserProcess class A extends"
                        + " org.junit.jupiter.api.extension.ParameterResolutionException { A() {"
                        + " super(\"\"); } }"))
                .singleElement()
                .asString()
                .contains("ParameterResolutionException has it: name its jar in app.scan");
    }

    private List<String> errors(String... sources) throws Exception {
        Path compiled = Sources.compile(directory, sources);
        return catchThrowableOfType(DeclarationException.class, () -> Scanner.scan("app.Main", List.of(compiled)))
                .errors();
    }

    private static Arguments wrong(String source, String error) {
        return Arguments.of(source, error);
    }

    private static Arguments process(String values, String error) {
        return wrong("@UserProcess(" + values + ") class A { public void run() {} }", "app.A: @UserProcess " + error);
    }

    private static Arguments pool(String values, String error) {
        return wrong("@Pool(" + values + ") class A extends WorkerPool {}", error);
    }

    private static Arguments retry(String values, String error) {
        return wrong(
                "class A { @Task(attempts = 3) @Retry(" + values + ") void go() {} }", "app.A.go: @Retry " + error);
    }

    private static Arguments task(String values, String error) {
        return wrong("class A { @Task(" + values + ") void go() {} }", "app.A.go: @Task " + error);
    }
}

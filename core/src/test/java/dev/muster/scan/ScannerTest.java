package dev.muster.scan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.OnError;
import dev.muster.PipeType;
import dev.muster.Pool;
import dev.muster.RestartPolicy;
import dev.muster.Role;
import dev.muster.Scope;
import dev.muster.UserProcess;
import dev.muster.scan.Declaration.User;
import dev.muster.scan.Declaration.Workers;
import dev.muster.scan.RetryRule.Then;
import dev.muster.task.Task;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ScannerTest {
    @TempDir
    Path directory;

    @Test
    void aClassWithRun() throws Exception {
        assertThat(scan("@UserProcess class Ticker { public void run() {} }").processes())
                .containsExactly(user("Ticker", "app.Ticker", "run"));
    }

    @Test
    void aClassWithHandleAndBothParametersInAnyOrder() throws Exception {
        ProcessMap map = scan(
                "@UserProcess class A { public int handle(ProcessContext p, Server s) { return 1; } }",
                "@UserProcess class B { public void run(Server s) {} void run(String other) {} }");
        assertThat(map.processes()).containsExactly(user("A", "app.A", "handle"), user("B", "app.B", "run"));
    }

    @Test
    void aProcessHandlerOfItsOwnOrThroughAncestors() throws Exception {
        ProcessMap map = scan(
                "@UserProcess class A implements ProcessHandler { public void handle(Server s, ProcessContext p) {}"
                        + " public void run() {} }",
                "abstract class Base implements ProcessHandler {}",
                "@UserProcess class B extends Base { public void handle(Server s, ProcessContext p) {} }",
                "interface Named extends ProcessHandler {}",
                "@UserProcess class C implements Named { public void handle(Server s, ProcessContext p) {} }");
        assertThat(map.processes())
                .containsExactly(
                        user("A", "app.A", "handle"), user("B", "app.B", "handle"), user("C", "app.C", "handle"));
    }

    @Test
    void anInheritedRun() throws Exception {
        ProcessMap map = scan(
                "class Base { public void run() {} public static void handle() {} }",
                "@UserProcess class A extends Base {}",
                "@UserProcess class B extends Base { @Override public void run() {} }",
                "interface Runs { default void run(Server server) {} }",
                "@UserProcess class C implements Runs {}");
        assertThat(map.processes())
                .containsExactly(user("A", "app.A", "run"), user("B", "app.B", "run"), user("C", "app.C", "run"));
    }

    @Test
    void aBridgeOfTheCompilerIsNoOverload() throws Exception {
        ProcessMap map = scan(
                "abstract class Base<T> { public abstract void handle(T with); }",
                "class Middle<T> extends Base<T> { public void handle(T with) {} }",
                "@UserProcess class A extends Middle<Server> { @Override public void handle(Server server) {} }",
                "@UserProcess class B implements java.util.concurrent.Callable<String>, Runnable { public String"
                        + " call() { return null; } public void run() {} }");
        assertThat(map.processes()).containsExactly(user("A", "app.A", "handle"), user("B", "app.B", "run"));
    }

    @Test
    void methodsAreProcessesOfTheirOwn() throws Exception {
        ProcessMap map = scan("""
            @UserProcess class Jobs {
                public void run() {}
                @UserProcess(every = "5m", name = "nightly") public void clean(ProcessContext p) {}
                @UserProcess public void sync(Server s, ProcessContext p) {}
                public void sync(String helper) {}
                static class Inner { @UserProcess(interval = -3) public Object go() { return this; } }
            }
            """);
        assertThat(map.processes())
                .containsExactly(
                        new User(
                                "Inner.go",
                                "app.Jobs$Inner",
                                "go",
                                0,
                                true,
                                1,
                                OnError.CONTINUE,
                                RestartPolicy.ALWAYS,
                                0,
                                true,
                                Scope.NODE,
                                PipeType.NONE,
                                false),
                        user("Jobs", "app.Jobs", "run"),
                        user("Jobs.sync", "app.Jobs", "sync"),
                        new User(
                                "nightly",
                                "app.Jobs",
                                "clean",
                                300_000,
                                true,
                                1,
                                OnError.CONTINUE,
                                RestartPolicy.ALWAYS,
                                0,
                                true,
                                Scope.NODE,
                                PipeType.NONE,
                                false));
    }

    @Test
    void everyValueOfAUserProcess() throws Exception {
        assertThat(scan("""
            @UserProcess(name = "t", interval = 1000, virtualThreads = false, instances = 3, onError = OnError.STOP,
                    restart = RestartPolicy.ON_FAILURE, runTimeout = 9)
            class Ticker { public void run() {} }
            """).processes())
                .containsExactly(new User(
                        "t",
                        "app.Ticker",
                        "run",
                        1000,
                        false,
                        3,
                        OnError.STOP,
                        RestartPolicy.ON_FAILURE,
                        9,
                        true,
                        Scope.NODE,
                        PipeType.NONE,
                        false));
    }

    @Test
    void pools() throws Exception {
        ProcessMap map =
                scan("""
                    @Pool(name = "asynctask", prefix = "xes_", instances = 20, heartbeat = 5_000, queue = "q", log = "a.log")
                    class AsyncTask extends Base {}
                    """, "abstract class Base extends WorkerPool {}", "@Pool class Plain extends WorkerPool {}");
        assertThat(map.processes())
                .containsExactly(
                        new Workers(Role.POOL, "Plain", "app.Plain", "", 1, 1, 10_000, "", ""),
                        new Workers(Role.POOL, "asynctask", "app.AsyncTask", "xes_", 20, 1, 5_000, "q", "a.log"));
    }

    @Test
    void tasks() throws Exception {
        ProcessMap map = scan("""
            class Reports {
                @Task(name = "report.daily", queue = "q", timeout = 5, attempts = 3, onCrash = OnCrash.DEAD)
                public void daily(long id) {}
                @Task static void weekly(String a, int[] b) {}
                interface Statics { @Task static void go() {} }
            }
            """);
        assertThat(map.tasks())
                .containsExactly(
                        new TaskDeclaration(
                                "app.Reports$Statics.go", "app.Reports$Statics", "go", "()V", true, "", 0, 1, ""),
                        new TaskDeclaration(
                                "app.Reports.weekly",
                                "app.Reports",
                                "weekly",
                                "(Ljava/lang/String;[I)V",
                                true,
                                "",
                                0,
                                1,
                                ""),
                        new TaskDeclaration("report.daily", "app.Reports", "daily", "(J)V", false, "q", 5, 3, "DEAD"));
    }

    @Test
    void whatFollowsAFailedAttempt() throws Exception {
        ProcessMap map = scan("""
            class Reports {
                @Task(name = "a", attempts = 9, timeout = 9, softTimeout = 8)
                @Retry(base = "1s", factor = 3, cap = "2m", within = "1h", retry = java.io.FileNotFoundException.class,
                        dead = {java.io.IOException.class, Reports.Gone.class}, discard = Exception.class)
                public void a(TaskContext context, long id) {}
                @Task(name = "b") @Retry(delays = {"0s", "1s", "10000"}) static void b(int n, TaskContext context) {}
                @Task(name = "c") @Retry(within = "10m") static void c() {}
                @Task(name = "d") @Retry(base = "1s") static void d() {}
                @Task(name = "e") @Retry(discard = Gone.class) static void e() {}
                static class Gone extends RuntimeException {}
            }
            """);
        assertThat(map.tasks()).extracting(TaskDeclaration::attempts).containsExactly(9, 4, 0, 1, 1);
        TaskDeclaration a = map.tasks().getFirst();
        assertThat(a.softTimeoutMillis()).isEqualTo(8);
        assertThat(a.retry())
                .isEqualTo(new RetryRule(
                        1_000,
                        3,
                        120_000,
                        List.of(),
                        3_600_000,
                        Map.of(
                                "java.io.FileNotFoundException", Then.RETRY,
                                "java.io.IOException", Then.DEAD,
                                "app.Reports$Gone", Then.DEAD,
                                "java.lang.Exception", Then.DISCARD)));
        assertThat(map.tasks().get(1).retry().delays()).containsExactly(0L, 1_000L, 10_000L);
        assertThat(map.warnings())
                .containsExactly("the task app.Reports.d has @Retry and one attempt: it is tried again only where its"
                        + " message says how often; set attempts of @Task to its executions in total");
    }

    @Test
    void noDeclarationsAreLegal() throws Exception {
        ProcessMap map = scan("class Nothing { UserProcess of; Pool pool; Task task; }");
        assertThat(map).isEqualTo(new ProcessMap("app.Main", List.of(), List.of(), List.of(), List.of(), List.of()));
    }

    @Test
    void defaultsAreThoseOfTheAnnotations() throws Exception {
        ProcessMap map = scan(
                "@UserProcess class A { public void run() {} }",
                "@Pool class B extends WorkerPool {}",
                "class C { @Task static void go() {} }");
        User a = (User) map.processes().get(0);
        assertThat(a.intervalMillis()).isEqualTo(value(UserProcess.class, "interval"));
        assertThat(a.virtualThreads()).isEqualTo(value(UserProcess.class, "virtualThreads"));
        assertThat(a.instances()).isEqualTo(value(UserProcess.class, "instances"));
        assertThat(a.onError()).isEqualTo(value(UserProcess.class, "onError"));
        assertThat(a.restart()).isEqualTo(value(UserProcess.class, "restart"));
        assertThat(a.runTimeoutMillis()).isEqualTo(value(UserProcess.class, "runTimeout"));
        Workers b = (Workers) map.processes().get(1);
        assertThat(b.prefix()).isEqualTo(value(Pool.class, "prefix"));
        assertThat(b.instances()).isEqualTo(value(Pool.class, "instances"));
        assertThat(b.concurrency()).isEqualTo(value(Pool.class, "concurrency"));
        assertThat(b.heartbeatMillis()).isEqualTo(value(Pool.class, "heartbeat"));
        assertThat(b.queue()).isEqualTo(value(Pool.class, "queue"));
        assertThat(b.log()).isEqualTo(value(Pool.class, "log"));
        TaskDeclaration c = map.tasks().getFirst();
        assertThat(c.queue()).isEqualTo(value(Task.class, "queue"));
        assertThat(c.timeoutMillis()).isEqualTo(value(Task.class, "timeout"));
        assertThat(c.softTimeoutMillis()).isEqualTo(value(Task.class, "softTimeout"));
        assertThat(c.attempts()).isEqualTo(value(Task.class, "attempts"));
    }

    @Test
    void intervalsThatOnlyBurnCpuAreWarnedAbout() throws Exception {
        ProcessMap map = scan(
                "@UserProcess(interval = 0) class Busy { public void run() {} }",
                "@UserProcess(every = \"9ms\") class Hasty { public void run() {} }",
                "@UserProcess(interval = 10) class Calm { public void run() {} }");
        assertThat(map.warnings())
                .containsExactly(
                        "process 'Busy' pauses 0ms between its runs, which only burns CPU unless each run waits for"
                                + " something; give it an interval of 100ms or more",
                        "process 'Hasty' pauses 9ms between its runs, which only burns CPU unless each run waits for"
                                + " something; give it an interval of 100ms or more");
    }

    @Test
    void aMissingConstructorIsAWarningUnlessAFactoryIsRegistered() throws Exception {
        String needy = "@UserProcess class Needy { Needy(String what) {} public void run() {} }";
        assertThat(scan(needy).warnings())
                .containsExactly("app.Needy has no constructor without arguments: add one, or give the application an"
                        + " InstanceFactory that can make it");
        Files.createDirectories(directory.resolve("META-INF/services"));
        Files.writeString(
                directory.resolve("META-INF/services/dev.muster.InstanceFactory"),
                "app.Factory",
                StandardCharsets.UTF_8);
        assertThat(scan(needy).warnings()).isEmpty();
    }

    private ProcessMap scan(String... sources) throws Exception {
        return Scanner.scan("app.Main", List.of(Sources.compile(directory, sources)));
    }

    private static User user(String name, String type, String method) {
        return new User(
                name,
                type,
                method,
                200,
                true,
                1,
                OnError.CONTINUE,
                RestartPolicy.ALWAYS,
                0,
                true,
                Scope.NODE,
                PipeType.NONE,
                false);
    }

    private static Object value(Class<?> annotation, String name) throws NoSuchMethodException {
        return annotation.getMethod(name).getDefaultValue();
    }
}

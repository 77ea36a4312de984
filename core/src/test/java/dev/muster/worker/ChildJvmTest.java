package dev.muster.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.ExitReason;
import dev.muster.OnError;
import dev.muster.board.Incarnation;
import dev.muster.control.Message;
import dev.muster.control.Message.DeadWorker;
import dev.muster.control.Message.Verdict;
import dev.muster.os.Signals;
import dev.muster.scan.Declaration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/// A real child JVM; the test plays its master.
@Timeout(120)
@ResourceLock("threads of control servers")
class ChildJvmTest {
    @TempDir
    Path directory;

    private TestMaster master;

    @AfterEach
    void nothingIsLeft() throws Exception {
        List<String> violations = master.violations();
        master.close();
        assertThat(violations).isEmpty();
        assertThat(master.process().isAlive()).isFalse();
    }

    @Test
    void aUserProcessIsWelcomedBeatsRunsAndLeavesWhenItIsOrderedTo() throws Exception {
        start(TestMaster.user(ChildFixture.Ticker.class, OnError.CONTINUE));
        Message.Hello hello = master.hears(Message.Hello.class);
        assertThat(hello.token()).isEqualTo("token-1");
        assertThat(hello.pid()).isEqualTo(master.process().pid());
        assertThat(Incarnation.parse(hello.incarnation()).pid()).isEqualTo(hello.pid());
        master.hears(Message.Ready.class);
        assertThat(master.slot().incarnation()).isEqualTo(hello.incarnation());
        until(() -> master.slot().unitsDone() >= 3);
        long beats = master.slot().beats();
        until(() -> master.slot().beats() > beats);
        assertThat(Files.readString(Path.of("/proc", Long.toString(hello.pid()), "cmdline")))
                .startsWith("java_user_proc:Ticker\0");
        master.order(new Message.Stop());
        assertThat(master.exitCode()).isZero();
        assertThat(master.hears(Message.Bye.class)).isEqualTo(new Message.Bye(ExitReason.REQUESTED, "", false));
        assertThat(master.out())
                .contains("printed by Ticker in slot 1\n")
                .containsPattern("\u001e\u001f\\S+Z INFO \\S+Ticker - ticking ticks=1\u001e\n")
                .containsPattern("\u001eticks\u001f\\S+Z ERROR muster\\.exceptions\\.ticks - .*kept\n")
                .contains("\tat " + ChildFixture.Ticker.class.getName() + ".run(");
        assertThat(master.err()).isEmpty();
    }

    @Test
    void aTermFromOutsideIsAnOrderlyEndThatSaysSo() throws Exception {
        start(TestMaster.user(ChildFixture.Listens.class, OnError.CONTINUE));
        master.printed("listening");
        long pid = master.process().pid();
        // Neither of these may end it.
        for (int signal : new int[] {Signals.USR1, Signals.INT, Signals.HUP}) {
            assertThat(Signals.send(pid, signal)).isTrue();
        }
        assertThat(Signals.send(pid, Signals.CONT)).isTrue();
        master.printed("heard CONT");
        assertThat(Signals.send(pid, Signals.TERM)).isTrue();
        assertThat(master.exitCode()).isZero();
        assertThat(master.hears(Message.Bye.class)).isEqualTo(new Message.Bye(ExitReason.SIGNAL, "15", false));
        assertThat(master.out()).contains("told of TERM").contains("slept the whole time: false, stopping: true");
    }

    @Test
    void anAlarmKillsIt() throws Exception {
        start(TestMaster.user(ChildFixture.Ticker.class, OnError.CONTINUE));
        master.hears(Message.Ready.class);
        assertThat(Signals.send(master.process().pid(), Signals.number("ALRM"))).isTrue();
        assertThat(master.exitCode()).isEqualTo(128 + 14);
        assertThat(master.heard(Message.Bye.class)).isFalse();
    }

    @Test
    void theEndOfTheConnectionEndsItAtOnce() throws Exception {
        start(TestMaster.user(ChildFixture.Ticker.class, OnError.CONTINUE));
        master.hears(Message.Ready.class);
        master.hangUp();
        assertThat(master.exitCode()).isEqualTo(70);
    }

    @Test
    void aConstructorThatThrowsIsAFailedBoot() throws Exception {
        start(TestMaster.user(ChildFixture.NotMade.class, OnError.CONTINUE));
        assertThat(master.exitCode()).isEqualTo(65);
        assertThat(master.hears(Message.Bye.class))
                .isEqualTo(
                        new Message.Bye(ExitReason.BOOT_FAIL, "java.lang.IllegalStateException: no database", false));
        assertThat(master.heard(Message.Ready.class)).isFalse();
        assertThat(master.err())
                .contains("IllegalStateException: no database")
                .contains("\tat " + ChildFixture.NotMade.class.getName());
    }

    @Test
    void aProcessThatIsNotTheChildOfItsMasterEnds() throws Exception {
        start(TestMaster.user(ChildFixture.Ticker.class, OnError.CONTINUE), "-Dmuster.child.master=1");
        assertThat(master.exitCode()).isEqualTo(70);
        assertThat(master.heard(Message.Hello.class)).isFalse();
    }

    @Test
    void systemExitKeepsItsCodeAndTheCallerIsShown() throws Exception {
        start(TestMaster.user(ChildFixture.Exits.class, OnError.CONTINUE));
        assertThat(master.exitCode()).isEqualTo(44);
        assertThat(master.heard(Message.Bye.class)).isFalse();
        assertThat(master.out() + master.err())
                .contains("user code called System.exit on the thread 'Exits'")
                .contains("at " + ChildFixture.Exits.class.getName() + ".run(");
    }

    @Test
    void haltKeepsItsCode() throws Exception {
        start(TestMaster.user(ChildFixture.Halts.class, OnError.CONTINUE));
        assertThat(master.exitCode()).isEqualTo(9);
        assertThat(master.heard(Message.Bye.class)).isFalse();
    }

    @Test
    void exitOfTheContextIsSaidToTheMaster() throws Exception {
        start(TestMaster.user(ChildFixture.ContextExits.class, OnError.CONTINUE));
        assertThat(master.exitCode()).isEqualTo(200);
        assertThat(master.hears(Message.Bye.class))
                .isEqualTo(new Message.Bye(ExitReason.ERROR, "ProcessContext.exit(200)", false));
    }

    @Test
    void onErrorStopLeavesTheSlotEmpty() throws Exception {
        start(TestMaster.user(ChildFixture.Fails.class, OnError.STOP));
        assertThat(master.exitCode()).isEqualTo(1);
        assertThat(master.hears(Message.Bye.class))
                .isEqualTo(new Message.Bye(ExitReason.ERROR, "java.lang.IllegalStateException: no table", true));
        assertThat(master.out()).contains("ERROR " + ChildFixture.Fails.class.getName() + " - a run of Fails failed");
    }

    @Test
    void anExhaustedDirectMemoryEndsTheProcess() throws Exception {
        start(TestMaster.user(ChildFixture.EatsDirectMemory.class, OnError.CONTINUE), "-XX:MaxDirectMemorySize=8m");
        assertThat(master.exitCode()).isEqualTo(3);
        Message.Bye bye = master.hears(Message.Bye.class);
        assertThat(bye.reason()).isEqualTo(ExitReason.OOM);
        assertThat(bye.detail()).contains("OutOfMemoryError").contains("direct");
    }

    @Test
    void aDumpHasTheVirtualThreads() throws Exception {
        start(TestMaster.user(ChildFixture.Listens.class, OnError.CONTINUE));
        master.printed("listening");
        Path dump = directory.resolve("dump.json");
        master.order(new Message.Dump(17, dump.toString()));
        assertThat(master.hears(Message.Dumped.class)).isEqualTo(new Message.Dumped(17, true, ""));
        assertThat(Files.readString(dump)).contains(ChildFixture.Listens.class.getName() + ".run(");
    }

    @Test
    void aDumpThatCannotBeWrittenIsSaidWhy() throws Exception {
        start(TestMaster.user(ChildFixture.Ticker.class, OnError.CONTINUE));
        master.hears(Message.Ready.class);
        master.order(new Message.Dump(18, directory.resolve("absent/dump.json").toString()));
        Message.Dumped dumped = master.hears(Message.Dumped.class);
        assertThat(dumped.written()).isFalse();
        assertThat(dumped.detail()).contains("absent/dump.json");
    }

    @Test
    void userCodeReachesTheMaster() throws Exception {
        start(TestMaster.user(ChildFixture.Curious.class, OnError.CONTINUE));
        assertThat(master.hears(Message.StopSlot.class).slot()).isZero();
        master.hears(Message.Shutdown.class);
        master.printed("slots 1 master " + ProcessHandle.current().pid());
    }

    @Test
    void aPoolWorkerIsReadyThoughItsBrokerCannotBeOpened() throws Exception {
        DeadWorker dead = new DeadWorker("dead-1", "q", Verdict.CRASH, "", List.of("t-1"), true, "SIGNAL 9", "");
        master = new TestMaster(directory, TestMaster.pool(ChildFixture.Pool.class), List.of(dead), List.of()).spawn();
        master.hears(Message.Ready.class);
        until(() -> "row 17".equals(master.slot().text()));
        assertThat(master.slot().deadlineId()).isEmpty();
        assertThat(master.slot().earliestDeadline()).isGreaterThan(System.nanoTime());
        assertThat(Files.readString(
                        Path.of("/proc", Long.toString(master.process().pid()), "cmdline")))
                .startsWith("xes_rows:work_xes_" + master.process().pid() + "\0");
        master.order(new Message.RunExiting("dead-1", ExitReason.STUCK, "message 1", true));
        assertThat(master.hears(Message.ExitingRan.class).incarnation()).isEqualTo("dead-1");
        master.order(new Message.Stop());
        assertThat(master.exitCode()).isZero();
        assertThat(master.hears(Message.Bye.class)).isEqualTo(new Message.Bye(ExitReason.REQUESTED, "", false));
        assertThat(master.heard(Message.Reclaimed.class)).isFalse();
        assertThat(master.out())
                .contains("start in rows#2\n")
                .contains("exiting STUCK message 1\n")
                .contains("exiting REQUESTED row 17\n");
        assertThat((master.out() + master.err()).split("cannot open the task broker", -1))
                .hasSize(2);
    }

    @Test
    void aHookThatReturnsIsACleanEnd() throws Exception {
        start(TestMaster.pool(ChildFixture.ReturningPool.class));
        assertThat(master.exitCode()).isZero();
        assertThat(master.hears(Message.Bye.class))
                .isEqualTo(new Message.Bye(ExitReason.CLEAN, "hook returned", false));
        assertThat(master.out()).contains("exiting CLEAN row 18\n");
    }

    @Test
    void aHookThatThrowsIsAnError() throws Exception {
        start(TestMaster.pool(ChildFixture.FailingPool.class));
        assertThat(master.exitCode()).isEqualTo(1);
        assertThat(master.hears(Message.Bye.class))
                .isEqualTo(new Message.Bye(ExitReason.ERROR, "java.lang.IllegalStateException: no queue", false));
        assertThat(master.out()).contains("exiting ERROR null\n").contains("the hook of rows#2 failed");
    }

    @Test
    void theBuiltInLoopRunsTheTasksOfItsQueueAndReclaimsBeforeItIsReady() throws Exception {
        DeadWorker dead = new DeadWorker("dead-1", "q", Verdict.CRASH, "", List.of("t-9"), true, "SIGNAL 9", "");
        master = new TestMaster(
                        directory,
                        TestMaster.pool(ChildFixture.BuiltIn.class),
                        List.of(dead),
                        List.of(message("print", "\"one\""), message("print", "\"two\""), "no json"))
                .spawn();
        master.hears(Message.Ready.class);
        assertThat(master.hears(Message.Reclaimed.class)).isEqualTo(new Message.Reclaimed("dead-1", 1, 0));
        assertThat(master.position(Message.Reclaimed.class)).isLessThan(master.position(Message.Ready.class));
        master.printed("task one\n");
        master.printed("task two\n");
        master.printed("Done t-2\n");
        master.printed("Dead t-3\n");
        until(() -> master.slot().unitsDone() == 2 && master.slot().marks().isEmpty());
        master.order(new Message.Reclaim(
                new DeadWorker("dead-2", "q", Verdict.ORDERED, "", List.of(), true, "REQUESTED", "")));
        until(() -> master.said(new Message.Reclaimed("dead-2", 0, 0)));
        assertThat(master.process().toHandle().isAlive()).isTrue();
        assertThat(Signals.send(master.process().pid(), Signals.TERM)).isTrue();
        assertThat(master.exitCode()).isZero();
        assertThat(master.hears(Message.Bye.class).reason()).isEqualTo(ExitReason.SIGNAL);
        assertThat(master.out()).contains("exiting SIGNAL null\n");
    }

    @Test
    void aRunningTaskStandsOnTheBoardWithItsMessageAndTheHeartbeatAsItsLimit() throws Exception {
        String hang = message("hang", "");
        work(hang);
        master.printed("hanging");
        assertThat(master.slot().deadlineId()).isEqualTo("t-1");
        assertThat(master.slot().text()).isEqualTo(hang);
        assertThat(master.slot().earliestDeadline() - System.nanoTime()).isBetween(1L, 60_000_000_000L);
        assertThat(master.slot().marks().getFirst().label()).contains("hang");
    }

    @Test
    void aTaskThatCallsSystemExitIsShown() throws Exception {
        work(message("exit", "7"));
        assertThat(master.exitCode()).isEqualTo(7);
        assertThat(master.out())
                .contains("user code called System.exit")
                .contains("at " + ChildFixture.Work.class.getName() + ".exit(");
        assertThat(master.heard(Message.Bye.class)).isFalse();
        assertThat(master.slot().marks()).hasSize(1);
    }

    @Test
    void aTaskThatExhaustsTheMemoryEndsTheProcessAndStaysStarted() throws Exception {
        work(message("eat", ""), "-XX:MaxDirectMemorySize=8m");
        assertThat(master.exitCode()).isEqualTo(3);
        assertThat(master.hears(Message.Bye.class).reason()).isEqualTo(ExitReason.OOM);
        assertThat(master.slot().marks()).hasSize(1);
        assertThat(master.out()).doesNotContain("Dead t-1").doesNotContain("Done t-1");
    }

    @Test
    void aHandWrittenHookTakesAndEndsTasks() throws Exception {
        master = new TestMaster(
                        directory,
                        TestMaster.pool(ChildFixture.TakingPool.class),
                        List.of(),
                        List.of(message("print", "\"one\""), message("print", "\"bury\"")))
                .spawn();
        master.printed("took t-1\n");
        master.printed("Done t-1\n");
        master.printed("Dead t-2\n");
        // The stop ends the wait of 5 s in take.
        long start = System.nanoTime();
        master.order(new Message.Stop());
        assertThat(master.exitCode()).isZero();
        assertThat(System.nanoTime() - start).isLessThan(3_000_000_000L);
        assertThat(master.hears(Message.Bye.class).reason()).isEqualTo(ExitReason.REQUESTED);
    }

    private void work(String message, String... options) throws IOException {
        master = new TestMaster(directory, TestMaster.pool(ChildFixture.BuiltIn.class), List.of(), List.of(message))
                .spawn(options);
    }

    private static String message(String method, String parameters) {
        return "{\"class\":\"" + ChildFixture.Work.class.getName() + "\",\"method\":\"" + method + "\",\"param\":["
                + parameters + "]}";
    }

    private void start(Declaration declaration, String... options) throws IOException {
        master = new TestMaster(directory, declaration, List.of(), List.of()).spawn(options);
    }

    private static void until(java.util.concurrent.Callable<Boolean> condition) {
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(condition);
    }
}

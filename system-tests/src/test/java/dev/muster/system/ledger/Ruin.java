package dev.muster.system.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.system.Patience;
import dev.muster.testkit.RunningApp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// Does to an application, and to its store, what comes from outside.
///
/// @param app has the slots `task#1` and `task#2`
record Ruin(RunningApp app, Store store) {
    static final List<String> SLOTS = List.of("task#1", "task#2");
    private static final Duration PARTED = Duration.ofSeconds(1);

    /// Lets a fault strike a load once. When it returns nothing stands in the way of the load any more.
    ///
    /// @param books of the load that is under way
    void strike(Fault fault, Books books) throws IOException {
        switch (fault) {
            case KILL -> app.signal("KILL", books.lastStarter());
            case STOP -> {
                long pid = books.lastStarter();
                app.signal("STOP", pid);
                Patience.await("its end").until(() -> ProcessHandle.of(pid).isEmpty());
            }
            case BOOT_HANG -> hangAtBoot(books);
            case FULL_STDOUT -> fillPipe(books);
            case RESTART -> store.restart();
            case PARTITION -> part();
            case DISK_FULL -> {
                store.fill();
                books.enqueueUntilRefused();
                store.makeRoom();
            }
            case MASTER_KILL -> {
                app.signal("KILL", app.masterPid());
                app.awaitNoProcess(Duration.ofSeconds(10));
                // Its sockets outlive its memory for a moment: a client could still connect to it.
                Patience.await("the end of the master").until(() -> !app.alive());
                RunningApp _ = app.start();
            }
            case EXIT, HALT, HEAP, NATIVE_MEMORY, BUSY_LOOP, DEADLOCK, NATIVE_HANG -> {
                // The tasks do it themselves.
            }
        }
    }

    /// The other worker does all the rest. In a campaign the replacement is killed at its limit before its
    /// successor can boot, in a slice it boots when it is let go.
    private void hangAtBoot(Books books) throws IOException {
        long pid = books.lastStarter();
        String slot = app.pid(SLOTS.getFirst()) == pid ? SLOTS.getFirst() : SLOTS.getLast();
        int deaths = app.deaths(slot).size();
        Path hold = Files.createFile(app.directory().resolve("hold-boots"));
        app.signal("KILL", pid);
        books.awaitEnd();
        assertThat(app.slot(slot).get("state").asString()).isNotEqualTo("RUNNING");
        if (Size.CAMPAIGN) {
            assertThat(app.awaitDeath(slot, deaths + 2).get("reason").asString())
                    .isEqualTo("BOOT_FAIL");
        }
        Files.delete(hold);
    }

    /// One worker waits for room in the pipe that the master does not read, the other one does all the rest.
    private void fillPipe(Books books) {
        app.signal("STOP", app.masterPid());
        try {
            books.task("crash", ",\"FLOOD\",false", Judge.DONE);
            books.enqueue();
            books.awaitProgress(books.size() - 1);
            assertThat(books.unfinished()).as("those that wait for the master").hasSize(1);
        } finally {
            app.signal("CONT", app.masterPid());
        }
    }

    private void part() throws IOException {
        store.line().block();
        long healed = System.nanoTime() + PARTED.toNanos();
        Patience.await("the clock").until(() -> System.nanoTime() >= healed);
        // What was written meanwhile is lost: those connections cannot be of use any more.
        store.line().cut();
        store.line().heal();
    }

    /// Waits until each slot works, with a process that lives.
    void awaitSlots() {
        for (String slot : SLOTS) {
            long pid = app.awaitState(slot, "RUNNING").get("pid").asLong();
            assertThat(ProcessHandle.of(pid)).as(slot).isPresent();
        }
    }
}

package dev.muster.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.Role;
import dev.muster.control.ExitCode;
import dev.muster.control.Message;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// That every reload ends, whatever fails in it, so that another can follow.
@Timeout(30)
class ReloadDeskTest {
    @TempDir
    Path directory;

    private final History app = History.of(Role.TASK, 1, 0, Recycling.NONE);
    private final MasterLoop loop = new MasterLoop(app.state(), null);
    private final Generations generations = new Generations(Shops.generation(1), _ -> {});
    private final Roster roster = new Roster(List.of(), Shops.settings(), "");
    private final HeardConnection connection = new HeardConnection();
    private final List<String> released = new ArrayList<>();
    private Function<Generation, String> loaded = _ -> "";

    private ReloadDesk desk(Supplier<Snapshot> take, ReloadDesk.Checks checks) {
        ReloadDesk.Snapshots snapshots = new ReloadDesk.Snapshots() {
            @Override
            public Snapshot take() {
                return take.get();
            }

            @Override
            public void release(Snapshot snapshot) {
                released.add(snapshot.classPath());
            }
        };
        return new ReloadDesk(
                loop,
                roster,
                generations,
                new GroupCommands(loop, roster),
                checks,
                snapshots,
                new WebPorts((_, _) -> {}),
                (_, _) -> List.of(),
                generation -> loaded.apply(generation),
                text -> {
                    if (text.startsWith("reload: ")
                            && !text.contains("starting generation")
                            && !text.contains("checking")) {
                        LoopOfTest.end(loop);
                    }
                });
    }

    private static Snapshot snapshot() {
        return Shops.generation(2).snapshot();
    }

    private Message.Reply reply() {
        return connection.last(Message.Reply.class);
    }

    @Test
    void anErrorWhileTheClassPathIsCopiedEndsIt() {
        ReloadDesk desk = desk(
                () -> {
                    throw new OutOfMemoryError("Java heap space");
                },
                (_, _) -> {});
        for (int i = 1; i <= 2; i++) {
            desk.order(new Caller(connection), "");
            LoopOfTest.runUntilFailure(loop);
            assertThat(connection.all(Message.Reply.class)).hasSize(i);
            assertThat(reply().exitCode()).isEqualTo(ExitCode.FAILED.number());
            assertThat(reply().body())
                    .isEqualTo("the class path could not be copied: java.lang.OutOfMemoryError: Java heap space");
        }
    }

    @Test
    void anErrorInTheCheckEndsItToo() {
        ReloadDesk desk = desk(ReloadDeskTest::snapshot, (_, _) -> {
            throw new OutOfMemoryError("unable to create native thread");
        });
        desk.order(new Caller(connection), "");
        LoopOfTest.runUntilFailure(loop);
        assertThat(reply().exitCode()).isEqualTo(ExitCode.FAILED.number());
        assertThat(reply().body()).contains("unable to create native thread");
        assertThat(released).hasSize(1);
    }

    private ReloadDesk underWay() {
        Message.Checked fine = new Message.Checked(
                "", "", Shops.settings().effective(), List.of(), List.of(), List.of(), List.of(), List.of());
        ReloadDesk desk = desk(ReloadDeskTest::snapshot, (_, result) -> {
            result.checked(fine);
            LoopOfTest.end(loop);
        });
        desk.order(new Caller(connection), "");
        LoopOfTest.runUntilFailure(loop);
        assertThat(connection.heard).isEmpty();
        return desk;
    }

    @Test
    void whatCannotBeWrittenAfterItIsALineOfTheAnswer() throws Exception {
        try (RunDirectory run = RunDirectory.open(directory)) {
            Files.createDirectories(directory.resolve(RunDirectory.CONFIGURATION + ".new/in the way"));
            loaded = generation -> RunningMaster.loaded(run, generation);
            underWay().ended(new Effect.ReloadEnded(2, -1, 0, ""));
        }
        assertThat(reply().exitCode()).isEqualTo(ExitCode.DONE.number());
        assertThat(reply().body().lines())
                .hasSize(2)
                .startsWith("reloaded: generation 2")
                .last()
                .asString()
                .startsWith("config.json and process-map.json still show the configuration before: ")
                .contains(directory.toString());
    }

    @Test
    void aFailureAfterItStillEndsIt() {
        loaded = _ -> {
            throw new IllegalStateException("a defect");
        };
        ReloadDesk desk = underWay();
        loop.execute(() -> {
            try {
                desk.ended(new Effect.ReloadEnded(2, -1, 0, ""));
            } catch (IllegalStateException e) {
                assertThat(e).hasMessage("a defect");
            }
        });
        LoopOfTest.runUntilFailure(loop);
        assertThat(reply()).isEqualTo(new Message.Reply(ExitCode.DONE, "reloaded: generation 2"));
        desk.order(new Caller(connection), "");
        assertThat(connection.all(Message.Progress.class))
                .as("none is under way")
                .isEmpty();
    }
}

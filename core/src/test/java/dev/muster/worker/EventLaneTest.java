package dev.muster.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.InstanceFactory;
import dev.muster.PipeType;
import dev.muster.Role;
import dev.muster.Server;
import dev.muster.ServerListener;
import dev.muster.ServerTaskResult;
import dev.muster.board.BoardSlot;
import dev.muster.message.Limits;
import dev.muster.message.Post;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What the listeners of a worker hear.
@Timeout(30)
class EventLaneTest {
    private static final int WORKER = 1;
    private static final int SUBMITTER = 2;

    @TempDir
    Path directory;

    private final List<ServerTaskResult> heard = new CopyOnWriteArrayList<>();

    /// Hears how tasks end.
    static final class Ears implements ServerListener {
        private final List<ServerTaskResult> heard;

        Ears(List<ServerTaskResult> heard) {
            this.heard = heard;
        }

        @Override
        public void onFinish(Server server, ServerTaskResult result) {
            heard.add(result);
        }
    }

    @Test
    void whoEndsBeforeItsTasksHearsThatTheyAreLost() throws Exception {
        Post worker = post(WORKER, Role.TASK);
        Post submitter = post(SUBMITTER, Role.POOL);
        try {
            EventLane lane = new EventLane(
                    Role.POOL,
                    submitter,
                    new Listeners(List.of(Ears.class.getName()), Ears.class.getClassLoader(), new EarsFactory()),
                    BoardSlot.inMemory(SUBMITTER),
                    new Departure(_ -> {}),
                    _ -> {});
            lane.begin(new LonelyServer());
            long id = new ServerCalls(lane).task(new byte[1]);
            lane.finish();
            assertThat(heard).singleElement().satisfies(end -> {
                assertThat(end.id()).isEqualTo(id);
                assertThat(end.succeeded()).isFalse();
                assertThat(end.failure()).startsWith("this process ended before it heard of the end");
            });
        } finally {
            submitter.close();
            worker.close();
        }
    }

    private final class EarsFactory implements InstanceFactory {
        @Override
        public <T> T create(Class<T> type) {
            return type.cast(new Ears(heard));
        }
    }

    private Post post(int slot, Role role) {
        Post post = new Post(
                directory,
                new Limits(1_024, 4_096, 8, 10_000_000_000L, 0),
                () -> slot,
                BoardSlot::inMemory,
                new Post.Manners(role, slot, 1, true, role == Role.TASK, PipeType.NONE, ""));
        post.open();
        return post;
    }
}

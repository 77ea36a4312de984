package dev.muster.message;

import dev.muster.Connections;
import dev.muster.PipeType;
import dev.muster.Role;
import dev.muster.board.BoardSlot;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/// Several posts over one directory of sockets, as several processes have them.
final class Neighbours implements AutoCloseable {
    /// Long enough that on a busy machine, too, whoever answers does so in time.
    static final Limits LIMITS = new Limits(64 << 10, 128 << 10, 8, 3_000_000_000L, 0);
    /// For those who wait in vain.
    static final Limits IMPATIENT = new Limits(64 << 10, 128 << 10, 8, 300_000_000L, 0);
    static final Limits PATIENT = new Limits(64 << 10, 128 << 10, 8, 20_000_000_000L, 0);

    private final Path directory;
    private final Map<Integer, BoardSlot> seats = new ConcurrentHashMap<>();
    private final List<Post> posts = new ArrayList<>();
    private int lives;

    Neighbours(Path directory) {
        this.directory = directory;
    }

    /// One that takes messages and, as a task worker, tasks.
    Post open(int slot, Role role) {
        return open(slot, role, PipeType.NONE, LIMITS);
    }

    /// A user process with this pipe.
    Post open(int slot, PipeType pipe) {
        return open(slot, Role.USER, pipe, LIMITS);
    }

    Post open(int slot, Role role, PipeType pipe, Limits limits) {
        BoardSlot seat = BoardSlot.inMemory(slot);
        int life = ++lives;
        seat.reset(life);
        seats.put(slot, seat);
        boolean messages = role != Role.USER || pipe != PipeType.NONE;
        Post.Manners manners = new Post.Manners(role, slot, life, messages, role == Role.TASK, pipe, "it has no pipe");
        Post post = new Post(directory, limits, () -> slot, this::seat, manners);
        posts.add(post);
        post.open();
        return post;
    }

    /// A web worker.
    record Web(Post post, MemoryDesk desk, int life) {
        Connections connections() {
            return post.connections();
        }
    }

    /// A web worker, in this slot.
    Web web(int slot) throws IOException {
        Post post = open(slot, Role.WEB);
        MemoryDesk desk = new MemoryDesk(lives, slot);
        post.serve(desk);
        return new Web(post, desk, lives);
    }

    /// Which process the next one will be.
    int nextLife() {
        return lives + 1;
    }

    /// Waits for the next letter; there must be one.
    static Letter take(Post post) {
        boolean _ = post.inbox().await();
        return Objects.requireNonNull(post.inbox().poll(), "no letter will come");
    }

    BoardSlot seat(int slot) {
        return Objects.requireNonNull(seats.get(slot));
    }

    @Override
    public void close() {
        posts.forEach(Post::close);
    }
}

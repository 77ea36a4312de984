package dev.muster.worker;

import dev.muster.OnError;
import dev.muster.PipeType;
import dev.muster.RestartPolicy;
import dev.muster.Role;
import dev.muster.Scope;
import dev.muster.board.BoardSlot;
import dev.muster.control.Message;
import dev.muster.message.Limits;
import dev.muster.message.Post;
import dev.muster.scan.Declaration;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// Duties of processes without a master.
final class Duties {
    private Duties() {}

    /// One that has the work of a slot.
    static Duty working(int slot, String name) {
        Duty duty = waiting(slot, name, _ -> {});
        duty.activate(slot, name);
        return duty;
    }

    /// One that waits for work.
    static Duty waiting(int slot, String name, Duty.Mouth master) {
        Declaration declaration = new Declaration.User(
                name,
                "com.acme.Ticker",
                "run",
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
        Message.Welcome welcome = new Message.Welcome(
                slot, 0, 1, false, Role.USER, name, declaration.toMap(), Map.of(), List.of(), List.of(), List.of());
        return new Duty(welcome, declaration, master);
    }

    /// The post of a process that has no pipe and sends nothing.
    static Post post() {
        Limits limits = new Limits(1_024, 1_024, 1, 1_000_000_000, 0);
        Post.Manners manners = new Post.Manners(Role.USER, 0, 1, false, false, PipeType.NONE, "it has no pipe");
        return new Post(Path.of("no-such-directory"), limits, () -> 0, BoardSlot::inMemory, manners);
    }
}

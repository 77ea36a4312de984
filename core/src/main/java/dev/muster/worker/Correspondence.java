package dev.muster.worker;

import dev.muster.PipeType;
import dev.muster.Role;
import dev.muster.board.BoardSlot;
import dev.muster.config.Settings;
import dev.muster.control.Message.Welcome;
import dev.muster.message.Limits;
import dev.muster.message.Post;
import dev.muster.scan.Declaration;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/// Puts the post of a process together, and ties it to the life of the process: it is open while the process has the
/// work of a slot, and takes in nothing more from the order to stop on.
final class Correspondence {
    private Correspondence() {}

    /// @param directory where the sockets of the application are
    /// @param seats the parts of the board
    /// @param runners is told which thread runs user code
    static EventLane of(
            Welcome welcome,
            Declaration declaration,
            Path directory,
            Duty duty,
            StopRequest stop,
            IntFunction<BoardSlot> seats,
            WayOut departure,
            Listeners listeners,
            Consumer<Thread> runners) {
        PipeType pipe = declaration instanceof Declaration.User user ? user.pipe() : PipeType.NONE;
        boolean worker = declaration instanceof Declaration.Workers || declaration instanceof Declaration.Web;
        Post.Manners manners = new Post.Manners(
                welcome.role(),
                welcome.seat(),
                welcome.life(),
                worker ? listeners.takeMessages() : pipe != PipeType.NONE,
                welcome.role() == Role.TASK && listeners.takeTasks(),
                pipe,
                worker
                        ? "no @ServerEvents listener has onPipeMessage"
                        : "it has no pipe; declare @UserProcess(pipe = PipeType.DATAGRAM), or STREAM");
        Post post = new Post(directory, Limits.of(Settings.of(welcome.settings())), duty::slot, seats, manners);
        duty.listen(post::pause, post::open);
        stop.onStop(post::leave);
        departure.closing(() -> close(post, welcome.name()));
        return new EventLane(welcome.role(), post, listeners, seats.apply(welcome.seat()), departure, runners);
    }

    private static void close(Post post, String name) {
        int unread = post.close();
        if (unread > 0) {
            System.getLogger("dev.muster.worker")
                    .log(
                            Level.WARNING,
                            name + " ended with " + unread + " messages that it had not read; they are lost");
        }
    }
}

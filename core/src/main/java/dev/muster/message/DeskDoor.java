package dev.muster.message;

import dev.muster.web.ConnectionDesk;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntSupplier;

/// The socket of a web worker for calls about its connections. It belongs to the process and not to its slot: an heir
/// that takes over the slot has other connections.
///
/// **Threads:** any; calls are answered on the thread of the loop. **Lifetime:** from before the first connection until
/// the departure of the process, also while it drains. **Failure:** the file of a process that was killed stays, and
/// refuses; whoever finds it removes it.
final class DeskDoor {
    private final PostLoop loop;
    private final Path path;
    private final IntSupplier self;
    private final byte[] welcome;
    private final long outputLimit;
    private final DeskClerk clerk;
    private final Set<DeskGuest> guests = ConcurrentHashMap.newKeySet();
    private final Door door;

    /// Opens it.
    ///
    /// @param life of this process
    /// @param self the slot of this process
    /// @param welcome what it says to those who come
    /// @throws IOException if the socket cannot be made
    DeskDoor(
            PostLoop loop,
            Addresses addresses,
            int life,
            IntSupplier self,
            byte[] welcome,
            long outputLimit,
            ConnectionDesk desk)
            throws IOException {
        this.loop = loop;
        this.path = addresses.desk(life);
        this.self = self;
        this.welcome = welcome;
        this.outputLimit = outputLimit;
        this.clerk = new DeskClerk(desk);
        this.door = Door.open(loop, addresses.temporaryDesk(life), path, "web worker process " + life, this::admit);
    }

    private void admit(SocketChannel channel) {
        DeskGuest guest = new DeskGuest(loop, channel, this, outputLimit);
        guests.add(guest);
        guest.watch();
    }

    Frame welcome(long request) {
        return new Frame(FrameKind.WELCOME, self.getAsInt(), request, welcome);
    }

    Frame answer(long request, byte[] call) {
        return clerk.answer(self.getAsInt(), request, call);
    }

    void left(DeskGuest guest) {
        guests.remove(guest);
    }

    /// Its connections are gone. The file first: whoever still gets in loses its connection, and finds no file
    /// then.
    void close() {
        try {
            boolean _ = Files.deleteIfExists(path);
        } catch (IOException _) {
            // Whoever finds it, or the master at its end, removes it.
        }
        door.close();
        loop.execute(() -> guests.forEach(Connection::close));
    }
}

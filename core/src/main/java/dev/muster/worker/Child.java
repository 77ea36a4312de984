package dev.muster.worker;

import dev.muster.InstanceFactory;
import dev.muster.Server;
import dev.muster.board.BoardSlot;
import dev.muster.control.Message.Welcome;
import dev.muster.scan.Declaration;
import java.util.concurrent.locks.LockSupport;

/// This process, welcomed and on the board: what the loops of all roles need.
///
/// @param welcome what the master said it is to be
/// @param declaration what it runs
/// @param incarnation who it is
/// @param slot its place on the board
/// @param link to the master
/// @param server the application as user code sees it
/// @param stop whether it was asked to end
/// @param duty which slot it fills, and whether it is to work
/// @param events what its listeners are told, and its post
/// @param departure the way out
/// @param instances makes the objects of user code
/// @param loader of the application's classes
record Child(
        Welcome welcome,
        Declaration declaration,
        String incarnation,
        BoardSlot slot,
        MasterPort link,
        Server server,
        StopRequest stop,
        Duty duty,
        EventLane events,
        WayOut departure,
        InstanceFactory instances,
        ClassLoader loader) {
    private static final long CONDEMNED_PAUSE_NANOS = 50_000_000L;

    /// Returns when a new unit of work may start: a condemned process starts none, it waits here for its kill.
    static void awaitPermission(BoardSlot slot) {
        while (slot.condemned()) {
            LockSupport.parkNanos(CONDEMNED_PAUSE_NANOS);
        }
    }

    /// A class of the application, initialised.
    Class<?> load(String className) throws ClassNotFoundException {
        return Class.forName(className, true, loader);
    }
}

package dev.muster.control;

/// The code of each message on the wire. Codes are never changed and never used again for something else.
enum MessageType {
    HELLO(1, Direction.TO_MASTER),
    READY(2, Direction.TO_MASTER),
    BYE(3, Direction.TO_MASTER),
    DUMPED(4, Direction.TO_MASTER),
    RECLAIMED(5, Direction.TO_MASTER),
    EXITING_RAN(6, Direction.TO_MASTER),
    STOP_SLOT(7, Direction.TO_MASTER),
    SHUTDOWN(8, Direction.TO_MASTER),
    STATS_REQUEST(9, Direction.TO_MASTER),
    TOOK_UP(10, Direction.TO_MASTER),
    QUIETED(11, Direction.TO_MASTER),
    ORDER_RELOAD(12, Direction.TO_MASTER),
    CHECKED(13, Direction.TO_MASTER),
    EXTEND(14, Direction.TO_MASTER),
    RETIRING(15, Direction.TO_MASTER),
    STALLED(16, Direction.TO_MASTER),
    RELEASED(17, Direction.TO_MASTER),
    OUTAGE(18, Direction.TO_MASTER),
    ANNOUNCED(19, Direction.TO_MASTER),
    WELCOME(32, Direction.FROM_MASTER),
    STOP(33, Direction.FROM_MASTER),
    DUMP(34, Direction.FROM_MASTER),
    RECLAIM(35, Direction.FROM_MASTER),
    RUN_EXITING(36, Direction.FROM_MASTER),
    STATS_REPLY(37, Direction.FROM_MASTER),
    ACTIVATE(38, Direction.FROM_MASTER),
    PAUSE(39, Direction.FROM_MASTER),
    KEEP_TIME(40, Direction.FROM_MASTER),
    ANNOUNCE(41, Direction.FROM_MASTER),
    ANNOUNCE_FAILURE(42, Direction.FROM_MASTER),
    COMMAND(64, Direction.TO_MASTER),
    PROGRESS(65, Direction.FROM_MASTER),
    REPLY(66, Direction.FROM_MASTER);

    private final int code;
    private final Direction direction;

    MessageType(int code, Direction direction) {
        this.code = code;
        this.direction = direction;
    }

    int code() {
        return code;
    }

    Direction direction() {
        return direction;
    }

    static MessageType of(int code) throws ProtocolException {
        for (MessageType type : values()) {
            if (type.code == code) {
                return type;
            }
        }
        throw new ProtocolException("unknown message type " + code);
    }

    static MessageType of(Message message) {
        return switch (message) {
            case Message.Hello _ -> HELLO;
            case Message.Ready _ -> READY;
            case Message.Bye _ -> BYE;
            case Message.Dumped _ -> DUMPED;
            case Message.Reclaimed _ -> RECLAIMED;
            case Message.ExitingRan _ -> EXITING_RAN;
            case Message.StopSlot _ -> STOP_SLOT;
            case Message.Shutdown _ -> SHUTDOWN;
            case Message.StatsRequest _ -> STATS_REQUEST;
            case Message.TookUp _ -> TOOK_UP;
            case Message.Quieted _ -> QUIETED;
            case Message.OrderReload _ -> ORDER_RELOAD;
            case Message.Checked _ -> CHECKED;
            case Message.Extend _ -> EXTEND;
            case Message.Retiring _ -> RETIRING;
            case Message.Stalled _ -> STALLED;
            case Message.Released _ -> RELEASED;
            case Message.Outage _ -> OUTAGE;
            case Message.Announced _ -> ANNOUNCED;
            case Message.Welcome _ -> WELCOME;
            case Message.Stop _ -> STOP;
            case Message.Dump _ -> DUMP;
            case Message.Reclaim _ -> RECLAIM;
            case Message.RunExiting _ -> RUN_EXITING;
            case Message.StatsReply _ -> STATS_REPLY;
            case Message.Activate _ -> ACTIVATE;
            case Message.Pause _ -> PAUSE;
            case Message.KeepTime _ -> KEEP_TIME;
            case Message.Announce _ -> ANNOUNCE;
            case Message.AnnounceFailure _ -> ANNOUNCE_FAILURE;
            case Message.Command _ -> COMMAND;
            case Message.Progress _ -> PROGRESS;
            case Message.Reply _ -> REPLY;
        };
    }

    /// Who may say it.
    enum Direction {
        /// A child or the command line.
        TO_MASTER,
        /// The master.
        FROM_MASTER
    }
}

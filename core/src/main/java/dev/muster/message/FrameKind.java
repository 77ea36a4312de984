package dev.muster.message;

/// What a frame says. Codes are never changed and never used again for something else.
enum FrameKind {
    /// The first word of whoever connects.
    HELLO(1),
    /// Its answer.
    WELCOME(2),
    /// A message.
    MESSAGE(3),
    /// An immediate task.
    TASK(4),
    /// The message or the task is in the memory of the receiver.
    ACCEPTED(5),
    /// It is not, and never will be by this request.
    REFUSED(6),
    /// What the task has returned, or what is to be said to the call.
    RESULT(7),
    /// How the task, or the call, has failed.
    FAILED(8),
    /// A call about the connections of a web worker.
    CALL(9);

    private static final FrameKind[] BY_CODE = values();

    private final int code;

    FrameKind(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }

    static FrameKind of(int code) throws FrameException {
        if (code < 1 || code > BY_CODE.length) {
            throw new FrameException("kind=%d, legal are 1 to %d".formatted(code, BY_CODE.length));
        }
        return BY_CODE[code - 1];
    }
}

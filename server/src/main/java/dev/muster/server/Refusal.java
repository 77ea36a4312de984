package dev.muster.server;

/// An answer that this server itself gives to a request, in place of the application.
///
/// @param text for its client
/// @param after what becomes of its connection
record Refusal(int status, String text, After after) {
    static final Refusal BUSY = new Refusal(503, "this worker has too much to do\n", After.COME_AGAIN);
    static final Refusal NOT_FOUND = new Refusal(404, "not found\n", After.GO_ON);

    enum After {
        /// It carries the next request.
        GO_ON,
        /// Its client is to try again a second later, on another connection.
        COME_AGAIN,
        /// What is left of the request is not looked at: in HTTP/2 its stream ends, else the connection.
        END
    }

    static Refusal tooLarge(long most) {
        return new Refusal(413, "the body is larger than " + most + " bytes (server.maxBody)\n", After.END);
    }

    static Refusal late(long millis) {
        return new Refusal(408, "the body did not come within " + millis + " ms\n", After.END);
    }

    /// @param field of the head that says what the body is
    static Refusal unreadable(String field) {
        return new Refusal(400, "the body is not what its " + field + " says\n", After.END);
    }

    /// A handler has failed.
    static Refusal failed(String id) {
        return new Refusal(500, "the request failed; its id is " + id + "\n", After.GO_ON);
    }

    /// A handler wants a body of another form.
    static Refusal wrong(Json.WrongBodyException thrown) {
        return new Refusal(400, thrown.getMessage() + "\n", After.GO_ON);
    }
}

package dev.muster.message;

import org.jspecify.annotations.Nullable;

/// A message or an immediate task that has arrived.
///
/// **Threads:** any. **Failure:** an answer to a submitter that is gone goes nowhere.
public final class Letter {
    /// Takes the answer to a task.
    interface Answer {
        void give(FrameKind kind, byte[] payload);
    }

    private final int source;
    private final long request;
    private final byte[] data;
    private final @Nullable Answer answer;

    /// @param answer where the result of a task goes, null for a message
    Letter(int source, long request, byte[] data, @Nullable Answer answer) {
        this.source = source;
        this.request = request;
        this.data = data;
        this.answer = answer;
    }

    /// The slot that it comes from.
    public int source() {
        return source;
    }

    /// What its sender knows it by.
    public long request() {
        return request;
    }

    /// What it says.
    public byte[] data() {
        return data;
    }

    /// Whether it is a task, to be answered by [#result] or [#failed].
    public boolean task() {
        return answer != null;
    }

    /// The task has returned this.
    public void result(byte[] result) {
        answer(FrameKind.RESULT, result);
    }

    /// The task has failed.
    public void failed(String why) {
        answer(FrameKind.FAILED, Refusal.bytes(why));
    }

    private void answer(FrameKind kind, byte[] payload) {
        Answer to = answer;
        if (to == null) {
            throw new IllegalStateException("a message has no answer: it comes from slot " + source);
        }
        to.give(kind, payload);
    }
}

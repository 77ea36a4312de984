package dev.muster.message;

import dev.muster.MessageException;
import java.util.ArrayList;
import java.util.List;

/// The same time for several web workers to answer: all are asked before the first answer is waited for, and one that
/// does not answer keeps nobody else from being heard.
///
/// **Threads:** that of the caller.
final class Survey {
    private final Post post;
    private final long deadline;
    private final List<Asking> asked = new ArrayList<>();

    Survey(Post post) {
        this.post = post;
        this.deadline = post.deadline();
    }

    /// What becomes of an answer.
    private interface Reader {
        void read(byte[] answer) throws FrameException;
    }

    void ask(int life, byte[] call) {
        asked.add(post.ask(life, call, deadline));
    }

    /// Asks all processes but this one.
    void askOthers(byte[] call) {
        for (int life : post.lives()) {
            if (post.desk() == null || life != post.life()) {
                ask(life, call);
            }
        }
    }

    /// Adds up the answers.
    ///
    /// @param own what this process has to add
    /// @param done what was counted, for people
    int sum(int own, String done) {
        int[] sum = {own};
        List<MessageException> failures = hear(answer -> sum[0] += DeskCall.count(answer));
        if (!failures.isEmpty()) {
            throw joined(failures, "; " + done + " " + sum[0] + " connections of the others");
        }
        return sum[0];
    }

    /// All ids of all answers.
    List<Long> ids(List<Long> own) {
        List<Long> ids = new ArrayList<>(own);
        List<MessageException> failures = hear(answer -> ids.addAll(DeskCall.ids(answer)));
        if (!failures.isEmpty()) {
            throw joined(failures, "");
        }
        return ids;
    }

    private List<MessageException> hear(Reader reader) {
        List<MessageException> failures = new ArrayList<>();
        for (Asking each : asked) {
            try {
                byte[] answer = each.await();
                if (answer != null) {
                    reader.read(answer);
                }
            } catch (MessageException e) {
                failures.add(e);
            } catch (FrameException e) {
                throw nonsense(e);
            }
        }
        return failures;
    }

    private static MessageException joined(List<MessageException> failures, String rest) {
        StringBuilder text = new StringBuilder();
        boolean received = false;
        for (MessageException failure : failures) {
            text.append(text.isEmpty() ? "" : "; ").append(failure.getMessage());
            received |= failure.mayBeReceived();
        }
        return new MessageException(failures.getFirst().reason(), received, text + rest);
    }

    static IllegalStateException nonsense(FrameException e) {
        return new IllegalStateException("an answer of a web worker makes no sense; is it of another build?", e);
    }
}

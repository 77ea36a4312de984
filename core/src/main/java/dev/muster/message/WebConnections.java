package dev.muster.message;

import dev.muster.ConnectionInfo;
import dev.muster.Connections;
import dev.muster.MessageException;
import dev.muster.web.ConnectionDesk;
import dev.muster.web.ConnectionIds;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The WebSockets of all web workers: those of this process from its own desk, the others by calls to their processes.
///
/// **Threads, failure:** as [Connections] says.
final class WebConnections implements Connections {
    private static final int LONGEST_USER = 255;
    private static final int LONGEST_REASON = 123;

    private final Post post;

    WebConnections(Post post) {
        this.post = post;
    }

    @Override
    public boolean push(long connectionId, String text) {
        return push(connectionId, true, Utf8.bytes(text));
    }

    @Override
    public boolean push(long connectionId, byte[] data) {
        return push(connectionId, false, data);
    }

    private boolean push(long id, boolean text, byte[] data) {
        post.check(data, "a message to a WebSocket");
        ConnectionDesk own = own(id);
        if (own != null) {
            return own.push(id, text, kept(text, data));
        }
        return yes(id, DeskCall.push(id, text, data));
    }

    @Override
    public int push(Collection<Long> connectionIds, String text) {
        return push(connectionIds, true, Utf8.bytes(text));
    }

    @Override
    public int push(Collection<Long> connectionIds, byte[] data) {
        return push(connectionIds, false, data);
    }

    private int push(Collection<Long> ids, boolean text, byte[] data) {
        post.check(data, "a message to WebSockets");
        Map<Integer, List<Long>> byLife = new HashMap<>();
        for (long id : ids) {
            byLife.computeIfAbsent(ConnectionIds.life(id), _ -> new ArrayList<>())
                    .add(id);
        }
        // Ids that are none.
        List<Long> _ = byLife.remove(0);
        Survey survey = new Survey(post);
        ConnectionDesk own = post.desk();
        List<Long> mine = own == null ? null : byLife.remove(post.life());
        int most = DeskCall.receivers(data.length, post.limits().maxSize());
        byLife.forEach((life, list) -> {
            for (int from = 0; from < list.size(); from += most) {
                survey.ask(life, DeskCall.push(list.subList(from, Math.min(list.size(), from + most)), text, data));
            }
        });
        int count = 0;
        if (own != null && mine != null) {
            byte[] kept = kept(text, data);
            for (long id : mine) {
                count += own.push(id, text, kept) ? 1 : 0;
            }
        }
        return survey.sum(count, "it was queued for");
    }

    @Override
    public int broadcast(String text) {
        return broadcast(true, Utf8.bytes(text));
    }

    @Override
    public int broadcast(byte[] data) {
        return broadcast(false, data);
    }

    private int broadcast(boolean text, byte[] data) {
        post.check(data, "a message to all WebSockets");
        Survey survey = new Survey(post);
        survey.askOthers(DeskCall.broadcast(text, data));
        ConnectionDesk own = post.desk();
        return survey.sum(own == null ? 0 : own.broadcast(text, kept(text, data)), "it was queued for");
    }

    @Override
    public boolean close(long connectionId, int code, String reason) {
        if (!(code == 1000
                || code == 1001
                || code == 1003
                || code >= 1007 && code <= 1013
                || code >= 3000 && code <= 4999)) {
            throw new IllegalArgumentException("cannot close a WebSocket with the code " + code
                    + ": legal are 1000, 1001, 1003, 1007 to 1013 and 3000 to 4999; for a meaning of your own take one"
                    + " from 4000 on");
        }
        byte[] words = Utf8.bytes(reason);
        if (words.length > LONGEST_REASON) {
            throw new IllegalArgumentException("cannot close a WebSocket with a reason of " + words.length
                    + " bytes in UTF-8: at most " + LONGEST_REASON + " fit; shorten it, or push it before");
        }
        ConnectionDesk own = own(connectionId);
        if (own != null) {
            return own.close(connectionId, code, reason);
        }
        return yes(connectionId, DeskCall.close(connectionId, code, words));
    }

    @Override
    public boolean isEstablished(long connectionId) {
        ConnectionDesk own = own(connectionId);
        return own != null ? own.established(connectionId) : yes(connectionId, DeskCall.established(connectionId));
    }

    @Override
    public boolean exists(long connectionId) {
        return connection(connectionId).isPresent();
    }

    @Override
    public List<Long> connections() {
        Survey survey = new Survey(post);
        survey.askOthers(DeskCall.all());
        ConnectionDesk own = post.desk();
        return survey.ids(own == null ? List.of() : own.all());
    }

    @Override
    public Optional<ConnectionInfo> connection(long connectionId) {
        ConnectionDesk own = own(connectionId);
        if (own != null) {
            return own.info(connectionId);
        }
        byte[] answer = answer(connectionId, DeskCall.info(connectionId));
        if (answer == null || answer.length == 0) {
            return Optional.empty();
        }
        try {
            return Optional.of(DeskCall.known(answer));
        } catch (FrameException e) {
            throw Survey.nonsense(e);
        }
    }

    @Override
    public boolean bind(long connectionId, String userId) {
        byte[] user = user(userId);
        ConnectionDesk own = own(connectionId);
        return own != null ? own.bind(connectionId, userId) : yes(connectionId, DeskCall.bind(connectionId, user));
    }

    @Override
    public List<Long> connectionsOf(String userId) {
        byte[] user = user(userId);
        Survey survey = new Survey(post);
        survey.askOthers(DeskCall.ofUser(user));
        ConnectionDesk own = post.desk();
        return survey.ids(own == null ? List.of() : own.of(userId));
    }

    /// The desk of this process, if the connection is one of its own.
    private @Nullable ConnectionDesk own(long id) {
        ConnectionDesk desk = post.desk();
        return desk != null && ConnectionIds.life(id) == post.life() ? desk : null;
    }

    private boolean yes(long id, byte[] call) {
        byte[] answer = answer(id, call);
        try {
            return answer != null && DeskCall.yes(answer);
        } catch (FrameException e) {
            throw Survey.nonsense(e);
        }
    }

    /// @return null if there is no such process
    /// @throws MessageException if it does not answer
    private byte @Nullable [] answer(long id, byte[] call) {
        int life = ConnectionIds.life(id);
        return life == 0 ? null : post.ask(life, call, post.deadline()).await();
    }

    private static byte[] user(String userId) {
        byte[] user = Utf8.bytes(userId);
        if (user.length == 0 || user.length > LONGEST_USER) {
            throw new IllegalArgumentException("a user id of " + user.length + " bytes in UTF-8: must have 1 to "
                    + LONGEST_USER + "; give a shorter key of the user, such as its number");
        }
        return user;
    }

    /// Data that stays as it is: the caller may use its array again as soon as the call returns.
    private static byte[] kept(boolean text, byte[] data) {
        return text ? data : data.clone();
    }
}

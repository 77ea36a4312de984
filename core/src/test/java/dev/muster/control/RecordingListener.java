package dev.muster.control;

import dev.muster.control.ControlServer.Connection;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.BiConsumer;

/// Keeps what a server says, and may answer.
final class RecordingListener implements ControlServer.Listener {
    final BlockingQueue<Message> messages = new LinkedBlockingQueue<>();
    final BlockingQueue<Connection> connections = new LinkedBlockingQueue<>();
    final List<String> violations = new CopyOnWriteArrayList<>();
    final List<Connection> closed = new CopyOnWriteArrayList<>();
    final List<String> socketProblems = new CopyOnWriteArrayList<>();
    private final BiConsumer<Connection, Message> answer;

    RecordingListener() {
        this((_, _) -> {});
    }

    RecordingListener(BiConsumer<Connection, Message> answer) {
        this.answer = answer;
    }

    @Override
    public void received(Connection connection, Message message) {
        connections.add(connection);
        messages.add(message);
        answer.accept(connection, message);
    }

    @Override
    public void violated(Connection connection, String why) {
        violations.add(why);
    }

    @Override
    public void closed(Connection connection) {
        closed.add(connection);
    }

    @Override
    public void socketLost(String problem) {
        socketProblems.add(problem);
    }
}

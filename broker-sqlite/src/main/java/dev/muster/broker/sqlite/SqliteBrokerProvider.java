package dev.muster.broker.sqlite;

import dev.muster.config.Settings;
import dev.muster.task.Broker;
import dev.muster.task.BrokerException;
import dev.muster.task.BrokerProvider;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/// Opens the queue that `tasks.broker: sqlite` stands for.
public final class SqliteBrokerProvider implements BrokerProvider {
    /// Nothing is claimed through an address: what larger messages are cut to does not matter.
    private static final long MAX_MESSAGE = 64L << 20;

    @Override
    public String kind() {
        return "sqlite";
    }

    @Override
    public List<String> schemes() {
        return List.of("sqlite");
    }

    @Override
    public Broker connect(String url) {
        String place = url.substring("sqlite:".length());
        int question = place.indexOf('?');
        String path = question < 0 ? place : place.substring(0, question);
        String option = question < 0 ? "" : place.substring(question + 1);
        Durability durability = switch (option) {
            case "", "durability=power" -> Durability.POWER;
            case "durability=process" -> Durability.PROCESS;
            default ->
                throw new BrokerException("cannot open " + url + ": '" + option
                        + "' is no option; legal are durability=power and durability=process");
        };
        if (path.isEmpty()) {
            throw new BrokerException("cannot open '" + url + "': it names no file; write sqlite:/path/of/queue.db");
        }
        Path file = Path.of(path.startsWith("//") ? path.substring(2) : path).toAbsolutePath();
        Path directory = Objects.requireNonNullElse(file.getParent(), file);
        if (!Files.isDirectory(directory)) {
            throw new BrokerException("cannot open '" + url + "': there is no directory " + directory
                    + ", so no application keeps its queue there; write the path of its tasks.sqlite.file, which is"
                    + " queue.db in its data.dir, or make the directory if it is to begin there");
        }
        return SqliteBroker.open(file, directory.resolve("native"), durability, MAX_MESSAGE);
    }

    @Override
    public Broker open(Settings settings) {
        String file = settings.text("tasks.sqlite.file");
        Path data = settings.dataDir();
        return SqliteBroker.open(
                file.isEmpty() ? data.resolve("queue.db") : data.resolve(file),
                data.resolve("native"),
                Durability.of(settings.text("tasks.sqlite.durability")),
                settings.bytes("tasks.maxSize"));
    }
}

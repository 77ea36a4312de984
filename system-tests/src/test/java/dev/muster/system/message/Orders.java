package dev.muster.system.message;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.system.Patience;
import dev.muster.system.apps.Corresponding;
import dev.muster.system.apps.Ledger;
import dev.muster.testkit.RunningApp;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/// An application of [Corresponding], and what a test says to it.
final class Orders implements AutoCloseable {
    private final RunningApp app;
    private final Path directory;
    private int given;

    private Orders(RunningApp app) {
        this.app = app;
        this.directory = app.directory();
    }

    /// With two task workers, and whatever else is set.
    static Orders start(Path directory, Map<String, String> settings) {
        RunningApp app = RunningApp.of(Corresponding.class, directory)
                .packed(Ledger.class)
                .set("tasks.workers", "2");
        settings.forEach(app::set);
        Orders orders = new Orders(app.start());
        return orders;
    }

    RunningApp app() {
        return app;
    }

    Map<String, Integer> slots() {
        return app.ps().stream()
                .collect(Collectors.toMap(
                        row -> row.get("name").asString(),
                        row -> row.get("slot").asInt()));
    }

    int slot(String name) {
        return app.slot(name).get("slot").asInt();
    }

    JsonNode row(String name) {
        return app.slot(name);
    }

    /// Gives the driver an order, and does not wait.
    void give(String order) {
        try {
            Path _ = Files.writeString(
                    directory.resolve("orders"), order + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            given++;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Gives the driver an order, and waits until it has obeyed.
    void done(String order) {
        give(order);
        awaitDone();
    }

    void awaitDone() {
        Patience.await("order " + given).until(() -> lines("driven").contains(Integer.toString(given)));
    }

    List<String> lines(String ledger) {
        return Ledger.texts(directory, ledger);
    }

    void awaitLine(String ledger, String line) {
        Patience.await(ledger + ": " + line).until(() -> lines(ledger).contains(line));
    }

    /// The last outcome of an order.
    String outcome() {
        List<String> outcomes = lines("outcomes");
        assertThat(outcomes).isNotEmpty();
        return outcomes.getLast();
    }

    void tell(String what) {
        try {
            Path _ = Files.createFile(directory.resolve(what));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        app.close();
    }
}

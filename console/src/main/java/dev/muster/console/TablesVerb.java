package dev.muster.console;

import dev.muster.board.BoardFile;
import dev.muster.control.ExitCode;
import dev.muster.memory.ChannelStats;
import dev.muster.memory.MemoryDirectory;
import dev.muster.memory.MemoryException;
import dev.muster.memory.MemoryReport;
import dev.muster.memory.MemoryReport.CounterValue;
import dev.muster.memory.MemoryReport.LockState;
import dev.muster.memory.MemoryReport.Lost;
import dev.muster.memory.TableStats;
import java.io.StringWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// `muster tables`: what the processes of a running application share. Looks into the memory itself and asks nobody, so
/// that it also answers for an application that hangs.
@Command(
        name = "tables",
        description =
                "Show the tables, channels, counters and locks that the processes of a running application share.")
final class TablesVerb extends Verb {
    @Mixin
    private InstanceOptions instance = new InstanceOptions();

    @Option(names = "--json", description = "As JSON.")
    private boolean json;

    @Override
    public Integer call() {
        Instance running = instance.running();
        try {
            MemoryReport report = MemoryReport.of(MemoryDirectory.find(BoardFile.place(running.runDir()))
                    .orElseThrow(() -> new Refusal(
                            ExitCode.NOT_RUNNING,
                            running.name() + " has no shared memory: it is starting or ending; try again")));
            if (json) {
                out().println(json(report));
            } else {
                table(report).print(out());
            }
            return ExitCode.DONE.number();
        } catch (MemoryException e) {
            throw new Refusal(ExitCode.FAILED, String.valueOf(e.getMessage()));
        }
    }

    static Table table(MemoryReport report) {
        Table table = new Table("KIND", "NAME", ">SIZE", ">CAPACITY", ">MEMORY", "NOTE");
        for (TableStats each : report.tables()) {
            table.row("table", each.name(), each.size(), each.capacity(), Texts.size(each.bytes()), note(each));
        }
        for (ChannelStats each : report.channels()) {
            table.row("channel", each.name(), each.size(), each.capacity(), Texts.size(each.bytes()), note(each));
        }
        for (CounterValue each : report.counters()) {
            table.row("counter", each.name(), each.value(), "-", "-", "-");
        }
        for (LockState each : report.locks()) {
            table.row("lock", each.name(), "-", "-", "-", note(each));
        }
        for (Lost each : report.lost()) {
            table.row(each.kind(), each.name(), "-", "-", "-", "lost: " + each.why());
        }
        return table;
    }

    private static String note(TableStats table) {
        return table.recoveries() == 0
                ? "-"
                : "taken over from " + table.recoveries() + " processes that died in the middle of a change";
    }

    private static String note(ChannelStats channel) {
        return "put " + channel.put() + ", taken " + channel.taken()
                + (channel.unconfirmed() == 0 ? "" : ", unconfirmed " + channel.unconfirmed())
                + (channel.returned() == 0 ? "" : ", returned " + channel.returned())
                + (channel.lost() == 0 ? "" : ", lost " + channel.lost())
                + (channel.closed() ? ", closed" : "");
    }

    private static String note(LockState lock) {
        String holder = lock.owner() == 0
                ? "free"
                : "held by process " + lock.owner() + (lock.alive() ? "" : ", which is dead: free for the next one");
        return holder + (lock.deaths() == 0 ? "" : "; " + lock.deaths() + " holders died with it");
    }

    static String json(MemoryReport report) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(ObjectWriteContext.empty(), text)) {
            json.writeStartObject();
            json.writeArrayPropertyStart("tables");
            report.tables().forEach(each -> write(json, each));
            json.writeEndArray();
            json.writeArrayPropertyStart("channels");
            report.channels().forEach(each -> write(json, each));
            json.writeEndArray();
            json.writeArrayPropertyStart("counters");
            for (CounterValue each : report.counters()) {
                json.writeStartObject();
                json.writeStringProperty("name", each.name());
                json.writeNumberProperty("value", each.value());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeArrayPropertyStart("locks");
            for (LockState each : report.locks()) {
                json.writeStartObject();
                json.writeStringProperty("name", each.name());
                json.writeNumberProperty("owner", each.owner());
                json.writeBooleanProperty("alive", each.alive());
                json.writeNumberProperty("deaths", each.deaths());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeArrayPropertyStart("lost");
            for (Lost each : report.lost()) {
                json.writeStartObject();
                json.writeStringProperty("kind", each.kind());
                json.writeStringProperty("name", each.name());
                json.writeStringProperty("why", each.why());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        return text.toString();
    }

    private static void write(JsonGenerator json, TableStats table) {
        json.writeStartObject();
        json.writeStringProperty("name", table.name());
        json.writeNumberProperty("size", table.size());
        json.writeNumberProperty("capacity", table.capacity());
        json.writeNumberProperty("bytes", table.bytes());
        json.writeNumberProperty("longestChain", table.longestChain());
        json.writeNumberProperty("recoveries", table.recoveries());
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, ChannelStats channel) {
        json.writeStartObject();
        json.writeStringProperty("name", channel.name());
        json.writeNumberProperty("size", channel.size());
        json.writeNumberProperty("capacity", channel.capacity());
        json.writeNumberProperty("messageBytes", channel.messageBytes());
        json.writeNumberProperty("bytes", channel.bytes());
        json.writeNumberProperty("put", channel.put());
        json.writeNumberProperty("taken", channel.taken());
        json.writeNumberProperty("unconfirmed", channel.unconfirmed());
        json.writeNumberProperty("lost", channel.lost());
        json.writeNumberProperty("returned", channel.returned());
        json.writeBooleanProperty("closed", channel.closed());
        json.writeEndObject();
    }
}

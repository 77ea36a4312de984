package dev.muster.console.chaos;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// What a run prints: a line for each scenario as soon as it is over, and the account; or all of it as one JSON object
/// at the end.
///
/// **Threads:** one owner.
final class Report {
    private static final long MILLI = 1_000_000;

    private final long seed;
    private final PrintWriter out;
    private final boolean json;
    private boolean begun;

    Report(long seed, PrintWriter out, boolean json) {
        this.seed = seed;
        this.out = out;
        this.json = json;
    }

    void scenario(Result result) {
        if (!json) {
            if (!begun) {
                out.println(Result.head());
            }
            begun = true;
            out.println(result.line());
            out.flush();
        }
    }

    /// @return whether all was as expected
    boolean end(List<Result> results, Storm.Outcome storm, List<String> complaints) {
        long failed = results.stream().filter(result -> !result.ok()).count();
        if (json) {
            out.println(object(results, storm, complaints));
        } else {
            Account account = storm.account();
            out.println();
            complaints.forEach(complaint -> out.println("FAILED  " + complaint));
            out.println("seed " + seed + "  converged in " + storm.convergence() / MILLI + " ms  quarantined "
                    + storm.quarantined() + "  accepted " + account.accepted() + "  done " + account.done() + "  dead "
                    + account.dead() + "  extra starts " + account.extraStarts());
            out.println("scenarios " + results.size() + "  failed " + (failed + complaints.size()) + "  events "
                    + storm.events() + "  unaccounted " + account.unaccounted());
        }
        out.flush();
        return failed == 0 && complaints.isEmpty();
    }

    private String object(List<Result> results, Storm.Outcome storm, List<String> complaints) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(ObjectWriteContext.empty(), text)) {
            json.writeStartObject();
            json.writeNumberProperty("seed", seed);
            json.writeArrayPropertyStart("scenarios");
            results.forEach(result -> scenario(json, result));
            json.writeEndArray();
            json.writeObjectPropertyStart("storm");
            json.writeNumberProperty("events", storm.events());
            json.writeNumberProperty("convergenceMs", storm.convergence() / MILLI);
            json.writeNumberProperty("quarantined", storm.quarantined());
            json.writeEndObject();
            account(json, storm.account());
            json.writeArrayPropertyStart("complaints");
            complaints.forEach(json::writeString);
            json.writeEndArray();
            json.writeEndObject();
        }
        return text.toString();
    }

    private static void scenario(JsonGenerator json, Result result) {
        json.writeStartObject();
        json.writeStringProperty("name", result.scenario().name());
        json.writeStringProperty("rows", result.scenario().rows());
        json.writeStringProperty("fault", result.scenario().fault());
        json.writeBooleanProperty("ok", result.ok());
        json.writeStringProperty("failure", result.failure());
        json.writeNumberProperty("trials", result.nanos().size());
        json.writeNumberProperty("p50Ms", result.percentile(50));
        json.writeNumberProperty("p99Ms", result.percentile(99));
        json.writeEndObject();
    }

    private static void account(JsonGenerator json, Account account) {
        json.writeObjectPropertyStart("account");
        json.writeNumberProperty("accepted", account.accepted());
        json.writeNumberProperty("done", account.done());
        json.writeNumberProperty("dead", account.dead());
        json.writeNumberProperty("unaccounted", account.unaccounted());
        json.writeNumberProperty("extraStarts", account.extraStarts());
        json.writeNumberProperty("groundless", account.groundless());
        json.writeEndObject();
    }
}

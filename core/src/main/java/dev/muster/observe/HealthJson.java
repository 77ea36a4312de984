package dev.muster.observe;

import dev.muster.Health;
import dev.muster.Role;
import java.io.StringWriter;
import java.util.EnumMap;
import java.util.Map;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// The JSON that says how the application is doing: what `/healthz` answers and what the head line of `muster ps` is
/// made from. It names roles and numbers only, because whoever may connect to the health port may read it.
///
/// **Threads:** one owner.
public final class HealthJson {
    private final Map<Role, int[]> slots = new EnumMap<>(Role.class);

    /// With one more slot.
    ///
    /// @param state in the words of `muster ps`
    public HealthJson slot(Role role, String state) {
        int[] counts = slots.computeIfAbsent(role, _ -> new int[2]);
        counts[0]++;
        counts[1] += state.equals("RUNNING") || state.equals("SUSPECT") ? 1 : 0;
        return this;
    }

    /// As one line.
    ///
    /// @param app the name of the application
    /// @param masterPid the process id of its master
    /// @param uptimeMillis since the start of the master
    public String write(String app, long masterPid, long uptimeMillis, Health health) {
        StringWriter out = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(ObjectWriteContext.empty(), out)) {
            json.writeStartObject();
            json.writeStringProperty("app", app);
            json.writeStringProperty("health", health.status().name());
            json.writeStringProperty("reason", health.reason());
            json.writeBooleanProperty("started", health.started());
            json.writeBooleanProperty("ready", health.ready());
            json.writeNumberProperty("generation", health.generation());
            json.writeNumberProperty("masterPid", masterPid);
            json.writeNumberProperty("uptimeMs", uptimeMillis);
            json.writeObjectPropertyStart("roles");
            slots.forEach((role, counts) -> {
                json.writeObjectPropertyStart(role.word());
                json.writeNumberProperty("slots", counts[0]);
                json.writeNumberProperty("running", counts[1]);
                json.writeEndObject();
            });
            json.writeEndObject();
            json.writeEndObject();
        }
        return out.toString();
    }
}

package dev.muster.probe;

import dev.muster.Health;
import dev.muster.control.Message.StatsReply;
import dev.muster.observe.HealthJson;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What the console answers to which path. The master is asked at most once in [#FRESH_NANOS], whatever the number of
/// probes.
///
/// | path | 200 when | else 503 |
/// |---|---|---|
/// | `/livez` | the master's loop answers | it does not |
/// | `/readyz` | work may be sent | the reason |
/// | `/startupz` | every slot has been ready once | which has not |
/// | `/healthz` | as `/readyz`, the answer in JSON | |
///
/// With `?verbose` each answers in JSON.
///
/// **Threads:** one owner. **Failure:** a master that does not answer in time is answered as such.
public final class HealthProbe {
    /// The path that always answers in JSON.
    static final String DETAIL = "/healthz";

    /// So long one answer of the master holds.
    static final long FRESH_NANOS = 300_000_000L;

    private final String app;
    private final long master;
    private final Supplier<StatsReply> ask;
    private final LongSupplier clock;
    private @Nullable StatsReply last;
    private String silence = "";
    private long askedAt;
    private boolean asked;

    /// @param ask asks the master; throws IllegalStateException if there is no answer in time
    public HealthProbe(String app, long master, Supplier<StatsReply> ask, LongSupplier clock) {
        this.app = app;
        this.master = master;
        this.ask = ask;
        this.clock = clock;
    }

    /// @param target path and query of the request
    public ProbeAnswer answer(String target) {
        int mark = target.indexOf('?');
        String path = mark < 0 ? target : target.substring(0, mark);
        boolean verbose = path.equals(DETAIL) || mark >= 0 && target.startsWith("verbose", mark + 1);
        return switch (path) {
            case "/livez" -> live(verbose);
            case "/readyz", DETAIL -> answer(verbose, health -> health.ready(), "ready");
            case "/startupz" -> answer(verbose, health -> health.started(), "started");
            default -> ProbeAnswer.text(404, "there is /livez, /readyz, /startupz and " + DETAIL);
        };
    }

    private interface Question {
        boolean yes(Health health);
    }

    private ProbeAnswer live(boolean verbose) {
        return answer(verbose, _ -> true, "alive");
    }

    private ProbeAnswer answer(boolean verbose, Question question, String word) {
        refresh();
        StatsReply reply = last;
        if (reply == null) {
            Health unknown = new Health(Health.Status.DEGRADED, silence, false, false, 0);
            return verbose ? json(503, unknown, 0, new HealthJson()) : ProbeAnswer.text(503, silence);
        }
        boolean yes = question.yes(reply.health());
        int code = yes ? 200 : 503;
        if (verbose) {
            HealthJson detail = new HealthJson();
            reply.slots().forEach(slot -> detail.slot(slot.role(), slot.state()));
            long uptime = Math.max(0, System.currentTimeMillis() - reply.startedAtEpochMillis());
            return json(code, reply.health(), uptime, detail);
        }
        Health health = reply.health();
        return ProbeAnswer.text(code, yes ? word : health.status() + ": " + health.reason());
    }

    private ProbeAnswer json(int code, Health health, long uptime, HealthJson detail) {
        return ProbeAnswer.json(code, detail.write(app, master, uptime, health));
    }

    private void refresh() {
        if (asked && clock.getAsLong() - askedAt < FRESH_NANOS) {
            return;
        }
        try {
            last = ask.get();
        } catch (IllegalStateException e) {
            last = null;
            silence = String.valueOf(e.getMessage());
        }
        asked = true;
        askedAt = clock.getAsLong();
    }
}

package dev.muster.examples.demo;

import dev.muster.PipeType;
import dev.muster.ProcessContext;
import dev.muster.ProcessHandler;
import dev.muster.Server;
import dev.muster.ServerStats;
import dev.muster.UserProcess;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/// Pushes every second to all pages what the slots of the application are doing, and tells the workers that it has.
@UserProcess(every = "1s", pipe = PipeType.DATAGRAM)
public class MessagePushProcess implements ProcessHandler {
    private static final JsonMapper JSON = new JsonMapper();

    @Override
    public void handle(Server server, ProcessContext process) {
        List<Map<String, Object>> slots = new ArrayList<>();
        for (ServerStats.SlotStats slot : server.stats().slots()) {
            slots.add(Map.of(
                    "slot", slot.slot(),
                    "name", slot.name(),
                    "pid", slot.pid(),
                    "state", slot.state(),
                    "restarts", slot.restarts(),
                    "done", slot.unitsDone()));
        }
        int pages = server.broadcast(JSON.writeValueAsString(Map.of("kind", "slots", "slots", slots)));
        if (pages > 0) {
            // Nobody holds the pipe, so this reaches the listener of a worker.
            process.write(Integer.toString(pages));
        }
    }
}

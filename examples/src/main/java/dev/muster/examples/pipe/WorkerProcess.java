package dev.muster.examples.pipe;

import dev.muster.PipeType;
import dev.muster.ProcessContext;
import dev.muster.Server;
import dev.muster.UserProcess;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Says every two seconds that it has done something, and waits a moment for an answer.
@UserProcess(every = "2s", pipe = PipeType.DATAGRAM)
public final class WorkerProcess {
    private static final Logger LOG = LoggerFactory.getLogger(WorkerProcess.class);
    private static final JsonMapper JSON = new JsonMapper();

    public void run(Server server, ProcessContext process) {
        ObjectNode status = JSON.createObjectNode();
        status.put("type", "status");
        status.put("message", "processing is complete");
        status.put("time", Instant.now().getEpochSecond());
        // Nobody holds the pipe, so this reaches the listener of a worker.
        process.write(status.toString());
        process.read(Duration.ofSeconds(1)).ifPresent(answer -> LOG.info("the answer has {} bytes", answer.length));
    }
}

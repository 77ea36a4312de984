package dev.muster.examples.pipe;

import dev.muster.PipeMessage;
import dev.muster.Server;
import dev.muster.ServerEvents;
import dev.muster.ServerListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Is told what user processes write, and answers them.
@ServerEvents
public final class OnPipeMessageEvent implements ServerListener {
    private static final Logger LOG = LoggerFactory.getLogger(OnPipeMessageEvent.class);
    private static final JsonMapper JSON = new JsonMapper();

    @Override
    public void onPipeMessage(Server server, PipeMessage message) {
        JsonNode status = JSON.readTree(message.data());
        LOG.info("slot {} says: {}", message.source(), status.path("message").asString());
        server.sendMessage("seen by slot " + server.workerId(), message.source());
    }
}

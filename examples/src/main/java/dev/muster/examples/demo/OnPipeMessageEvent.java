package dev.muster.examples.demo;

import dev.muster.PipeMessage;
import dev.muster.Server;
import dev.muster.ServerEvents;
import dev.muster.ServerListener;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Hears in a worker what user processes write.
@ServerEvents
public class OnPipeMessageEvent implements ServerListener {
    private static final Logger log = LoggerFactory.getLogger(OnPipeMessageEvent.class);

    @Override
    public void onPipeMessage(Server server, PipeMessage message) {
        log.debug(
                "slot {} has pushed to {} pages", message.source(), new String(message.data(), StandardCharsets.UTF_8));
    }
}

package dev.muster.broker.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import org.junit.jupiter.api.Test;

final class PromptSocketsTest {
    @Test
    void saysAtOnceThatThereIsNothingToRead() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket driver = new PromptSockets().createSocket(server.getInetAddress(), server.getLocalPort());
                Socket accepted = server.accept()) {
            driver.setSoTimeout(1);
            assertThatThrownBy(() -> driver.getInputStream().read())
                    .isInstanceOf(SocketTimeoutException.class)
                    .hasMessage("there is nothing to read");

            accepted.getOutputStream().write('A');
            driver.setSoTimeout(10_000);
            assertThat(driver.getInputStream().read()).isEqualTo('A');

            // A longer time-out is one: whoever sends within it is heard.
            Thread _ = Thread.ofVirtual().start(() -> {
                try {
                    accepted.getOutputStream().write('B');
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            assertThat(driver.getInputStream().read()).isEqualTo('B');
        }
    }
}

package dev.muster.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TrafficTest {
    private final List<OutOfMemoryError> heard = new ArrayList<>();
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final Traffic traffic = new Traffic(channel, heard::add);

    @Test
    void whatIsHandedToTheSocketIsProgress() {
        channel.pipeline().addFirst(traffic);
        assertThat(traffic.progress()).isEqualTo(Traffic.Progress.NONE);
        assertThat(channel.writeOutbound(Unpooled.wrappedBuffer(new byte[17]))).isTrue();
        assertThat(traffic.progress()).isEqualTo(new Traffic.Progress(17, 0, 0, 0));
        assertThat(traffic.progress().owed()).isFalse();
    }

    @Test
    void anExhaustedMemoryIsTold() {
        channel.pipeline().addFirst(traffic);
        OutOfMemoryError failure = new OutOfMemoryError("simulated");
        channel.pipeline().fireExceptionCaught(failure);
        assertThat(heard).containsExactly(failure);
        assertThatThrownBy(channel::checkException).isSameAs(failure);
        channel.pipeline().fireExceptionCaught(new IllegalStateException("another"));
        assertThat(heard).hasSize(1);
        assertThatThrownBy(channel::checkException).hasMessage("another");
    }
}

package dev.muster.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class QueuedBytesTest {
    private final QueuedBytes queued = new QueuedBytes(100);

    @Test
    void theLimitIsForWhatWaitsBehindTheMessageThatIsBeingSent() {
        assertThat(queued.add(1_000)).isTrue();
        assertThat(queued.add(60)).isTrue();
        assertThat(queued.add(40)).isTrue();
        assertThat(queued.add(1)).isFalse();
        assertThat(queued.sum()).isEqualTo(1_100);
        queued.removeFirst();
        assertThat(queued.add(60)).as("the one of 60 is being sent").isTrue();
        assertThat(queued.add(1)).isFalse();
        assertThat(queued.sum()).isEqualTo(160);
    }

    @Test
    void oneMessageMayWaitWhateverItsSize() {
        assertThat(queued.add(1)).isTrue();
        assertThat(queued.add(1_000)).isTrue();
        assertThat(queued.add(0)).isFalse();
        queued.removeFirst();
        assertThat(queued.add(1_000)).as("behind the one that is being sent").isTrue();
        assertThat(queued.add(1)).isFalse();
    }

    @Test
    void whatCannotBeSentDoesNotCount() {
        assertThat(queued.add(10)).isTrue();
        assertThat(queued.add(20)).isTrue();
        queued.removeLast();
        assertThat(queued.sum()).isEqualTo(10);
        queued.removeFirst();
        assertThat(queued.sum()).isZero();
    }
}

package dev.muster.memory;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("degraded")
@Timeout(60)
@ResourceLock("shared memory of this JVM")
class ChannelTest {
    record Order(long id, String what, List<String> notes) {}

    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofMillis(150);
    private static final Channel<byte[]> BYTES = Channel.bytes("bytes", 5, 1000);
    private static final Channel<Order> ORDERS = Channel.json("orders", 16, 200, Order.class);

    private Application application;

    @BeforeEach
    void start() {
        application = Application.start();
    }

    @AfterEach
    void stop() {
        application.close();
    }

    @Test
    void messagesComeInTheirOrder() {
        for (int round = 0; round < 3; round++) {
            for (int length : new int[] {0, 1, 1000, 7, 300}) {
                assertThat(BYTES.offer(new byte[length])).isTrue();
            }
            assertThat(BYTES.size()).isEqualTo(5);
            for (int length : new int[] {0, 1, 1000, 7, 300}) {
                assertThat(BYTES.poll()).hasSize(length);
            }
            assertThat(BYTES.poll()).isNull();
        }
    }

    @Test
    void recordsAreMessages() throws Exception {
        Order order = new Order(7, "ä", List.of("a", "b"));
        ORDERS.put(order);
        assertThat(ORDERS.take()).isEqualTo(order);
        Channel.named("orders", 16, 200, Codec.bytes()).put("{\"id\":1,\"who\":2}".getBytes(UTF_8));
        assertThatThrownBy(ORDERS::poll)
                .isInstanceOf(MemoryException.class)
                .hasMessageContaining("a message of 16 bytes is no Order");
        assertThat(ORDERS.poll()).as("it is gone").isNull();
    }

    @Test
    @SuppressWarnings("NullAway")
    void nullIsNoMessage() throws Exception {
        assertThatThrownBy(() -> ORDERS.offer(null))
                .isInstanceOf(NullPointerException.class)
                .hasMessageContaining("message: a channel takes no null");
        assertThatThrownBy(() -> BYTES.offer(null, SHORT))
                .isInstanceOf(NullPointerException.class)
                .hasMessageContaining("message: a channel takes no null");
        assertThat(ORDERS.size()).isZero();
        Channel.named("orders", 16, 200, Codec.bytes()).put("null".getBytes(UTF_8));
        assertThatThrownBy(ORDERS::poll)
                .isInstanceOf(MemoryException.class)
                .hasMessageContaining("a message of 4 bytes is no Order: it is null");
    }

    @Test
    void aFullChannelTakesNoMore() throws Exception {
        for (int i = 0; i < 5; i++) {
            assertThat(BYTES.offer(new byte[i])).isTrue();
        }
        assertThat(BYTES.offer(new byte[9])).isFalse();
        long start = System.nanoTime();
        assertThat(BYTES.offer(new byte[9], SHORT)).isFalse();
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(SHORT.toNanos());
        assertThat(BYTES.poll()).isEmpty();
        assertThat(BYTES.offer(new byte[9], Duration.ZERO)).isTrue();
        assertThat(BYTES.size()).isEqualTo(5);
    }

    @Test
    void anEmptyChannelHasNothing() throws Exception {
        assertThat(BYTES.poll()).isNull();
        long start = System.nanoTime();
        assertThat(BYTES.poll(SHORT)).isNull();
        assertThat(BYTES.receive(Duration.ZERO)).isEmpty();
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(SHORT.toNanos());
        assertThat(BYTES.pollBytes(new byte[8], 8)).isEqualTo(-1);
    }

    @Test
    void nothingIsCut() {
        assertThatThrownBy(() -> BYTES.offer(new byte[1001]))
                .isInstanceOf(LimitException.class)
                .hasMessage(
                        "a message of 1001 bytes is too long for the channel bytes: its messages have at most 1000");
        BYTES.offer("abc".getBytes(UTF_8));
        byte[] target = new byte[8];
        assertThatThrownBy(() -> BYTES.pollBytes(target, 6))
                .isInstanceOf(LimitException.class)
                .hasMessage("the next message of the channel bytes has 3 bytes, and the array has room for 2");
        assertThat(BYTES.pollBytes(target, 5)).isEqualTo(3);
        assertThat(target).containsExactly(0, 0, 0, 0, 0, 'a', 'b', 'c');
        assertThatThrownBy(() -> BYTES.pollBytes(target, 9)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> BYTES.offerBytes(target, 6, 3)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> Channel.bytes("c", 0, 1)).hasMessageContaining("room for 0 messages: legal are 1 to");
        assertThatThrownBy(() -> Channel.bytes("c", 1, 0)).hasMessageContaining("messages of 0 bytes: legal are 1 to");
    }

    @Test
    void anotherSchemaIsAnError() {
        BYTES.offer(new byte[1]);
        assertThatThrownBy(() -> Channel.bytes("bytes", 6, 1000).poll())
                .isInstanceOf(MemoryException.class)
                .hasMessageContaining("'messages=6 bytes=1000'")
                .hasMessageContaining("'messages=5 bytes=1000'");
    }

    @Test
    void aClosedChannelCanBeEmptied() throws Exception {
        BYTES.put(new byte[1]);
        BYTES.put(new byte[2]);
        assertThat(BYTES.closed()).isFalse();
        BYTES.close();
        BYTES.close();
        assertThat(BYTES.closed()).isTrue();
        assertThatThrownBy(() -> BYTES.offer(new byte[3]))
                .isInstanceOf(ChannelClosedException.class)
                .hasMessage("the channel bytes is closed: it takes no messages any more");
        assertThat(BYTES.take()).hasSize(1);
        assertThat(BYTES.drained()).isFalse();
        try (Delivery<byte[]> last = BYTES.receive(LONG).orElseThrow()) {
            assertThat(last.message()).hasSize(2);
            assertThat(BYTES.drained()).as("it may come back").isFalse();
            last.confirm();
        }
        assertThat(BYTES.drained()).isTrue();
        assertThat(BYTES.poll(LONG)).isNull();
        assertThat(BYTES.receive(LONG)).isEmpty();
        assertThatThrownBy(BYTES::take).isInstanceOf(ChannelClosedException.class);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whoWaitsIsToldOfTheClose(boolean virtual) throws Exception {
        for (int i = 0; i < 5; i++) {
            BYTES.put(new byte[1]);
        }
        AtomicReference<Throwable> producer = new AtomicReference<>();
        AtomicReference<Throwable> consumer = new AtomicReference<>();
        Thread.Builder builder = virtual ? Thread.ofVirtual() : Thread.ofPlatform();
        Thread one = builder.start(() -> {
            try {
                BYTES.put(new byte[2]);
            } catch (ChannelClosedException | InterruptedException e) {
                producer.set(e);
            }
        });
        Thread other = builder.start(() -> {
            try {
                ORDERS.take();
            } catch (ChannelClosedException | InterruptedException e) {
                consumer.set(e);
            }
        });
        BYTES.close();
        ORDERS.close();
        one.join();
        other.join();
        assertThat(producer.get()).isInstanceOf(ChannelClosedException.class);
        assertThat(consumer.get()).isInstanceOf(ChannelClosedException.class);
    }

    @Test
    void whatIsNotConfirmedComesBackFirst() throws Exception {
        for (int i = 0; i < 3; i++) {
            BYTES.put(new byte[i]);
        }
        Delivery<byte[]> first = BYTES.receive(LONG).orElseThrow();
        assertThat(first.message()).isEmpty();
        assertThat(first.deliveries()).isEqualTo(1);
        assertThat(BYTES.size()).isEqualTo(2);
        assertThat(BYTES.stats().unconfirmed()).isEqualTo(1);
        first.giveBack();
        assertThatThrownBy(first::confirm).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(first::giveBack).isInstanceOf(IllegalStateException.class);
        first.close();
        List<Integer> lengths = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Delivery<byte[]> next = BYTES.receive(LONG).orElseThrow();
            lengths.add(next.message().length);
            if (next.message().length == 0) {
                assertThat(next.deliveries()).isEqualTo(2);
            }
            next.confirm();
        }
        assertThat(lengths).containsExactlyInAnyOrder(0, 1, 2);
        assertThat(BYTES.stats().unconfirmed()).isZero();
        assertThat(BYTES.stats().returned()).isEqualTo(1);
    }

    @Test
    void whoDoesNotConfirmGetsWhatCameBackToo() throws Exception {
        BYTES.put(new byte[7]);
        BYTES.receive(LONG).orElseThrow().giveBack();
        assertThat(BYTES.take()).hasSize(7);
        assertThat(BYTES.stats().unconfirmed()).isZero();
    }

    @Test
    void aMessageThatFindsNoMemoryIsGivenBack() throws Exception {
        Process hungry = application.process(HungryConsumer.class, List.of());
        Channel<byte[]> channel = HungryConsumer.CHANNEL;
        channel.put(new byte[1]);
        channel.put(new byte[HungryConsumer.LARGE]);
        try (BufferedReader said = hungry.inputReader()) {
            assertThat(said.readLine()).isEqualTo(HungryConsumer.REFUSED);
            Delivery<byte[]> again = channel.receive(LONG).orElseThrow();
            assertThat(again.message()).hasSize(HungryConsumer.LARGE);
            assertThat(again.deliveries()).isEqualTo(2);
            again.confirm();
            assertThat(hungry.isAlive()).isTrue();
        }
    }

    @Test
    void whoWaitsForAHandOrForTheEndIsWokenByWhoTakes() {
        ChannelLayout layout = new ChannelLayout("direct", 5, 10);
        ChannelFile file = new ChannelFile(
                application
                        .directory
                        .regions()
                        .open(RegionKind.CHANNEL, "direct", layout.schema(), layout.fileLength, _ -> {}),
                layout);
        byte[] bytes = new byte[10];
        assertThat(file.offer(bytes, 0, 1)).isTrue();
        assertThat(wakesConsumers(file, () -> file.poll(bytes, 0, 10)))
                .as("nothing changes for them")
                .isFalse();
        assertThat(file.offer(bytes, 0, 1)).isTrue();
        file.giveBack(file.receive());
        assertThat(wakesConsumers(file, () -> file.poll(bytes, 0, 10)))
                .as("a hand is free")
                .isTrue();
        assertThat(file.offer(bytes, 0, 1)).isTrue();
        file.close();
        assertThat(wakesConsumers(file, () -> file.poll(bytes, 0, 10)))
                .as("nothing will come any more")
                .isTrue();
    }

    private static boolean wakesConsumers(ChannelFile file, IntSupplier take) {
        int ticket = file.notEmpty.ticket();
        file.notEmpty.announce();
        assertThat(take.getAsInt()).isEqualTo(1);
        return file.notEmpty.ticket() != ticket;
    }

    @Test
    void onlySoManyMessagesCanBeUnconfirmed() throws Exception {
        Channel<byte[]> large = Channel.bytes("large", 200, 8);
        for (int i = 0; i < 129; i++) {
            large.put(new byte[8]);
        }
        List<Delivery<byte[]>> unconfirmed = new ArrayList<>();
        for (int i = 0; i < 128; i++) {
            unconfirmed.add(large.receive(LONG).orElseThrow());
        }
        assertThat(large.receive(SHORT)).isEmpty();
        unconfirmed.get(77).confirm();
        assertThat(large.receive(SHORT)).isPresent();
    }

    @Test
    void aWaitCanBeInterrupted() throws Exception {
        AtomicReference<Throwable> ended = new AtomicReference<>();
        Thread thread = Thread.ofPlatform().start(() -> {
            try {
                BYTES.take();
            } catch (InterruptedException e) {
                ended.set(e);
            }
        });
        thread.interrupt();
        assertThat(thread.join(Duration.ofSeconds(5))).isTrue();
        assertThat(ended.get()).isInstanceOf(InterruptedException.class);
        BYTES.put(new byte[1]);
        assertThat(BYTES.size()).isEqualTo(1);
    }

    @Test
    void figuresAreTold() throws Exception {
        BYTES.put(new byte[1]);
        BYTES.put(new byte[1]);
        BYTES.take();
        ChannelStats stats = BYTES.stats();
        assertThat(stats.name()).isEqualTo("bytes");
        assertThat(stats.size()).isEqualTo(1);
        assertThat(stats.capacity()).isEqualTo(5);
        assertThat(stats.messageBytes()).isEqualTo(1000);
        assertThat(stats.put()).isEqualTo(2);
        assertThat(stats.taken()).isEqualTo(1);
        assertThat(stats.lost()).isZero();
        assertThat(stats.closed()).isFalse();
    }
}

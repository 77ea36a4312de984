package dev.muster.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.memory.ChannelLedger.Line;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Kills producers and consumers in the middle, at random moments and at every named place. What was put for certain is
/// taken once, but for one message a killed consumer; with confirmation none is missing. Within a second of each end
/// the others go on.
///
/// `-Dmuster.kills=1000` makes a campaign of it, `-Dmuster.seed=N` another one.
@Timeout(3600)
@ResourceLock("shared memory of this JVM")
class ChannelKillTest {
    private static final int KILLS = Integer.getInteger("muster.kills", 5);
    private static final long SEED = Long.getLong("muster.seed", 1);
    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    Path dir;

    private final Set<Line> put = new HashSet<>();
    private final List<Line> taken = new ArrayList<>();
    private int producers;
    private int consumers;

    @ParameterizedTest
    @ValueSource(strings = {"take", "confirm"})
    void atRandomMoments(String how) throws Exception {
        Random random = new Random(SEED);
        try (Application application = Application.start()) {
            for (int kill = 0; kill < KILLS; kill++) {
                boolean producer = random.nextBoolean();
                Process victim = producer ? producer(application, List.of()) : consumer(application, List.of(), how);
                Process partner = producer ? consumer(application, List.of(), how) : producer(application, List.of());
                long before = ChannelWorker.CHANNEL.stats().taken();
                awaitTaken(before + 20 + random.nextInt(2_000), LONG);
                victim.destroyForcibly();
                assertThat(victim.waitFor()).isEqualTo(128 + 9);
                goesOn();
                partner.destroyForcibly();
                partner.waitFor();
                goesOn();
            }
            account(how, 2 * KILLS);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "take,put.filled,",
        "take,put.done,",
        "take,tail.unlock,",
        "take,put.unlocked,",
        "take,,take.copied",
        "take,,take.moved",
        "take,,head.unlock",
        "take,,take.unlocked",
        "confirm,,receive.filled",
        "confirm,,receive.moved",
        "confirm,,confirmed",
        "confirm,wake.lowered,"
    })
    void at(String how, String producerPlace, String consumerPlace) throws Exception {
        Random random = new Random(SEED);
        int times = Math.max(1, KILLS / 50);
        try (Application application = Application.start()) {
            for (int kill = 0; kill < times; kill++) {
                Process producer = producer(application, fault(producerPlace, random));
                Process consumer = consumer(application, fault(consumerPlace, random), how);
                Process victim = producerPlace == null ? consumer : producer;
                Process partner = producerPlace == null ? producer : consumer;
                assertThat(victim.waitFor(60, TimeUnit.SECONDS)).isTrue();
                assertThat(victim.exitValue()).isEqualTo(128 + 9);
                goesOn();
                partner.destroyForcibly();
                partner.waitFor();
                goesOn();
            }
            account(how, 2 * times);
            if ("take.moved".equals(consumerPlace)) {
                assertThat(ChannelWorker.CHANNEL.stats().lost()).isEqualTo(times);
            }
            if ("receive.moved".equals(consumerPlace)) {
                assertThat(ChannelWorker.CHANNEL.stats().returned()).isGreaterThanOrEqualTo(times);
            }
        }
    }

    @Test
    void whatADeadConsumerHadNotConfirmedComesBackSoon() throws Exception {
        try (Application application = Application.start()) {
            ChannelWorker.CHANNEL.put(ChannelWorker.message(1, 2));
            Process consumer = application.process(
                    ChannelWorker.class,
                    List.of("-D" + FaultPoint.PLACE + "=receive.moved"),
                    "confirm",
                    dir.resolve("got").toString());
            assertThat(consumer.waitFor()).isEqualTo(128 + 9);
            long start = System.nanoTime();
            try (Delivery<byte[]> again = ChannelWorker.CHANNEL.receive(LONG).orElseThrow()) {
                assertThat(System.nanoTime() - start).isLessThan(1_000_000_000);
                assertThat(again.message()).isEqualTo(ChannelWorker.message(1, 2));
                assertThat(again.deliveries()).isEqualTo(2);
                again.confirm();
            }
            assertThat(ChannelWorker.CHANNEL.size()).isZero();
        }
    }

    @Test
    void aMessageThatCameBackAndIsLostIsCounted() throws Exception {
        try (Application application = Application.start()) {
            ChannelWorker.CHANNEL.put(ChannelWorker.message(1, 2));
            ChannelWorker.CHANNEL.receive(LONG).orElseThrow().giveBack();
            dies(application, "return.consumed");
            assertThat(ChannelWorker.CHANNEL.poll()).isNull();
            assertThat(ChannelWorker.CHANNEL.stats().unconfirmed()).isZero();
            assertThat(ChannelWorker.CHANNEL.stats().lost()).isEqualTo(1);
        }
    }

    @Test
    void aLossIsNotCountedAgainWhenWhoMendsDiesToo() throws Exception {
        try (Application application = Application.start()) {
            ChannelWorker.CHANNEL.put(ChannelWorker.message(1, 2));
            dies(application, "take.moved");
            dies(application, "mend.counted");
            assertThat(ChannelWorker.CHANNEL.poll()).isNull();
            assertThat(ChannelWorker.CHANNEL.stats().lost()).isEqualTo(1);
        }
    }

    private void dies(Application application, String place) throws Exception {
        Process consumer = consumer(application, List.of("-D" + FaultPoint.PLACE + "=" + place), "take");
        assertThat(consumer.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(consumer.exitValue()).isEqualTo(128 + 9);
    }

    private Process producer(Application application, List<String> options) throws Exception {
        int number = producers++;
        return application.process(
                ChannelWorker.class,
                options,
                "put",
                "" + number,
                "0",
                dir.resolve("put" + number).toString());
    }

    private Process consumer(Application application, List<String> options, String how) throws Exception {
        int number = consumers++;
        return application.process(
                ChannelWorker.class, options, how, dir.resolve("got" + number).toString());
    }

    private static List<String> fault(String place, Random random) {
        return place == null
                ? List.of()
                : List.of(
                        "-D" + FaultPoint.PLACE + "=" + place,
                        "-D" + FaultPoint.COUNT + "=" + (1 + (place.startsWith("wake") ? 0 : random.nextInt(500))));
    }

    /// Takes what is in it and puts something in, as another process would. A partner that lives goes on filling
    /// it.
    private void goesOn() {
        long start = System.nanoTime();
        byte[] message = ChannelWorker.message(-1, start);
        do {
            drain();
            assertThat(System.nanoTime() - start).isLessThan(1_000_000_000);
        } while (!ChannelWorker.CHANNEL.offer(message));
        put.add(new Line(-1, start));
    }

    private void drain() {
        // A partner that lives goes on putting: not more than what was in it.
        for (int left = ChannelWorker.CHANNEL.size(); left > 0; left--) {
            byte[] message = ChannelWorker.CHANNEL.poll();
            if (message != null) {
                note(message);
            }
        }
    }

    private void note(byte[] message) {
        ChannelWorker.check(message);
        ByteBuffer stamp = ByteBuffer.wrap(message);
        taken.add(new Line(stamp.getLong(), stamp.getLong()));
    }

    private void awaitTaken(long count, Duration limit) throws InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        while (ChannelWorker.CHANNEL.stats().taken() < count) {
            assertThat(System.nanoTime() - end).as("messages flow").isNegative();
            Thread.sleep(1);
        }
    }

    private void account(String how, int kills) throws InterruptedException {
        byte[] message = ChannelWorker.CHANNEL.poll(Duration.ofMillis(300));
        while (message != null) {
            note(message);
            message = ChannelWorker.CHANNEL.poll(Duration.ofMillis(300));
        }
        ChannelStats stats = ChannelWorker.CHANNEL.stats();
        assertThat(stats.size()).isZero();
        assertThat(stats.unconfirmed()).isZero();
        for (int i = 0; i < producers; i++) {
            put.addAll(ChannelLedger.read(dir.resolve("put" + i)));
        }
        for (int i = 0; i < consumers; i++) {
            taken.addAll(ChannelLedger.read(dir.resolve("got" + i)));
        }
        Set<Line> seen = new HashSet<>(taken);
        int twice = taken.size() - seen.size();
        Set<Line> missing = new HashSet<>(put);
        missing.removeAll(seen);
        Set<Line> unnoted = new HashSet<>(seen);
        unnoted.removeAll(put);
        System.out.printf(
                "channel %s: %d kills, %d messages, %d missing (%d counted as lost), %d twice, seed %d%n",
                how, kills, seen.size(), missing.size(), stats.lost(), twice, SEED);
        // A producer may be killed between putting a message and writing that down.
        assertThat(unnoted.size()).isLessThanOrEqualTo(producers);
        assertThat(seen.size() + missing.size() - unnoted.size()).isEqualTo(put.size());
        if (how.equals("confirm")) {
            assertThat(missing).isEmpty();
            assertThat(twice).isLessThanOrEqualTo(consumers);
            assertThat(stats.lost()).isZero();
        } else {
            assertThat(missing.size()).isLessThanOrEqualTo(consumers);
            assertThat(twice).isZero();
            assertThat(stats.lost()).isLessThanOrEqualTo(missing.size());
        }
    }
}

package dev.muster.message;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.muster.ConnectionInfo;
import dev.muster.Connections;
import dev.muster.MessageException;
import dev.muster.MessageException.Reason;
import dev.muster.PipeType;
import dev.muster.Role;
import dev.muster.web.ConnectionIds;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Connections of web workers, asked for by other processes and by themselves.
@Timeout(30)
class ConnectionsTest {
    @TempDir
    private Path directory;

    private Neighbours neighbours;
    private Neighbours.Web one;
    private Neighbours.Web two;
    private Connections asker;

    @BeforeEach
    void begin() throws IOException {
        neighbours = new Neighbours(directory);
        one = neighbours.web(1);
        two = neighbours.web(2);
        asker = neighbours.open(7, Role.USER).connections();
    }

    @AfterEach
    void end() throws IOException {
        neighbours.close();
        try (Stream<Path> left = Files.list(directory)) {
            assertThat(left.map(file -> String.valueOf(file.getFileName()))).noneMatch(name -> name.contains("c"));
        }
    }

    @Test
    void aPushReachesItsConnectionAndNoOther() {
        long first = one.desk().open("/a");
        long second = two.desk().open("/b");
        assertThat(asker.push(first, "grüß")).isTrue();
        assertThat(asker.push(second, new byte[] {1, 2})).isTrue();
        assertThat(asker.push(second, "")).isTrue();
        assertThat(texts(one, first)).containsExactly("grüß");
        assertThat(two.desk().sent(second)).extracting(MemoryDesk.Sent::text).containsExactly(false, true);
        assertThat(two.desk().sent(second).getFirst().data()).containsExactly(1, 2);
        assertThat(two.desk().sent(second).getLast().data()).isEmpty();
    }

    @Test
    void whatIsNotThereIsAnsweredAndNotThrown() {
        long gone = one.desk().open("/");
        assertThat(asker.close(gone, 1000, "")).isTrue();
        for (long id :
                List.of(gone, ConnectionIds.of(one.life(), 99), ConnectionIds.of(4_000, 1), 0L, -1L, 1L << 53, 7L)) {
            assertThat(asker.push(id, "x")).isFalse();
            assertThat(asker.push(id, new byte[1])).isFalse();
            assertThat(asker.close(id, 1000, "")).isFalse();
            assertThat(asker.isEstablished(id)).isFalse();
            assertThat(asker.exists(id)).isFalse();
            assertThat(asker.connection(id)).isEmpty();
            assertThat(asker.bind(id, "u")).isFalse();
        }
        assertThat(asker.push(List.of(gone, 0L, 7L, ConnectionIds.of(4_000, 1)), "x"))
                .isZero();
    }

    @Test
    void allWorkersAreAsked() {
        assertThat(asker.connections()).isEmpty();
        assertThat(asker.broadcast("nobody")).isZero();
        long first = one.desk().open("/a");
        long second = two.desk().open("/b");
        long third = two.desk().open("/c");
        assertThat(asker.connections()).containsExactlyInAnyOrder(first, second, third);
        assertThat(asker.broadcast("all")).isEqualTo(3);
        assertThat(asker.broadcast(new byte[] {7})).isEqualTo(3);
        assertThat(texts(one, first)).containsExactly("all", "\7");
        assertThat(texts(two, second)).containsExactly("all", "\7");
        assertThat(texts(two, third)).containsExactly("all", "\7");
    }

    @Test
    void aConnectionTellsWhatIsKnownOfIt() {
        long id = one.desk().open("/höhe");
        assertThat(asker.bind(id, 42)).isTrue();
        ConnectionInfo info = asker.connection(id).orElseThrow();
        assertThat(info)
                .isEqualTo(new ConnectionInfo(
                        id,
                        1,
                        "[2001:db8::1]:4711",
                        "/höhe",
                        MemoryDesk.OPENED,
                        MemoryDesk.OPENED.plusNanos(1),
                        "42",
                        0));
        assertThat(asker.exists(id)).isTrue();
        assertThat(asker.isEstablished(id)).isTrue();
    }

    @Test
    void aUserHasConnectionsInSeveralWorkers() {
        long first = one.desk().open("/");
        long second = two.desk().open("/");
        long other = two.desk().open("/");
        String longest = "ü".repeat(127) + "x";
        assertThat(asker.bind(first, longest)).isTrue();
        assertThat(asker.bind(second, longest)).isTrue();
        assertThat(asker.bind(other, "somebody else")).isTrue();
        assertThat(asker.connectionsOf(longest)).containsExactlyInAnyOrder(first, second);
        assertThat(asker.bind(second, "the last word")).isTrue();
        assertThat(asker.connectionsOf(longest)).containsExactly(first);
        assertThat(asker.connectionsOf("nobody")).isEmpty();
    }

    @Test
    void closingTellsCodeAndReason() {
        long id = one.desk().open("/");
        assertThat(asker.close(id, 4999, "ü".repeat(61) + "x")).isTrue();
        assertThat(one.desk().ends()).containsExactly(id + " 4999 " + "ü".repeat(61) + "x");
    }

    @Test
    void argumentsThatCannotBeAreNamed() {
        long id = one.desk().open("/");
        for (int code : List.of(0, 999, 1002, 1004, 1005, 1006, 1014, 1015, 2999, 5000, -1, 66_536)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> asker.close(id, code, ""))
                    .withMessageContaining("code " + code)
                    .withMessageContaining("3000 to 4999");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> asker.close(id, 1000, "ü".repeat(62)))
                .withMessageContaining("124 bytes")
                .withMessageContaining("at most 123");
        for (String user : List.of("", "ü".repeat(128))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> asker.bind(id, user))
                    .withMessageContaining("must have 1 to 255");
            assertThatIllegalArgumentException().isThrownBy(() -> asker.connectionsOf(user));
            // The same for a worker itself.
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> one.connections().bind(id, user));
        }
        byte[] tooLong = new byte[Neighbours.LIMITS.maxSize() + 1];
        for (Connections each : List.of(asker, one.connections())) {
            for (ThrowingCallable half : List.<ThrowingCallable>of(
                    () -> each.push(id, "a\uD800"),
                    () -> each.push(List.of(id), "a\uD800"),
                    () -> each.broadcast("a\uD800"),
                    () -> each.close(id, 1000, "a\uD800"),
                    () -> each.bind(id, "a\uD800"))) {
                assertThatIllegalArgumentException()
                        .isThrownBy(half)
                        .withMessageContaining("2 characters that contains half of a surrogate pair");
            }
            assertThat(refused(() -> each.push(id, tooLong)).reason()).isEqualTo(Reason.TOO_LARGE);
            assertThat(refused(() -> each.push(List.of(id), tooLong)).reason()).isEqualTo(Reason.TOO_LARGE);
            assertThat(refused(() -> each.broadcast(tooLong)))
                    .hasMessageContaining("65537 bytes, at most 65536 (messages.maxSize)");
        }
        assertThat(one.desk().sent(id)).isEmpty();
        byte[] longest = new byte[Neighbours.LIMITS.maxSize()];
        assertThat(asker.push(id, longest)).isTrue();
        assertThat(one.desk().sent(id).getFirst().data()).isEqualTo(longest);
    }

    @Test
    void aPushToManyIsGroupedByWorkerAndCutWhereItIsLong() {
        List<Long> ids = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            ids.add((i % 2 == 0 ? one : two).desk().open("/"));
        }
        ids.add(ConnectionIds.of(one.life(), 1_000_000));
        ids.add(ids.getFirst());
        assertThat(asker.push(ids, "to many")).isEqualTo(20_001);
        assertThat(texts(one, ids.getFirst())).containsExactly("to many", "to many");
        for (long id : ids.subList(1, 20_000)) {
            assertThat(texts(ConnectionIds.life(id) == one.life() ? one : two, id))
                    .containsExactly("to many");
        }
        // From a worker, to itself and the other one.
        byte[] data = {1};
        assertThat(one.connections().push(ids.subList(0, 4), data)).isEqualTo(4);
        data[0] = 9;
        assertThat(one.desk().sent(ids.getFirst()).getLast().data()).containsExactly(1);
        assertThat(two.desk().sent(ids.get(3)).getLast().data()).containsExactly(1);
        assertThat(asker.push(List.of(), "x")).isZero();
    }

    @Test
    void aWorkerAsksItselfWithoutASocket() throws IOException {
        long own = one.desk().open("/own");
        long other = two.desk().open("/other");
        Files.delete(directory.resolve("c" + one.life()));
        assertThat(asker.push(own, "not to be found")).isFalse();
        Connections self = one.connections();
        byte[] data = {5};
        assertThat(self.push(own, data)).isTrue();
        data[0] = 6;
        assertThat(one.desk().sent(own).getFirst().data()).containsExactly(5);
        assertThat(self.bind(own, "me")).isTrue();
        assertThat(self.connectionsOf("me")).containsExactly(own);
        assertThat(self.connections()).containsExactlyInAnyOrder(own, other);
        assertThat(self.broadcast("all")).isEqualTo(2);
        assertThat(self.connection(own)).isPresent();
        assertThat(self.isEstablished(own)).isTrue();
        assertThat(self.push(other, "beside")).isTrue();
        assertThat(self.close(own, 1001, "done")).isTrue();
        assertThat(self.exists(own)).isFalse();
    }

    @Test
    void whoDrainsIsAskedBesideItsHeirUntilItIsGone() throws IOException {
        long before = one.desk().open("/");
        assertThat(asker.push(before, "1")).isTrue();
        one.post().leave();
        Neighbours.Web heir = neighbours.web(1);
        long after = heir.desk().open("/");
        assertThat(asker.push(before, "2")).isTrue();
        assertThat(asker.push(after, "3")).isTrue();
        assertThat(asker.connections()).containsExactlyInAnyOrder(before, after);
        assertThat(heir.connections().push(before, "4")).isTrue();
        int _ = one.post().close();
        assertThat(directory.resolve("c" + one.life())).doesNotExist();
        assertThat(asker.push(before, "5")).isFalse();
        assertThat(asker.connections()).containsExactly(after);
        assertThat(texts(one, before)).containsExactly("1", "2", "4");
    }

    @Test
    void aSlotThatIsPausedHasItsConnections() {
        long id = one.desk().open("/");
        one.post().pause();
        assertThat(asker.push(id, "still")).isTrue();
    }

    @Test
    void theSocketOfADeadProcessIsRemovedByWhoeverFindsIt() throws IOException {
        dead(50);
        assertThat(asker.push(ConnectionIds.of(50, 1), "x")).isFalse();
        assertThat(directory.resolve("c50")).doesNotExist();
        dead(51);
        assertThat(asker.connections()).isEmpty();
        assertThat(directory.resolve("c51")).doesNotExist();
        dead(52);
        Neighbours.Web _ = neighbours.web(3);
        assertThat(directory.resolve("c52")).doesNotExist();
    }

    /// Those that live lose nothing by it.
    @Test
    void theSweepLeavesTheLiving() throws IOException {
        long id = one.desk().open("/");
        Neighbours.Web _ = neighbours.web(3);
        assertThat(asker.push(id, "x")).isTrue();
    }

    @Test
    void aConnectionThatEndsWhileItsProcessLivesIsNotTakenForItsDeath() throws Exception {
        // It has to wait until there is another process.
        Connections patient =
                neighbours.open(8, Role.USER, PipeType.NONE, Neighbours.PATIENT).connections();
        int life = neighbours.nextLife();
        Path path = directory.resolve("c" + life);
        try (ServerSocketChannel broken = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            var _ = broken.bind(UnixDomainSocketAddress.of(path));
            long id = ConnectionIds.of(life, 1);
            CompletableFuture<Boolean> pushed = CompletableFuture.supplyAsync(() -> patient.push(id, "once"));
            try (SocketChannel guest = broken.accept()) {
                ByteBuffer all = ByteBuffer.allocate(2 * Frame.HEADER + Incoming.HELLO_LENGTH + 14);
                while (all.hasRemaining()) {
                    assertThat(guest.read(all)).isPositive();
                }
                Neighbours.Web web = neighbours.web(4);
                assertThat(web.life()).isEqualTo(life);
                assertThat(web.desk().open("/")).isEqualTo(id);
            }
            assertThatExceptionOfType(CompletionException.class)
                    .isThrownBy(pushed::join)
                    .havingCause()
                    .isInstanceOfSatisfying(MessageException.class, e -> {
                        assertThat(e.reason()).isEqualTo(Reason.LOST);
                        assertThat(e.mayBeReceived()).isTrue();
                    })
                    .withMessageContaining("process " + life + " in slot 4 did not answer, and its process lives");
            assertThat(asker.push(id, "again")).isTrue();
        }
    }

    @Test
    void noAnswerIsSaidInTimeAndTheOthersAreAsked() throws IOException {
        Connections hurried = neighbours
                .open(8, Role.USER, PipeType.NONE, Neighbours.IMPATIENT)
                .connections();
        long first = one.desk().open("/");
        long second = two.desk().open("/");
        // Two that never answer: one with a full queue of connections, one that lets everybody in.
        try (ServerSocketChannel silent = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
                ServerSocketChannel full = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            var _ = silent.bind(UnixDomainSocketAddress.of(directory.resolve("c70")));
            var _ = full.bind(UnixDomainSocketAddress.of(directory.resolve("c71")), 1);
            List<SocketChannel> crowd = crowd(directory.resolve("c71"));
            long start = System.nanoTime();
            MessageException late = refused(() -> hurried.broadcast("all"));
            assertThat(System.nanoTime() - start).isBetween(300_000_000L, 5_000_000_000L);
            assertThat(late.reason()).isEqualTo(Reason.TIMEOUT);
            assertThat(late.mayBeReceived()).isTrue();
            assertThat(late)
                    .hasMessageContaining("process 70 did not answer within 300 ms (messages.sendTimeout)")
                    .hasMessageContaining("process 71 did not answer within 300 ms (messages.sendTimeout): its socket"
                            + " cannot be connected to (Resource temporarily unavailable); it has not got what was"
                            + " asked")
                    .hasMessageContaining("it was queued for 2 connections of the others");
            assertThat(texts(one, first)).containsExactly("all");
            assertThat(texts(two, second)).containsExactly("all");
            assertThat(refused(hurried::connections).reason()).isEqualTo(Reason.TIMEOUT);
            assertThat(refused(() -> hurried.connectionsOf("u")).reason()).isEqualTo(Reason.TIMEOUT);
            assertThat(refused(() -> hurried.push(List.of(first, ConnectionIds.of(71, 1)), "many")))
                    .hasMessageContaining("queued for 1 connections")
                    .extracting(MessageException::mayBeReceived)
                    .isEqualTo(false);
            assertThat(hurried.push(first, "alone")).isTrue();
            for (SocketChannel each : crowd) {
                each.close();
            }
        } finally {
            Files.delete(directory.resolve("c70"));
            Files.delete(directory.resolve("c71"));
        }
    }

    @Test
    void anInterruptEndsTheWait() throws IOException {
        try (ServerSocketChannel silent = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            var _ = silent.bind(UnixDomainSocketAddress.of(directory.resolve("c70")));
            Thread.currentThread().interrupt();
            assertThatIllegalStateException()
                    .isThrownBy(() -> asker.push(ConnectionIds.of(70, 1), "x"))
                    .withMessageContaining("interrupted");
            assertThat(Thread.interrupted()).isTrue();
        } finally {
            Files.delete(directory.resolve("c70"));
        }
    }

    @Test
    void theThreadOfThePostIsNotMadeToWaitForItself() {
        Post worker = neighbours.open(5, Role.TASK);
        Post sender = neighbours.open(6, Role.POOL);
        long id = one.desk().open("/");
        CompletableFuture<Boolean> pushed = sender.submit(new byte[1])
                .result()
                .thenApply(_ -> sender.connections().push(id, "x"));
        Neighbours.take(worker).result(new byte[0]);
        assertThatExceptionOfType(CompletionException.class)
                .isThrownBy(pushed::join)
                .withMessageContaining("thenApplyAsync");
    }

    /// Fills the queue of connections.
    private static List<SocketChannel> crowd(Path path) {
        List<SocketChannel> crowd = new ArrayList<>();
        try {
            while (true) {
                crowd.add(Door.connect(path));
            }
        } catch (IOException _) {
            return crowd;
        }
    }

    private void dead(int life) throws IOException {
        try (ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            var _ = socket.bind(UnixDomainSocketAddress.of(directory.resolve("c" + life)));
        }
        assertThat(directory.resolve("c" + life)).exists();
    }

    private static List<String> texts(Neighbours.Web web, long id) {
        return web.desk().sent(id).stream()
                .map(sent -> new String(sent.data(), UTF_8))
                .toList();
    }

    private static MessageException refused(ThrowingCallable call) {
        return catchThrowableOfType(MessageException.class, call);
    }
}

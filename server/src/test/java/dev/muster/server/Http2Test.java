package dev.muster.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.muster.Server;
import dev.muster.ServerListener;
import dev.muster.WebRequest;
import dev.muster.WebResponse;
import dev.muster.server.Http2Line.Frame;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Clients of HTTP/2 that break its rules: they lose their connection or their stream, and nobody else notices.
@Timeout(60)
class Http2Test {
    /// RFC 9113, section 7.
    private static final int PROTOCOL_ERROR = 1;

    private static final int FRAME_SIZE_ERROR = 6;
    private static final int COMPRESSION_ERROR = 9;
    private static final int ENHANCE_YOUR_CALM = 11;

    /// RFC 7541, appendix A.
    private static final int STATUS_400 = 0x8c;

    private final AtomicInteger asked = new AtomicInteger();
    private volatile String answer = "hello";

    private TestHost host(String... sets) throws Exception {
        ServerListener listener = new ServerListener() {
            @Override
            public void onRequest(Server server, WebRequest request, WebResponse response) {
                int _ = asked.incrementAndGet();
                response.end(answer);
            }
        };
        TestHost host = TestHost.of(listener, sets);
        VertxServer _ = host.serve();
        return host;
    }

    private static byte[] get(int stream) {
        return Http2Line.bytes(Http2Line.HEADERS, Http2Line.END_STREAM | Http2Line.END_HEADERS, stream, Http2Line.GET);
    }

    private static Stream<Arguments> brokenRules() {
        return Stream.of(
                arguments("DATA for no stream", PROTOCOL_ERROR, Http2Line.bytes(Http2Line.DATA, 0, 0, (byte) 1)),
                arguments("HEADERS for no stream", PROTOCOL_ERROR, get(0)),
                arguments("a stream of the server's", PROTOCOL_ERROR, get(2)),
                arguments(
                        "SETTINGS of five bytes",
                        FRAME_SIZE_ERROR,
                        Http2Line.bytes(Http2Line.SETTINGS, 0, 0, new byte[5])),
                arguments("PING of seven bytes", FRAME_SIZE_ERROR, Http2Line.bytes(Http2Line.PING, 0, 0, new byte[7])),
                arguments(
                        "a frame over the limit",
                        FRAME_SIZE_ERROR,
                        Http2Line.bytes(Http2Line.DATA, 0, 1, new byte[(16 << 10) + 1])),
                arguments(
                        "a push of the client's",
                        PROTOCOL_ERROR,
                        Http2Line.bytes(Http2Line.PUSH_PROMISE, Http2Line.END_HEADERS, 1, new byte[] {0, 0, 0, 2})),
                arguments(
                        "a continuation of nothing",
                        PROTOCOL_ERROR,
                        Http2Line.bytes(Http2Line.CONTINUATION, Http2Line.END_HEADERS, 1, Http2Line.GET)),
                arguments(
                        "headers that are no HPACK",
                        COMPRESSION_ERROR,
                        Http2Line.bytes(Http2Line.HEADERS, Http2Line.END_STREAM | Http2Line.END_HEADERS, 1, new byte[] {
                            (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x7f
                        })),
                arguments("streams that are reset at once, again and again", ENHANCE_YOUR_CALM, resets()));
    }

    /// CVE-2023-44487.
    private static byte[] resets() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int stream = 1; stream < 4_000; stream += 2) {
            out.writeBytes(get(stream));
            out.writeBytes(Http2Line.bytes(Http2Line.RST_STREAM, 0, stream, new byte[] {0, 0, 0, 8}));
        }
        return out.toByteArray();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("brokenRules")
    void whoBreaksARuleLosesTheConnectionAndNobodyElseNotices(String rule, int error, byte[] frames) throws Exception {
        try (TestHost host = host();
                Http2Line bystander = new Http2Line(host.connect());
                Http2Line culprit = new Http2Line(host.connect())) {
            bystander.send(get(1));
            assertThat(bystander.next(Http2Line.HEADERS)).matches(Frame::ok);

            culprit.send(frames);

            assertThat(culprit.next(Http2Line.GOAWAY).error()).as(rule).isEqualTo(error);
            bystander.send(get(3));
            assertThat(bystander.next(Http2Line.HEADERS)).matches(Frame::ok).matches(frame -> frame.stream() == 3);
        }
    }

    /// It has no target.
    @Test
    void whoWantsToBeConnectedToAnotherIsRefused() throws Exception {
        byte[] connect = {2, 7, 'C', 'O', 'N', 'N', 'E', 'C', 'T', 0x41, 1, 'x'};
        try (TestHost host = host();
                Http2Line line = new Http2Line(host.connect())) {
            line.frame(Http2Line.HEADERS, Http2Line.END_STREAM | Http2Line.END_HEADERS, 1, connect);
            assertThat(line.next(Http2Line.HEADERS).payload()).startsWith(STATUS_400);
            assertThat(asked).hasValue(0);
        }
    }

    /// CVE-2024-27316: header lines without end.
    @Test
    void headersThatNeverEndAreCutOff() throws Exception {
        try (TestHost host = host();
                Http2Line endless = new Http2Line(host.connect())) {
            endless.frame(Http2Line.HEADERS, Http2Line.END_STREAM, 1, Http2Line.GET);
            for (int i = 0; i < 64; i++) {
                endless.frame(Http2Line.CONTINUATION, 0, 1, header(i));
            }
            assertThat(endless.next(Http2Line.GOAWAY).error()).isNotZero();
            assertThat(asked).hasValue(0);
        }
    }

    /// A literal line that is not kept: a name of 3 bytes, a value of 126.
    private static byte[] header(int number) {
        byte[] block = new byte[1 + 1 + 3 + 1 + 126];
        block[1] = 3;
        block[2] = 'x';
        block[3] = (byte) ('a' + number / 26);
        block[4] = (byte) ('a' + number % 26);
        block[5] = 126;
        for (int i = 6; i < block.length; i++) {
            block[i] = 'v';
        }
        ByteArrayOutputStream many = new ByteArrayOutputStream();
        for (int i = 0; i < 100; i++) {
            many.writeBytes(block);
        }
        return many.toByteArray();
    }

    @Test
    void moreStreamsThanAllowedAreRefusedOneByOne() throws Exception {
        try (TestHost host = host();
                Http2Line line = new Http2Line(host.connect())) {
            // Requests whose bodies never come stay open.
            for (int i = 0; i <= 100; i++) {
                line.frame(Http2Line.HEADERS, Http2Line.END_HEADERS, 2 * i + 1, Http2Line.GET);
            }
            Frame refused = line.next(Http2Line.RST_STREAM);
            assertThat(refused.stream()).isEqualTo(201);
            // REFUSED_STREAM: safe to be sent again.
            assertThat(refused.error()).isEqualTo(7);
            line.frame(Http2Line.DATA, Http2Line.END_STREAM, 1);
            assertThat(line.next(Http2Line.HEADERS)).matches(Frame::ok).matches(frame -> frame.stream() == 1);
        }
    }

    @Test
    void aWindowThatIsNeverOpenedHoldsUpItsOwnStreamOnly() throws Exception {
        try (TestHost host = host();
                Http2Line line = new Http2Line(host.connect())) {
            // SETTINGS_INITIAL_WINDOW_SIZE 1
            line.frame(Http2Line.SETTINGS, 0, 0, new byte[] {0, 4, 0, 0, 0, 1});
            line.send(get(1));
            assertThat(line.next(Http2Line.DATA).payload()).asString().isEqualTo("h");
            line.send(get(3));
            line.frame(Http2Line.WINDOW_UPDATE, 0, 3, new byte[] {0, 0, 1, 0});
            StringBuilder body = new StringBuilder();
            while (body.length() < "hello".length()) {
                Frame part = line.next(Http2Line.DATA);
                assertThat(part.stream()).isEqualTo(3);
                body.append(new String(part.payload(), StandardCharsets.US_ASCII));
            }
            assertThat(body).hasToString("hello");
        }
    }

    private static Stream<Arguments> windows() {
        return Stream.of(
                // SETTINGS_INITIAL_WINDOW_SIZE 1
                arguments("of its stream", 5, new byte[] {0, 4, 0, 0, 0, 1}, 1, 1),
                // That of a connection begins with 65,535; those of streams are larger here.
                arguments("of its connection", 65_539, new byte[] {0, 4, 0, 2, 0, 0}, 65_535, 0));
    }

    /// The answer waits in its stream, where no buffer of the socket shows it.
    @ParameterizedTest(name = "window {0}")
    @MethodSource("windows")
    void aClientThatTakesNothingOfItsAnswerIsCutAndOneThatTakesLittleIsNot(
            String window, int length, byte[] settings, int first, int stream) throws Exception {
        answer = "x".repeat(length);
        try (TestHost host = host("server.idleTimeout=3s");
                Http2Line slow = new Http2Line(host.connect());
                Http2Line still = new Http2Line(host.connect())) {
            for (Http2Line line : List.of(slow, still)) {
                line.frame(Http2Line.SETTINGS, 0, 0, settings);
                line.send(get(1));
                int taken = 0;
                while (taken < first) {
                    taken += line.next(Http2Line.DATA).payload().length;
                }
                assertThat(taken).as(window).isEqualTo(first);
            }
            CompletableFuture<Throwable> cut =
                    CompletableFuture.supplyAsync(() -> catchThrowable(() -> still.next(Http2Line.DATA)));
            for (int left = length - first; left > 0; left--) {
                // Less than a client may stand still, and all of it together more.
                Throwable _ =
                        cut.copy().completeOnTimeout(null, 1, TimeUnit.SECONDS).join();
                slow.frame(Http2Line.WINDOW_UPDATE, 0, stream, new byte[] {0, 0, 0, 1});
                assertThat(slow.next(Http2Line.DATA).payload()).hasSize(1);
            }
            assertThat(cut.join()).isInstanceOfAny(EOFException.class, SocketException.class);
        }
    }

    /// Its client need not send the rest, and others on the connection do not notice.
    @Test
    void aRequestThatIsRefusedBeforeItsEndIsReset() throws Exception {
        // POST / with a length of 1,025.
        byte[] post = {(byte) 0x83, (byte) 0x86, (byte) 0x84, 0x41, 1, 'x', 0x0f, 0x0d, 4, '1', '0', '2', '5'};
        try (TestHost host = host("server.maxBody=1KiB");
                Http2Line line = new Http2Line(host.connect())) {
            line.frame(Http2Line.HEADERS, Http2Line.END_HEADERS, 1, post);
            Frame reset = line.next(Http2Line.RST_STREAM);
            assertThat(reset.stream()).isEqualTo(1);
            assertThat(reset.error()).isZero();
            assertThat(asked).hasValue(0);
            line.send(get(3));
            assertThat(line.next(Http2Line.HEADERS)).matches(Frame::ok);
        }
    }
}

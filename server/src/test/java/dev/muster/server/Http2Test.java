package dev.muster.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.muster.Server;
import dev.muster.ServerListener;
import dev.muster.WebRequest;
import dev.muster.WebResponse;
import dev.muster.server.Http2Line.Frame;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
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

    private TestHost host() throws Exception {
        TestHost host = TestHost.of(new ServerListener() {
            @Override
            public void onRequest(Server server, WebRequest request, WebResponse response) {
                int _ = asked.incrementAndGet();
                response.end("hello");
            }
        });
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
}

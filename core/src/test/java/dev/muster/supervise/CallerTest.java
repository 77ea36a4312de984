package dev.muster.supervise;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.ExitReason;
import dev.muster.control.ExitCode;
import dev.muster.control.FrameCodec;
import dev.muster.control.Message;
import dev.muster.observe.Death;
import dev.muster.observe.ReportJson;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Every command is answered, however much there is to say.
@Timeout(30)
class CallerTest {
    private final HeardConnection connection = new HeardConnection();
    private final Caller caller = new Caller(connection);

    private static List<Death> deaths(int count, String detail) {
        return IntStream.range(0, count)
                .mapToObj(
                        i -> new Death(i % 7, "hands", 100 + i, ExitReason.SIGNAL, "", -1, 9, 5, "", detail + i, i, ""))
                .toList();
    }

    @Test
    void anAnswerThatNoMessageHoldsIsAFailureThatSaysSo() {
        caller.reply(ExitCode.DONE, "ä".repeat(FrameCodec.MAX_FRAME / 2));
        Message.Reply reply = connection.last(Message.Reply.class);
        assertThat(reply.exitCode()).isEqualTo(ExitCode.FAILED.number());
        assertThat(reply.body()).startsWith("the answer has 1048576 bytes, more than the");
        assertThat(connection.closed).isTrue();
    }

    @Test
    void ofTooManyDeathsTheNewestAreShown() {
        List<Death> all = deaths(5_000, "ä".repeat(300));
        CommandDesk.newest(caller, all);
        Message.Reply reply = connection.last(Message.Reply.class);
        assertThat(reply.exitCode()).isZero();
        assertThat(reply.body().getBytes(UTF_8).length).isBetween(Caller.LONGEST / 2, Caller.LONGEST);
        assertThat(reply.body()).contains("ä4999\"").doesNotContain("ä0\"");
        assertThat(connection.last(Message.Progress.class).line())
                .matches("the \\d{4} oldest of 5000 deaths are left out: .* muster deaths SLOT");
        int left =
                Integer.parseInt(connection.last(Message.Progress.class).line().split(" ", 3)[1]);
        assertThat(reply.body()).isEqualTo(ReportJson.deaths(all.subList(left, all.size())));
    }

    @Test
    void fewDeathsAreShownAll() {
        List<Death> all = deaths(70, "short");
        CommandDesk.newest(caller, all);
        assertThat(connection.heard).containsExactly(new Message.Reply(ExitCode.DONE, ReportJson.deaths(all)));
    }
}

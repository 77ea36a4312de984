package dev.muster.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.ExitReason;
import dev.muster.Role;
import dev.muster.WorkerFailure;
import dev.muster.control.Message.Occasion;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// How often something is announced, and to whom. The processes are words, the first that lives is chosen.
@Timeout(10)
class AnnouncementsTest {
    private final Deque<String> living = new ArrayDeque<>();
    private final List<String> told = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private final Announcements<String> announcements = new Announcements<>(new Town(), warnings::add);
    private long number;

    private final class Town implements Announcements.Listening<String> {
        @Override
        public Optional<String> choose(boolean newest) {
            return Optional.ofNullable(newest ? living.peekLast() : living.peekFirst());
        }

        @Override
        public boolean lives(String process) {
            return living.contains(process);
        }

        @Override
        public void tell(String process, Message.Announcement message) {
            number = message.number();
            told.add(process + " "
                    + switch (message) {
                        case Message.Announce announced -> announced.occasion().name();
                        case Message.AnnounceFailure announced ->
                            announced.failure().name();
                    });
        }
    }

    private static WorkerFailure failure(String name) {
        return new WorkerFailure(1, Role.USER, name, 7, ExitReason.SIGNAL, -1, 9);
    }

    private List<String> look() {
        told.clear();
        announcements.look();
        return List.copyOf(told);
    }

    @Test
    void theStartIsToldOnceToTheFirstThatCanHearBeforeWhatHappenedMeanwhile() {
        announcements.failed(failure("Early"));
        assertThat(look()).isEmpty();
        living.add("a");
        assertThat(look()).containsExactly("a START", "a Early");
        assertThat(look()).as("they are on their way").isEmpty();
        announcements.told(number);
        living.addFirst("b");
        assertThat(look()).isEmpty();
    }

    @Test
    void whatWasNotAnsweredIsToldToTheNextAndNothingElse() {
        living.add("a");
        living.add("b");
        assertThat(look()).containsExactly("a START");
        announcements.told(number);
        announcements.happened(Occasion.SHUTDOWN);
        assertThat(look()).containsExactly("a SHUTDOWN");
        living.remove("a");
        assertThat(look()).containsExactly("b SHUTDOWN");
        announcements.told(number);
        living.remove("b");
        living.add("c");
        assertThat(look()).isEmpty();
    }

    @Test
    void aReloadIsToldToOneThatRunsTheNewCode() {
        living.add("old");
        living.add("new");
        assertThat(look()).containsExactly("old START");
        announcements.happened(Occasion.RELOAD);
        assertThat(look()).containsExactly("new RELOAD");
    }

    @Test
    void anEventThatEndsItsWorkersIsGivenUp() {
        living.add("a");
        assertThat(look()).containsExactly("a START");
        announcements.told(number);
        announcements.failed(failure("Bad"));
        for (String next : List.of("b", "c", "d")) {
            assertThat(look()).hasSize(1);
            living.clear();
            living.add(next);
        }
        assertThat(look()).isEmpty();
        assertThat(warnings)
                .singleElement()
                .asString()
                .startsWith("3 workers have ended before their listeners had heard ");
    }

    @Test
    void anApplicationThatStopsBeforeItHasStartedDoesNotStart() {
        announcements.happened(Occasion.SHUTDOWN);
        living.add("a");
        assertThat(look()).containsExactly("a SHUTDOWN");
    }

    @Test
    void whatWaitsForAWorkerIsBounded() {
        for (int i = 0; i < 1_001; i++) {
            announcements.failed(failure("f" + i));
        }
        assertThat(warnings)
                .containsExactly("no listener is told of the end of f1000: 1000 events wait already for a worker that"
                        + " can be told");
        living.add("a");
        assertThat(look()).hasSize(1_001).startsWith("a START", "a f0").endsWith("a f999");
    }
}

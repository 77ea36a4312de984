package dev.muster.supervise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.muster.ExitReason;
import dev.muster.RestartPolicy;
import dev.muster.Role;
import dev.muster.supervise.ChildSpec.Traits;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The written form of a history.
@Timeout(10)
class TraceTest {
    private static final ChildSpec SPEC = new ChildSpec(
            4,
            Role.POOL,
            "hands, the #3",
            "hands, the",
            true,
            new Traits(RestartPolicy.ON_FAILURE, false, true, new Recycling(1, 2_000_000, 3L << 40, 90)));

    /// One of each kind, with text that could break a line.
    private static final List<Event> EVENTS = List.of(
            new Event.Started(1),
            new Event.Tick(-2),
            new Event.Spawned(3, 4, 5_000_000_000L),
            new Event.SpawnFailed(6, 7, "no room: a=b, 100 %\nmore"),
            new Event.Greeted(8, 9),
            new Event.Extended(10, 11, 12, "Schlüssel"),
            new Event.BecameReady(13, 14),
            new Event.TookUp(15, 16),
            new Event.Quieted(17, 18),
            new Event.Retiring(54, 55, "task t-1"),
            new Event.Stalled(56, 57, "none of 3 ready tasks"),
            new Event.SaidBye(19, 20, ExitReason.ERROR, "", true),
            new Event.BrokeProtocol(21, 22, "+ and space"),
            new Event.LostControl(23, 24),
            new Event.Observed(25, 26, 27, 28, "t-1", true, 29, 30, 31),
            new Event.Measured(31, 32, 33, 34),
            new Event.EvidenceTaken(35, 36),
            new Event.Died(37, 38),
            new Event.Exited(39, 40, -1, 9, 41, true),
            new Event.StopAll(42, true),
            new Event.StopSlot(43, 44),
            new Event.RestartSlot(45, 46),
            new Event.KillSlot(47, 48),
            new Event.Specified(49, SPEC),
            new Event.Scaled(50, "hands", 51),
            new Event.PauseSet(52, "hands", true),
            new Event.Reload(53, 54, ""));

    @Test
    void everyKindOfEventIsReadBackAsItWas() {
        Set<Class<?>> kinds = EVENTS.stream().map(Event::getClass).collect(Collectors.toSet());
        assertThat(kinds).containsExactlyInAnyOrder(Event.class.getPermittedSubclasses());
        for (Event event : EVENTS) {
            String line = Trace.line(event);
            assertThat(line.lines()).as("one line").hasSize(1);
            assertThat(Trace.isEvent(line)).isTrue();
            assertThat(Trace.event(line)).isEqualTo(event);
        }
    }

    @Test
    void theBeginningIsReadBackWithAllThatSlotsAre() {
        List<ChildSpec> specs = Stream.of(0, 1)
                .map(i -> new ChildSpec(i, SPEC.role(), SPEC.name() + i, SPEC.group(), i == 1, SPEC.traits()))
                .toList();
        SupervisorState state = SupervisorState.of(History.LIMITS, specs, 8, -77, 123);
        assertThat(Trace.begin(Trace.beginning(state, 8))).isEqualTo(state);
    }

    @Test
    void anEffectIsNoEventAndWhatIsUnknownIsRefused() {
        assertThat(Trace.isEvent(Trace.line(new Effect.SendPause(1)))).isFalse();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Trace.event("event Danced now=1"))
                .withMessageContaining("event Danced now=1");
        assertThatIllegalArgumentException().isThrownBy(() -> Trace.event("event Tick now=soon"));
    }
}

package dev.muster.memory;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// What is in the shared memory of an application at some moment, for people. Reads only, with nothing locked.
///
/// @param tables by name
/// @param channels by name
/// @param counters by name
/// @param locks by name
/// @param lost those of any kind that cannot be looked at, by kind and name
public record MemoryReport(
        List<TableStats> tables,
        List<ChannelStats> channels,
        List<CounterValue> counters,
        List<LockState> locks,
        List<Lost> lost) {

    /// Something whose file is not whole any more.
    ///
    /// @param kind in one word: table, channel, counter, lock
    /// @param why it is lost, and what to do
    public record Lost(String kind, String name, String why) {}

    /// A counter.
    ///
    /// @param value of it
    public record CounterValue(String name, long value) {}

    /// A lock.
    ///
    /// @param owner process id of the holder, 0 for none
    /// @param alive whether that process lives
    /// @param deaths how often it was taken from a process that had died with it
    public record LockState(String name, long owner, boolean alive, long deaths) {}

    /// Looks.
    ///
    /// @throws MemoryException if the directory cannot be read
    public static MemoryReport of(MemoryDirectory directory) {
        List<Lost> lost = new ArrayList<>();
        return new MemoryReport(
                each(directory, RegionKind.TABLE, MemoryReport::table, lost),
                each(directory, RegionKind.CHANNEL, MemoryReport::channel, lost),
                each(directory, RegionKind.COUNTER, MemoryReport::counter, lost),
                each(directory, RegionKind.LOCK, MemoryReport::lock, lost),
                lost);
    }

    /// @param lost gets those that are
    private static <R> List<R> each(
            MemoryDirectory directory, RegionKind kind, Function<Region, R> look, List<Lost> lost) {
        List<R> found = new ArrayList<>();
        for (String name : directory.regions().names(kind)) {
            try {
                Optional<Region> region = directory.regions().look(kind, name);
                region.ifPresent(there -> found.add(look(there, look)));
            } catch (MemoryException e) {
                lost.add(new Lost(kind.word(), name, String.valueOf(e.getMessage())));
            }
        }
        return List.copyOf(found);
    }

    private static <R> R look(Region region, Function<Region, R> look) {
        try {
            return look.apply(region);
        } catch (InternalError e) {
            throw region.lost(e);
        }
    }

    private static TableStats table(Region region) {
        return new TableFile(region, TableLayout.parse(region.name(), region.schema())).stats();
    }

    private static ChannelStats channel(Region region) {
        return new ChannelFile(region, ChannelLayout.parse(region.name(), region.schema())).stats();
    }

    private static CounterValue counter(Region region) {
        return new CounterValue(region.name(), Counter.value(region));
    }

    private static LockState lock(Region region) {
        return SharedLock.state(region);
    }
}

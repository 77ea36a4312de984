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
public record MemoryReport(
        List<TableStats> tables, List<ChannelStats> channels, List<CounterValue> counters, List<LockState> locks) {

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
        return new MemoryReport(
                each(directory, RegionKind.TABLE, MemoryReport::table),
                each(directory, RegionKind.CHANNEL, MemoryReport::channel),
                each(directory, RegionKind.COUNTER, MemoryReport::counter),
                each(directory, RegionKind.LOCK, MemoryReport::lock));
    }

    private static <R> List<R> each(MemoryDirectory directory, RegionKind kind, Function<Region, R> look) {
        List<R> found = new ArrayList<>();
        for (String name : directory.regions().names(kind)) {
            Optional<Region> region = directory.regions().look(kind, name);
            region.ifPresent(there -> {
                try {
                    found.add(look.apply(there));
                } catch (InternalError e) {
                    throw there.lost(e);
                }
            });
        }
        return List.copyOf(found);
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

package dev.muster.supervise;

import dev.muster.OnError;
import dev.muster.PipeType;
import dev.muster.RestartPolicy;
import dev.muster.Role;
import dev.muster.Scope;
import dev.muster.config.Settings;
import dev.muster.config.SettingsLoader;
import dev.muster.scan.Declaration;
import dev.muster.scan.ProcessMap;
import dev.muster.scan.ScheduleDeclaration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Declarations, settings and generations of an application that is never started.
final class Shops {
    private Shops() {}

    static Settings settings(String... sets) {
        List<String> all = new ArrayList<>(List.of("run.dir=/run/shop", "data.dir=/var/lib/shop"));
        all.addAll(List.of(sets));
        return SettingsLoader.load("Shop", null, Map.of(), all);
    }

    static Declaration user(String name, int instances, boolean reloadable) {
        return new Declaration.User(
                name,
                "shop.Shop",
                "tick",
                10,
                false,
                instances,
                OnError.CONTINUE,
                RestartPolicy.ON_FAILURE,
                0,
                reloadable,
                Scope.NODE,
                PipeType.NONE,
                false);
    }

    static Declaration pool(String name, int instances) {
        return new Declaration.Workers(Role.POOL, name, "shop.Hands", "p_", instances, 1, 5_000, "q", "");
    }

    static Generation generation(int number, Declaration... declarations) {
        return generation(number, List.of(), declarations);
    }

    static Generation generation(int number, List<ScheduleDeclaration> schedules, Declaration... declarations) {
        return new Generation(
                number,
                new Snapshot("/shop.jar", "hash", null, true, List.of()),
                settings(),
                new ProcessMap("shop.Shop", List.of(declarations), List.of(), schedules, List.of(), List.of()));
    }
}

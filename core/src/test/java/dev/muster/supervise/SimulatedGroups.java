package dev.muster.supervise;

import dev.muster.RestartPolicy;
import dev.muster.Role;
import dev.muster.supervise.ChildSpec.Traits;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// What a simulated application declares.
final class SimulatedGroups {
    private static final RestartPolicy[] POLICIES = {
        RestartPolicy.ALWAYS, RestartPolicy.ALWAYS, RestartPolicy.ALWAYS, RestartPolicy.ON_FAILURE, RestartPolicy.NEVER
    };

    private static final List<Role> ROLES = List.of(Role.values());

    private SimulatedGroups() {}

    /// One to four groups of any kind.
    static List<ChildSpec> any(SplittableRandom random) {
        List<ChildSpec> specs = new ArrayList<>();
        int groups = 1 + random.nextInt(4);
        for (int group = 0; group < groups; group++) {
            add(specs, group, random);
        }
        return specs;
    }

    private static void add(List<ChildSpec> specs, int group, SplittableRandom random) {
        Role role = ROLES.get(random.nextInt(ROLES.size()));
        boolean workers = role == Role.TASK || role == Role.POOL;
        RestartPolicy policy = workers ? RestartPolicy.ALWAYS : POLICIES[random.nextInt(POLICIES.length)];
        Recycling recycling = random.nextBoolean()
                ? Recycling.NONE
                : new Recycling(random.nextInt(200), random.nextLong(60_000) * 1_000_000L, 40_000_000L, 95);
        Traits traits = new Traits(policy, random.nextInt(5) != 0, random.nextInt(10) == 0, recycling);
        int instances = 1 + random.nextInt(3);
        String name = "group" + group;
        for (int i = 0; i < instances; i++) {
            specs.add(new ChildSpec(specs.size(), role, name + "#" + i, name, false, traits));
        }
        for (int i = random.nextInt(3); i > 0; i--) {
            Traits ofSpare = new Traits(RestartPolicy.ALWAYS, traits.reloadable(), false, Recycling.NONE);
            specs.add(new ChildSpec(specs.size(), role, name + "~" + i, name, true, ofSpare));
        }
    }
}

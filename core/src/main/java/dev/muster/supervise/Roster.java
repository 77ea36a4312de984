package dev.muster.supervise;

import dev.muster.RestartPolicy;
import dev.muster.Role;
import dev.muster.config.Settings;
import dev.muster.scan.Declaration;
import dev.muster.supervise.ChildSpec.Traits;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Which slot runs what. Slots are numbered in the order of the declarations, instance after instance, the spares
/// behind all of them; those that a scaling or a reload adds follow. A number is never used for something else.
///
/// **Threads:** belongs to the master's loop; a [Place] may go anywhere.
final class Roster {
    /// A slot and what is declared for it.
    ///
    /// @param instance the number among the instances of the same declaration, from 0
    record Place(ChildSpec spec, Declaration declaration, int instance) {
        String name() {
            return spec.name();
        }

        /// As another generation declares it.
        Place of(Generation generation) {
            return new Place(spec, generation.declaration(spec.group()).orElse(declaration), instance);
        }
    }

    private final List<Place> places = new ArrayList<>();
    private final Settings settings;
    private final String debugged;

    /// @param debugged the number or the name of the slot that a debugger may hold, empty for none
    Roster(List<Declaration> declarations, Settings settings, String debugged) {
        this.settings = settings;
        this.debugged = debugged;
        for (Declaration declaration : declarations) {
            for (int i = 0; i < declaration.instances(); i++) {
                places.add(place(declaration, i));
            }
        }
        for (Declaration declaration : declarations) {
            boolean console = declaration instanceof Declaration.Console;
            int spares = console
                    ? 0
                    : settings.numberFor("spares.ROLE", declaration.role().word());
            for (int i = 0; i < spares; i++) {
                places.add(spare(declaration, i));
            }
        }
    }

    private Place place(Declaration declaration, int instance) {
        boolean several = declaration.instances() > 1 || instance > 0;
        String name = several ? declaration.name() + "#" + (instance + 1) : declaration.name();
        RestartPolicy restart = declaration instanceof Declaration.User user ? user.restart() : RestartPolicy.ALWAYS;
        int number = places.size();
        boolean held = debugged.equals(name) || debugged.equals(Integer.toString(number));
        // One debugger port serves one process: what a debugger may hold is not replaced by another.
        boolean alone = held || declaration instanceof Declaration.Console;
        Recycling recycling = alone ? Recycling.NONE : recycling(declaration);
        Traits traits = new Traits(restart, reloadable(declaration) && !held, held, recycling);
        ChildSpec spec = new ChildSpec(number, declaration.role(), name, declaration.name(), false, traits);
        return new Place(spec, declaration, instance);
    }

    private Place spare(Declaration declaration, int instance) {
        // The limits hold from the moment on at which it has taken over.
        Traits traits = new Traits(RestartPolicy.ALWAYS, reloadable(declaration), false, recycling(declaration));
        String name = declaration.name() + "~" + (instance + 1);
        return new Place(
                new ChildSpec(places.size(), declaration.role(), name, declaration.name(), true, traits),
                declaration,
                instance);
    }

    private static boolean reloadable(Declaration declaration) {
        return switch (declaration) {
            case Declaration.User user -> user.reloadable();
            case Declaration.Workers _, Declaration.Web _ -> true;
            // It has nothing of the application in it, and one port serves one process.
            case Declaration.Console _ -> false;
        };
    }

    private Recycling recycling(Declaration declaration) {
        String role = declaration.role().word();
        return new Recycling(
                settings.numberFor("recycle.ROLE.units", role),
                1_000_000 * settings.millisFor("recycle.ROLE.age", role),
                settings.bytesFor("recycle.ROLE.memory", role),
                settings.numberFor("recycle.ROLE.gc", role));
    }

    /// Adds a slot for one more instance of a declaration.
    Place add(Declaration declaration) {
        Place added = place(declaration, instances(declaration.name()).size());
        places.add(added);
        return added;
    }

    /// A slot runs what this newer declaration of the same name says.
    Place redeclare(Place old, Declaration declaration) {
        ChildSpec was = old.spec();
        RestartPolicy restart = declaration instanceof Declaration.User user ? user.restart() : RestartPolicy.ALWAYS;
        RestartPolicy policy = was.spare() ? RestartPolicy.ALWAYS : restart;
        Traits traits = new Traits(
                policy,
                reloadable(declaration) && !was.traits().debugged(),
                was.traits().debugged(),
                was.traits().recycling());
        ChildSpec spec = new ChildSpec(was.slot(), was.role(), was.name(), was.group(), was.spare(), traits);
        Place changed = new Place(spec, declaration, old.instance());
        places.set(was.slot(), changed);
        return changed;
    }

    /// A slot keeps what runs in it over the next reload.
    Place exempt(Place old) {
        ChildSpec was = old.spec();
        Traits had = was.traits();
        Traits traits = new Traits(had.restart(), false, had.debugged(), had.recycling());
        ChildSpec spec = new ChildSpec(was.slot(), was.role(), was.name(), was.group(), was.spare(), traits);
        Place changed = new Place(spec, old.declaration(), old.instance());
        places.set(was.slot(), changed);
        return changed;
    }

    Place place(int slot) {
        return places.get(slot);
    }

    List<Place> places() {
        return List.copyOf(places);
    }

    int size() {
        return places.size();
    }

    List<ChildSpec> specs() {
        return places.stream().map(Place::spec).toList();
    }

    /// The slots of a declaration, without its spares.
    List<Place> instances(String group) {
        return places.stream()
                .filter(place ->
                        place.spec().group().equals(group) && !place.spec().spare())
                .toList();
    }

    /// The slots that a command means by this word: a number, a name with its instance, or the name of a
    /// declaration.
    List<Integer> find(String word) {
        List<Integer> found = new ArrayList<>();
        for (Place place : places) {
            boolean group = place.spec().group().equals(word) && !place.spec().spare();
            if (group
                    || place.name().equals(word)
                    || Integer.toString(place.spec().slot()).equals(word)) {
                found.add(place.spec().slot());
            }
        }
        return found;
    }

    /// The declarations that a command means by the word for a role or a name, by their names.
    Map<String, Declaration> groups(String word) {
        Map<String, Declaration> found = new LinkedHashMap<>();
        for (Place place : places) {
            if (place.spec().role().word().equals(word) || place.spec().group().equals(word)) {
                Declaration _ = found.put(place.spec().group(), place.declaration());
            }
        }
        return found;
    }

    /// What is said of a word that means none of them.
    String unknown(String word) {
        String hint = word.equals(Role.WEB.word()) ? "; web workers are started where server.port is set" : "";
        return "there is no role and no declaration '" + word + "'; slots are: " + names() + hint;
    }

    /// All names, for messages.
    String names() {
        StringBuilder text = new StringBuilder();
        for (Place place : places) {
            text.append(text.isEmpty() ? "" : ", ")
                    .append(place.spec().slot())
                    .append(' ')
                    .append(place.name());
        }
        return text.toString();
    }
}

package dev.muster.inline;

import dev.muster.RestartPolicy;
import dev.muster.Role;
import dev.muster.scan.Declaration;
import java.util.ArrayList;
import java.util.List;

/// A slot and what is declared for it: the same numbers and names as in an application of processes.
///
/// @param number of the slot
/// @param name with `#N` where there are several instances
record Place(int number, String name, Declaration declaration) {
    static List<Place> of(List<Declaration> declarations) {
        List<Place> places = new ArrayList<>();
        for (Declaration declaration : declarations) {
            for (int i = 0; i < declaration.instances(); i++) {
                String name = declaration.instances() == 1 ? declaration.name() : declaration.name() + "#" + (i + 1);
                places.add(new Place(places.size(), name, declaration));
            }
        }
        return places;
    }

    Role role() {
        return declaration.role();
    }

    RestartPolicy policy() {
        return declaration instanceof Declaration.User user ? user.restart() : RestartPolicy.ALWAYS;
    }

    /// Whether a command means this slot: by its number, its name, or that of its declaration.
    boolean meant(String word) {
        return Integer.toString(number).equals(word)
                || name.equals(word)
                || declaration.name().equals(word);
    }
}

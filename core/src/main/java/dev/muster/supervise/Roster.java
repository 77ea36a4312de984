package dev.muster.supervise;

import dev.muster.RestartPolicy;
import dev.muster.scan.Declaration;
import java.util.ArrayList;
import java.util.List;

/// Which slot runs what. Slots are numbered in the order of the declarations, instance after instance; a number is
/// never used for something else.
///
/// @param places one for each slot, in the order of their numbers
record Roster(List<Place> places) {
    /// A slot and what is declared for it.
    ///
    /// @param instance the number among the instances of the same declaration, from 0
    record Place(ChildSpec spec, Declaration declaration, int instance) {
        String name() {
            return spec.name();
        }
    }

    Roster {
        places = List.copyOf(places);
    }

    static Roster of(List<Declaration> declarations) {
        List<Place> places = new ArrayList<>();
        for (Declaration declaration : declarations) {
            for (int i = 0; i < declaration.instances(); i++) {
                String name = declaration.instances() == 1 ? declaration.name() : declaration.name() + "#" + (i + 1);
                RestartPolicy policy =
                        declaration instanceof Declaration.User user ? user.restart() : RestartPolicy.ALWAYS;
                places.add(new Place(new ChildSpec(places.size(), declaration.role(), name, policy), declaration, i));
            }
        }
        return new Roster(places);
    }

    Place place(int slot) {
        return places.get(slot);
    }

    int size() {
        return places.size();
    }

    List<ChildSpec> specs() {
        return places.stream().map(Place::spec).toList();
    }

    /// The slots that a command means by this word: a number, a name with its instance, or the name of a
    /// declaration.
    List<Integer> find(String word) {
        List<Integer> found = new ArrayList<>();
        for (Place place : places) {
            if (Integer.toString(place.spec().slot()).equals(word)
                    || place.name().equals(word)
                    || place.declaration().name().equals(word)) {
                found.add(place.spec().slot());
            }
        }
        return found;
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

package dev.muster.scan;

/// A declaration with the place in the code where it stands, for people.
record Declared(Declaration declaration, String place) {}

package dev.muster.examples.users;

import dev.muster.Muster;

/// The application of `muster run user-sync`: one user process.
public final class UserSyncApp {
    private UserSyncApp() {}

    public static void main(String[] args) {
        Muster.run(UserSyncApp.class, args);
    }
}

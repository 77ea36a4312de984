package dev.muster.system.apps;

import dev.muster.Muster;
import dev.muster.RestartPolicy;
import dev.muster.Server;
import dev.muster.UserProcess;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CountDownLatch;

/// Processes that crash, hang, freeze or break the protocol in their first run.
public final class Breaking {
    private static volatile long spins;

    public static void main(String[] args) {
        Muster.run(Breaking.class, args);
    }

    @UserProcess(name = "Segfault", restart = RestartPolicy.NEVER)
    @SuppressWarnings("restricted")
    public void segfault() {
        System.out.println("about to write where nothing is");
        MemorySegment.ofAddress(8).reinterpret(8).set(ValueLayout.JAVA_LONG, 0, 1);
    }

    @UserProcess(name = "Spins", runTimeout = 1_000, restart = RestartPolicy.NEVER)
    @SuppressWarnings("NonAtomicVolatileUpdate")
    public void spin() {
        while (spins >= 0) {
            spins++;
        }
    }

    /// A native call that keeps the whole virtual machine waiting.
    @UserProcess(name = "Freezes", virtualThreads = false, restart = RestartPolicy.NEVER)
    @SuppressWarnings("restricted")
    public void freeze() throws Throwable {
        Linker linker = Linker.nativeLinker();
        MethodHandle sleep = linker.downcallHandle(
                linker.defaultLookup().findOrThrow("sleep"),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT),
                Linker.Option.critical(false));
        Thread.ofPlatform().daemon().start(() -> {
            while (spins >= 0) {
                System.gc();
            }
        });
        int _ = (int) sleep.invokeExact(600);
    }

    /// Says something else than messages on its own connection to the master.
    @UserProcess(name = "Babbles", restart = RestartPolicy.NEVER)
    public void babble(Server server) throws Exception {
        System.out.println("about to babble");
        Object link = read(server, "link");
        SocketChannel channel = (SocketChannel) read(read(link, "client"), "channel");
        int _ = channel.write(ByteBuffer.wrap(new byte[] {0, 0, 0, 1, 1, 99, 0, 0, 0, 0, 0, 0, 7}));
        new CountDownLatch(1).await();
    }

    private static Object read(Object object, String name) throws ReflectiveOperationException {
        Field field = object.getClass().getDeclaredField(name);
        field.setAccessible(true);
        return field.get(object);
    }
}

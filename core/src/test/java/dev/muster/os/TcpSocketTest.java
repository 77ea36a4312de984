package dev.muster.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Sockets that this process holds and others accept from.
@Timeout(60)
class TcpSocketTest {
    private static final String KEY = "server.port";
    private static final int BACKLOG = 64;

    private int port;
    private int listening = -1;

    @BeforeEach
    void choose() throws IOException {
        port = FreePort.any();
    }

    @AfterEach
    void close() {
        if (listening >= 0) {
            Fd.close(listening);
        }
    }

    private void listen(String host) {
        listening = TcpSocket.listen(host, port, KEY, BACKLOG);
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(30_000);
        return socket;
    }

    /// The pid of whoever serves this connection.
    private static int server(Socket socket) throws IOException {
        return Integer.parseInt(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip());
    }

    @Test
    void severalProcessesAcceptFromTheSameQueue() throws IOException {
        listen("127.0.0.1");
        try (Child one = Child.jvmReading(listening, "accept");
                Child other = Child.jvmReading(listening, "accept")) {
            assertThat(one.line()).isEqualTo("accepts on /127.0.0.1:" + port);
            assertThat(other.line()).isEqualTo("accepts on /127.0.0.1:" + port);
            Set<Integer> seen = new HashSet<>();
            while (seen.size() < 2) {
                try (Socket socket = connect()) {
                    seen.add(server(socket));
                }
            }
            assertThat(seen).containsExactlyInAnyOrder(one.pid, other.pid);
        }
    }

    @Test
    void aConnectionWaitsWhileNobodyAcceptsAndSurvivesTheDeathOfWhoCould() throws IOException {
        listen("127.0.0.1");
        try (Child first = Child.jvmReading(listening, "accept")) {
            assertThat(first.line()).startsWith("accepts");
            assertThat(Signals.send(first.pid, Signals.STOP)).isTrue();
            try (Socket early = connect()) {
                assertThat(Signals.send(first.pid, Signals.KILL)).isTrue();
                assertThat(first.end().signal()).isEqualTo(Signals.KILL);
                try (Socket late = connect();
                        Child second = Child.jvmReading(listening, "accept")) {
                    assertThat(server(early)).isEqualTo(second.pid);
                    assertThat(server(late)).isEqualTo(second.pid);
                }
            }
        }
    }

    @Test
    void theAddressForBothFamiliesTakesBoth() throws IOException {
        Assumptions.assumeTrue(hasIpv6(), "a machine with IPv6");
        listen("::");
        try (Child child = Child.jvmReading(listening, "accept");
                Socket four = new Socket(InetAddress.ofLiteral("127.0.0.1"), port);
                Socket six = new Socket(InetAddress.ofLiteral("::1"), port)) {
            assertThat(server(four)).isEqualTo(child.pid);
            assertThat(server(six)).isEqualTo(child.pid);
        }
    }

    @Test
    void anIpv6AddressTakesThatOneAlone() throws IOException {
        Assumptions.assumeTrue(hasIpv6(), "a machine with IPv6");
        listen("::1");
        try (Child child = Child.jvmReading(listening, "accept");
                Socket six = new Socket(InetAddress.ofLiteral("::1"), port)) {
            assertThat(server(six)).isEqualTo(child.pid);
            assertThatThrownBy(this::connect).hasMessageContaining("refused");
        }
    }

    private static boolean hasIpv6() throws IOException {
        return NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .anyMatch(Inet6Address.class::isInstance);
    }

    @Test
    void aNameIsResolved() throws IOException {
        listen("localhost");
        try (Child child = Child.jvmReading(listening, "accept");
                Socket socket = connect()) {
            assertThat(server(socket)).isEqualTo(child.pid);
        }
    }

    @Test
    void aPortIsFreeAgainAtOnceAlthoughConnectionsWereClosedHere() throws IOException {
        listen("127.0.0.1");
        try (Child child = Child.jvmReading(listening, "accept");
                Socket socket = connect()) {
            assertThat(server(socket))
                    .as("it closed first, and keeps the port busy for a minute")
                    .isEqualTo(child.pid);
        }
        Fd.close(listening);
        listening = -1;
        listen("0.0.0.0");
        assertThat(listening).isGreaterThan(2);
    }

    @Test
    void aTakenPortIsSaidWithItsOwnerAndTheFix() {
        try (Child child = Child.jvm("listen")) {
            port = Integer.parseInt(child.line());
            for (String host : new String[] {"127.0.0.1", "0.0.0.0", "::"}) {
                assertThatThrownBy(() -> listen(host))
                        .isInstanceOfSatisfying(
                                ListenException.class,
                                e -> assertThat(e.reason()).isEqualTo(ListenException.Reason.TAKEN))
                        .hasMessageMatching("cannot listen on \\Q" + host + "\\E port " + port
                                + ": the port is taken by process " + child.pid + " \\(java .*\\); end it, or set"
                                + " server.port to another port");
            }
        }
    }

    @Test
    void aPortThatOthersShareIsThatOfTheOneWhoStartedThem() throws IOException {
        listen("127.0.0.1");
        try (Child child = Child.jvmReading(listening, "accept")) {
            assertThat(child.line()).startsWith("accepts");
            assertThat(PortOwner.find(InetAddress.getLoopbackAddress(), port))
                    .map(PortOwner::pid)
                    .contains(ProcessHandle.current().pid());
            assertThatThrownBy(() -> listen("0.0.0.0"))
                    .hasMessageContaining("is taken by this process itself, which listens there on another address");
        }
    }

    @Test
    void whoSharesAPortByAnOptionOfItsOwnDoesNotShareThisOne() throws IOException {
        listen("127.0.0.1");
        try (ServerSocket other = new ServerSocket()) {
            other.setOption(StandardSocketOptions.SO_REUSEPORT, true);
            assertThatThrownBy(() -> other.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)))
                    .hasMessageContaining("in use");
        }
    }

    @Test
    void anAddressThatIsNotOfThisMachineIsSaid() {
        assertThatThrownBy(() -> listen("192.0.2.1"))
                .isInstanceOfSatisfying(
                        ListenException.class,
                        e -> assertThat(e.reason()).isEqualTo(ListenException.Reason.NO_SUCH_ADDRESS))
                .hasMessage("cannot listen on 192.0.2.1 port " + port
                        + ": 192.0.2.1 is not an address of this machine; give one that it has, or 0.0.0.0 for all");
        assertThatThrownBy(() -> listen("nowhere.invalid"))
                .isInstanceOfSatisfying(
                        ListenException.class,
                        e -> assertThat(e.reason()).isEqualTo(ListenException.Reason.NO_SUCH_ADDRESS))
                .hasMessageStartingWith("cannot listen on nowhere.invalid port " + port
                        + ": the name cannot be resolved; give an address of this machine");
    }

    @Test
    void aMissingPermissionAndWhatElseTheKernelSaysAreTold() {
        InetAddress any = InetAddress.getLoopbackAddress();
        assertThat(TcpSocket.explained("0.0.0.0", any, 80, KEY, new NativeException("bind", Errno.EACCES)))
                .hasMessage("cannot listen on 0.0.0.0 port 80: ports under 1024 need a permission that this user does"
                        + " not have; set server.port to a port from 1024 on, or give the capability"
                        + " CAP_NET_BIND_SERVICE")
                .extracting(ListenException::reason)
                .isEqualTo(ListenException.Reason.NOT_PERMITTED);
        assertThat(TcpSocket.explained("0.0.0.0", any, 80, KEY, new NativeException("socket()", Errno.EMFILE)))
                .hasMessage("cannot listen on 0.0.0.0 port 80: socket() failed: Too many open files")
                .extracting(ListenException::reason)
                .isEqualTo(ListenException.Reason.REFUSED);
    }

    @Test
    void addressesAreReadAsTheKernelPrintsThem() throws IOException {
        assertThat(PortOwner.address("0100007F")).isEqualTo(InetAddress.ofLiteral("127.0.0.1"));
        assertThat(PortOwner.address("00000000000000000000000001000000")).isEqualTo(InetAddress.ofLiteral("::1"));
        assertThat(PortOwner.address("B80D01200000000067452301EFCDAB89"))
                .isEqualTo(InetAddress.ofLiteral("2001:db8::123:4567:89ab:cdef"));
    }
}

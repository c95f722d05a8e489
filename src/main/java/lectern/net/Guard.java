package lectern.net;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Which web addresses this server asks on behalf of people. Pure: a web address is judged by how it
 * is written, a network address by the table here. What a name leads to has to be judged after it
 * was looked up, and the connection has to go to just that address; {@link GuardedClient} does
 * both.
 *
 * <p>Of IPv6 only global unicast space is asked at all, without the parts of it that stand for IPv4
 * addresses or for nobody, so mapped, translated (64:ff9b::/96) and tunnelled forms of a private
 * address do not get past.
 */
public final class Guard {
  private static final FetchFailure.Kind BLOCKED = FetchFailure.Kind.BLOCKED;

  /** Networks of one's own, which an administrator may open. */
  private static final List<AddressBlock> PRIVATE =
      blocks(
          "10.0.0.0/8",
          "100.64.0.0/10",
          "127.0.0.0/8",
          "172.16.0.0/12",
          "192.168.0.0/16",
          "::1/128",
          "fc00::/7");

  /** What is never asked: metadata of clouds, multicast, documentation, tests, reserved. */
  private static final List<AddressBlock> NEVER =
      blocks(
          "0.0.0.0/8",
          "169.254.0.0/16",
          "192.0.0.0/24",
          "192.0.2.0/24",
          "192.88.99.0/24",
          "198.18.0.0/15",
          "198.51.100.0/24",
          "203.0.113.0/24",
          "224.0.0.0/4",
          "240.0.0.0/4",
          "fd00:ec2::/32",
          "2001::/23",
          "2001:db8::/32",
          "2002::/16",
          "3fff::/20");

  private static final AddressBlock GLOBAL_IPV6 = AddressBlock.of("2000::/3");

  /** Endings of names that mean something only inside somebody's network. */
  private static final Set<String> LOCAL_ENDINGS =
      Set.of(
          "localhost",
          "localdomain",
          "local",
          "internal",
          "intranet",
          "private",
          "corp",
          "lan",
          "home",
          "home.arpa");

  private static final Set<Integer> USUAL_PORTS = Set.of(80, 443);

  private final List<AddressBlock> opened;
  private final boolean anyPort;

  Guard(List<AddressBlock> opened, boolean anyPort) {
    this.opened = List.copyOf(opened);
    this.anyPort = anyPort;
  }

  /**
   * The guard as it is set.
   *
   * @param allowPrivate whether networks of one's own, this machine included, and ports besides 80
   *     and 443 may be asked; metadata of clouds still may not
   */
  public static Guard of(boolean allowPrivate) {
    return allowPrivate ? new Guard(PRIVATE, true) : new Guard(List.of(), false);
  }

  /** The same guard without an opinion on ports, for addresses of servers rather than pages. */
  public Guard onAnyPort() {
    return new Guard(opened, true);
  }

  /**
   * Refuses a web address by how it is written: names and numbers of private networks, strange
   * ports.
   */
  public void check(WebAddress address) {
    if (!anyPort && !USUAL_PORTS.contains(address.port())) {
      throw new FetchFailure(BLOCKED, "Only addresses on the usual ports, 80 and 443, are read.");
    }
    InetAddress number = address.literal();
    if (number != null) {
      check(number);
    } else if (isLocal(address.host())) {
      throw FetchFailure.blocked();
    }
  }

  /** Refuses a network address that a name led to. */
  public void check(InetAddress address) {
    if (!allows(address)) {
      throw FetchFailure.blocked();
    }
  }

  /** Whether a network address may be connected to. */
  public boolean allows(InetAddress address) {
    byte[] bytes = plain(address.getAddress());
    Predicate<AddressBlock> containing = block -> block.contains(bytes);
    if (NEVER.stream().anyMatch(containing)) {
      return false;
    }
    if (opened.stream().anyMatch(containing)) {
      return true;
    }
    return PRIVATE.stream().noneMatch(containing)
        && (bytes.length == 4 || GLOBAL_IPV6.contains(bytes));
  }

  private boolean isLocal(String host) {
    return opened.isEmpty()
        && (host.indexOf('.') < 0
            || LOCAL_ENDINGS.stream().anyMatch(ending -> host.endsWith("." + ending)));
  }

  /** An IPv4 address that was written as an IPv6 one is judged as what it is. */
  private static byte[] plain(byte[] bytes) {
    boolean mapped =
        bytes.length == 16
            && Arrays.equals(bytes, 0, 10, new byte[10], 0, 10)
            && bytes[10] == (byte) 0xFF
            && bytes[11] == (byte) 0xFF;
    return mapped ? Arrays.copyOfRange(bytes, 12, 16) : bytes;
  }

  private static List<AddressBlock> blocks(String... written) {
    return Stream.of(written).map(AddressBlock::of).toList();
  }
}

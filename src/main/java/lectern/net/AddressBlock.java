package lectern.net;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/**
 * A range of network addresses that begin with the same bits.
 *
 * @param prefix 4 bytes of IPv4 or 16 of IPv6
 * @param bits how many of them count
 */
record AddressBlock(byte[] prefix, int bits) {

  /** A block as it is usually written: {@code 10.0.0.0/8}. The address must be a literal. */
  static AddressBlock of(String written) {
    int slash = written.indexOf('/');
    try {
      // A literal is never looked up.
      byte[] prefix = InetAddress.getByName(written.substring(0, slash)).getAddress();
      return new AddressBlock(prefix, Integer.parseInt(written.substring(slash + 1)));
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(written, e);
    }
  }

  boolean contains(byte[] address) {
    if (address.length != prefix.length) {
      return false;
    }
    int whole = bits / 8;
    if (!Arrays.equals(address, 0, whole, prefix, 0, whole)) {
      return false;
    }
    int rest = bits % 8;
    return rest == 0 || ((address[whole] ^ prefix[whole]) & (0xFF << (8 - rest)) & 0xFF) == 0;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof AddressBlock block
        && bits == block.bits
        && Arrays.equals(prefix, block.prefix);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(prefix) + bits;
  }

  @Override
  public String toString() {
    return Arrays.toString(prefix) + "/" + bits;
  }
}

package lectern.net;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.net.spi.InetAddressResolver;
import java.net.spi.InetAddressResolverProvider;
import java.util.stream.Stream;

/**
 * Names in the tests' own domain, looked up by the machine as any other: {@code
 * 10-0-0-1.names.example} leads to 10.0.0.1. All other names lead where they do.
 */
public final class TestingNames extends InetAddressResolverProvider {
  private static final String DOMAIN = ".names.example";

  @Override
  public String name() {
    return "testing names";
  }

  @Override
  public InetAddressResolver get(Configuration configuration) {
    return new Names(configuration.builtinResolver());
  }

  private record Names(InetAddressResolver others) implements InetAddressResolver {
    @Override
    public Stream<InetAddress> lookupByName(String host, LookupPolicy policy)
        throws UnknownHostException {
      return host.endsWith(DOMAIN)
          ? Stream.of(InetAddress.ofLiteral(host.replace(DOMAIN, "").replace('-', '.')))
          : others.lookupByName(host, policy);
    }

    @Override
    public String lookupByAddress(byte[] address) throws UnknownHostException {
      return others.lookupByAddress(address);
    }
  }
}

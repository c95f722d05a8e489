package lectern.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HexFormat;
import java.util.List;
import lectern.net.FetchFailure.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GuardTest {
  private final Guard closed = Guard.of(false);
  private final Guard open = Guard.of(true);

  private static InetAddress literal(String address) throws UnknownHostException {
    return InetAddress.getByName(address);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.1.1.1",
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "126.255.255.255",
        "128.0.0.0",
        "169.253.255.255",
        "172.15.255.255",
        "172.32.0.0",
        "192.0.1.0",
        "192.167.255.255",
        "192.169.0.0",
        "198.17.255.255",
        "198.20.0.0",
        "223.255.255.255",
        "2606:4700:4700::1111",
        "2a00:1450:4001:80b::200e",
        "2001:200::1",
        "2001:4860:4860::8888"
      })
  void public_addresses_are_asked(String address) throws UnknownHostException {
    assertThat(closed.allows(literal(address))).isTrue();
    assertThat(open.allows(literal(address))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "10.0.0.0",
        "10.255.255.255",
        "100.64.0.0",
        "100.127.255.255",
        "127.0.0.1",
        "127.255.255.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.0.1",
        "192.168.255.255",
        "::1",
        "fc00::1",
        "fd12:3456:789a::1"
      })
  void private_addresses_are_asked_only_where_that_is_set(String address)
      throws UnknownHostException {
    assertThat(closed.allows(literal(address))).isFalse();
    assertThat(open.allows(literal(address))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.0.0.0",
        "0.1.2.3",
        "169.254.169.254",
        "169.254.0.1",
        "192.0.0.170",
        "192.0.2.1",
        "192.88.99.1",
        "198.18.0.1",
        "198.19.255.255",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "239.255.255.255",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::127.0.0.1",
        "::7f00:1",
        "64:ff9b::7f00:1",
        "64:ff9b::a00:1",
        "64:ff9b:1::1",
        "100::1",
        "2001::1",
        "2001:0:7f00:1::",
        "2001:db8::1",
        "2002:7f00:1::1",
        "2002:a00:1::",
        "3fff::1",
        "4000::1",
        "fe80::1",
        "fec0::1",
        "fd00:ec2::254",
        "ff02::1"
      })
  void some_addresses_are_never_asked(String address) throws UnknownHostException {
    assertThat(closed.allows(literal(address))).isFalse();
    assertThat(open.allows(literal(address))).isFalse();
  }

  /** Java turns these into IPv4 by itself; the guard does not count on that. */
  @Test
  void a_mapped_address_is_judged_as_the_one_it_stands_for() throws UnknownHostException {
    for (String mapped : List.of("7f000001", "a9fea9fe", "0a000001", "00000000")) {
      InetAddress address =
          InetAddress.getByAddress(HexFormat.of().parseHex("00000000000000000000ffff" + mapped));
      assertThat(closed.allows(address)).as(mapped).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://localhost/",
        "http://LOCALHOST/",
        "http://localhost./",
        "http://a.localhost/",
        "http://printer/",
        "http://nas.local/",
        "http://NAS.Local/",
        "http://x.internal/",
        "http://metadata.google.internal/",
        "http://router.lan/",
        "http://router.home/",
        "http://router.home.arpa/",
        "http://wiki.corp/",
        "http://127.0.0.1/",
        "http://[::1]/",
        "http://[fd00::1]/",
        "http://10.1.2.3/",
        "http://１２７.０.０.１/",
        "http://127。0。0。1/"
      })
  void names_of_private_networks_are_asked_only_where_that_is_set(String url) {
    WebAddress address = WebAddress.parse(url);
    assertThatThrownBy(() -> closed.check(address))
        .isInstanceOfSatisfying(
            FetchFailure.class,
            failure -> {
              assertThat(failure.kind()).isEqualTo(Kind.BLOCKED);
              assertThat(failure.sentence()).doesNotContain(address.host());
            });
    assertThatCode(() -> open.check(address)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://169.254.169.254/latest/meta-data/",
        "http://0.0.0.0/",
        "http://[fe80::1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://[fd00:ec2::254]/"
      })
  void no_setting_opens_the_metadata_of_clouds(String url) {
    assertThatThrownBy(() -> open.check(WebAddress.parse(url))).isInstanceOf(FetchFailure.class);
  }

  @ParameterizedTest
  @CsvSource({
    "http://example.org/, true",
    "http://example.org:443/, true",
    "https://example.org:80/, true",
    "https://localhost.example.org/, true",
    "https://internal.example.org/, true",
    "http://example.org:22/, false",
    "http://example.org:6379/, false",
    "https://example.org:8443/, false"
  })
  void pages_are_read_on_the_usual_ports(String url, boolean asked) {
    WebAddress address = WebAddress.parse(url);
    if (asked) {
      assertThatCode(() -> closed.check(address)).doesNotThrowAnyException();
    } else {
      assertThatThrownBy(() -> closed.check(address)).isInstanceOf(FetchFailure.class);
    }
    assertThatCode(() -> closed.onAnyPort().check(address)).doesNotThrowAnyException();
    assertThatThrownBy(() -> closed.onAnyPort().check(WebAddress.parse("http://10.0.0.1:8000/")))
        .isInstanceOf(FetchFailure.class);
  }
}

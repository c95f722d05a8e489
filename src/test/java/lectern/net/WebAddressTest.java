package lectern.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import lectern.net.FetchFailure.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebAddressTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "HTTP://Example.ORG | http://example.org/",
        "https://example.org:443/a | https://example.org/a",
        "http://example.org:80 | http://example.org/",
        "http://example.org:443/ | http://example.org:443/",
        "https://example.org:80/ | https://example.org:80/",
        "http://example.org:/a | http://example.org/a",
        "https://example.org/A/../b;p?utm_source=x&B=1#top | https://example.org/A/../b;p?utm_source=x&B=1",
        "https://example.org/a%2Fb%c3%a9 | https://example.org/a%2Fb%c3%a9",
        "https://example.org? | https://example.org/",
        "https://example.org/a?# | https://example.org/a",
        "https://example.org?q | https://example.org/?q",
        "https://example.org./a | https://example.org/a",
        "https://example.org/é 100% | https://example.org/%C3%A9%20100%25",
        "https://bücher.example/ü | https://xn--bcher-kva.example/%C3%BC",
        "https://ＥＸＡＭＰＬＥ.org/ | https://example.org/",
        "https://a_b.example.org/ | https://a_b.example.org/",
        "http://8.8.8.8/ | http://8.8.8.8/",
        "http://[2001:DB8::1]:8080/a | http://[2001:db8:0:0:0:0:0:1]:8080/a",
        "  https://example.org/a   | https://example.org/a",
        "https://example.org/@user | https://example.org/@user",
        "https://example.org/?u=a@b | https://example.org/?u=a@b"
      })
  void an_address_has_one_normal_form(String typed, String normal) {
    WebAddress address = WebAddress.parse(typed);
    assertThat(address).hasToString(normal);
    assertThat(WebAddress.parse(normal)).isEqualTo(address);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "example.org",
        "//example.org/",
        "ftp://example.org/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "data:text/html,x",
        "http:/example.org",
        "http:example.org",
        "http://",
        "http:///a",
        "http://?q",
        "http://:80/",
        "http://user@example.org/",
        "http://user:pass@example.org/",
        "https://@example.org/",
        "https://@/",
        "https://example.org@127.0.0.1/",
        "http://example.org\\@127.0.0.1/",
        "http://example.org\\.evil.example/",
        "http://exa mple.org/",
        "http://example.org\n.evil.example/",
        "http://example.org/\u0000",
        "http://example.org/a\r\nHost: x",
        "http://%6c%6f%63alhost/",
        "http://example.org:99999/",
        "http://example.org:0/",
        "http://example.org:-1/",
        "http://example.org:80:80/",
        "http://example.org:8o/",
        "http://127.1/",
        "http://127.0.1/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://0x7f.0.0.1/",
        "http://0177.0.0.1/",
        "http://010.0.0.1/",
        "http://127.0.0.01/",
        "http://256.0.0.1/",
        "http://1.2.3.4.5/",
        "http://a.1/",
        "http://x.0x/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:7f00:1]/",
        "http://[fe80::1%25eth0]/",
        "http://[::1/",
        "http://[example.org]/",
        "http://-a.example/",
        "http://a..example/",
        "http://.example/",
        "http://xn--/",
        "http://a\u200bb\u0001.example/"
      })
  void what_can_be_read_in_two_ways_is_no_address(String typed) {
    assertThatThrownBy(() -> WebAddress.parse(typed))
        .isInstanceOfSatisfying(
            FetchFailure.class, failure -> assertThat(failure.kind()).isEqualTo(Kind.ADDRESS));
  }

  @Test
  void an_address_has_at_most_2048_characters() {
    String longest = "https://example.org/" + "a".repeat(2048 - 20);
    assertThat(WebAddress.parse(longest).toString()).hasSize(2048);
    assertThatThrownBy(() -> WebAddress.parse(longest + "a")).isInstanceOf(FetchFailure.class);
    assertThatThrownBy(() -> WebAddress.parse("https://example.org/" + "é".repeat(1000)))
        .isInstanceOf(FetchFailure.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "b.png | https://example.org/x/b.png",
        "./b.png | https://example.org/x/b.png",
        "../b.png | https://example.org/b.png",
        "/b.png | https://example.org/b.png",
        "//cdn.example/b.png | https://cdn.example/b.png",
        "?page=2 | https://example.org/x/y?page=2",
        "#part | https://example.org/x/y?q=1",
        "http://other.example | http://other.example/"
      })
  void a_link_leads_on_from_its_page(String link, String expected) {
    WebAddress page = WebAddress.parse("https://example.org/x/y?q=1");
    assertThat(page.resolve(link)).hasToString(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"javascript:x()", "mailto:a@b", "data:image/png;base64,AA", "//a@b/", "http://"})
  void a_link_that_leads_nowhere_on_the_web_is_refused(String link) {
    assertThatThrownBy(() -> WebAddress.parse("https://example.org/").resolve(link))
        .isInstanceOf(FetchFailure.class);
  }
}

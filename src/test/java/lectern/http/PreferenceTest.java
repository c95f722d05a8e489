package lectern.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PreferenceTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "wait=5|5",
        "WAIT = 5|5",
        "respond-async, wait=10|10",
        "wait=10; x=y, return=minimal|10",
        "wait=\"7\"|7",
        "wait=61|60",
        "wait=999999999|60",
        "wait=9999999999|0",
        "wait=-1|0",
        "wait=soon|0",
        "wait|0",
        "await=5|0",
        "return=minimal|0",
      })
  void a_wait_is_heeded_up_to_its_bound_and_nothing_else_is(String prefer, int seconds) {
    assertThat(Preference.wait(prefer)).hasSeconds(seconds);
  }
}

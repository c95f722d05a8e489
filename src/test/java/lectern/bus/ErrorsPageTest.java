package lectern.bus;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ErrorsPageTest {
  private static final Pattern ROW = Pattern.compile("\\| `(E_[A-Z_]+)` \\| ([0-9]{3}) \\|.*");

  @Test
  void the_page_lists_every_code_with_its_status_in_the_order_of_the_code() throws IOException {
    List<String> listed =
        Files.readAllLines(Path.of("docs/errors.md")).stream()
            .map(ROW::matcher)
            .filter(row -> row.matches())
            .map(row -> row.group(1) + " " + row.group(2))
            .toList();

    assertThat(listed)
        .containsExactlyElementsOf(
            Arrays.stream(Code.values()).map(code -> code.name() + " " + code.status()).toList());
  }
}

package lectern.library.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PicturesTest {
  /** One pixel. */
  private static final String WEBP = "UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA";

  static byte[] picture(String format, int width, int height) {
    try (ByteArrayOutputStream out = new ByteArrayOutputStream()) {
      BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
      image.setRGB(0, 0, 0xFF00FF);
      ImageIO.write(image, format, out);
      return out.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Optional<Picture> of(byte[] bytes) {
    return Pictures.of(bytes, Progress.unwatched());
  }

  @ParameterizedTest
  @ValueSource(strings = {"png", "jpg", "gif"})
  void a_picture_is_kept_byte_for_byte_under_the_name_of_its_bytes(String format) {
    byte[] bytes = picture(format, 30, 20);
    Picture kept = of(bytes).orElseThrow();

    assertThat(kept.bytes()).isEqualTo(bytes);
    assertThat(kept.width()).isEqualTo(30);
    assertThat(kept.height()).isEqualTo(20);
    assertThat(kept.name()).matches("[0-9a-f]{32}\\." + format);
    assertThat(Pictures.isSource(kept.source())).isTrue();
  }

  @Test
  void webp_is_read_too() {
    Picture kept = of(Base64.getDecoder().decode(WEBP)).orElseThrow();

    assertThat(kept.contentType()).isEqualTo("image/webp");
    assertThat(kept.width()).isEqualTo(1);
  }

  @Test
  void what_is_too_large_for_a_page_is_made_smaller_in_proportion() {
    Picture kept = of(picture("png", 6000, 300)).orElseThrow();

    assertThat(kept.width()).isEqualTo(3000);
    assertThat(kept.height()).isEqualTo(150);
    assertThat(of(kept.bytes()).orElseThrow().name()).isEqualTo(kept.name());
  }

  @Test
  void what_claims_to_be_huge_is_left_out_unread() {
    byte[] bomb = picture("png", 10, 10);
    for (int at : new int[] {16, 20}) { // Width and height in the header.
      bomb[at] = 0x7F;
    }

    assertThat(of(bomb)).isEmpty();
  }

  @Test
  void what_is_no_picture_or_breaks_off_is_left_out() {
    byte[] whole = picture("png", 300, 300);

    assertThat(of(new byte[0])).isEmpty();
    assertThat(of("<svg xmlns='http://www.w3.org/2000/svg'/>".getBytes())).isEmpty();
    assertThat(of(Arrays.copyOf(whole, whole.length / 2))).isEmpty();
    assertThat(of(Arrays.copyOf(whole, Pictures.MAX_BYTES + 1))).isEmpty();
  }

  @Test
  void a_picture_of_layers_without_end_is_left_when_its_time_is_over() {
    byte[] layered = TestingPictures.layered(5_000, 5_000, 4 << 20);

    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(20),
        () ->
            assertThatThrownBy(() -> Pictures.of(layered, new Progress(Duration.ofMillis(200))))
                .isInstanceOf(Unreadable.class)
                .hasMessageContaining("too long"));
  }

  @Test
  void a_document_keeps_each_picture_once_and_no_more_than_it_may() {
    Pictures pictures = new Pictures();
    for (int i = 0; i < 2; i++) {
      for (int side = 1; side <= Pictures.MOST + 1; side++) {
        pictures.add(picture("gif", side, 1), Progress.unwatched());
      }
    }

    assertThat(pictures.kept()).hasSize(Pictures.MOST);
  }
}

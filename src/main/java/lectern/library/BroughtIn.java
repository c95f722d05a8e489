package lectern.library;

import java.time.Duration;
import java.util.UUID;
import lectern.bus.Address;
import lectern.library.document.Format;
import org.jspecify.annotations.Nullable;

/**
 * A document that was brought in.
 *
 * @param duplicate whether the reader had brought in the same before; then it is that one
 */
public record BroughtIn(Media media, boolean duplicate) {

  /**
   * A text typed or pasted.
   *
   * @param title null or blank leaves it to the text
   * @param libraryId a library to put it into besides the default one
   */
  public record Paste(
      UUID viewer, @Nullable String title, String text, Format format, @Nullable UUID libraryId) {
    public static final Address<Paste, BroughtIn> ADDRESS =
        Address.of("media.paste", Paste.class, BroughtIn.class).patience(Duration.ofSeconds(15));

    /** Lengths only: what a reader brings in is never shown by accident. */
    @Override
    public String toString() {
      return "Paste[text=%d, format=%s]".formatted(text.length(), format);
    }
  }

  /** A page or file of the web, fetched later. {@code libraryId} as for a text. */
  public record FromUrl(UUID viewer, String url, @Nullable UUID libraryId) {
    public static final Address<FromUrl, BroughtIn> ADDRESS =
        Address.of("media.from_url", FromUrl.class, BroughtIn.class);

    /** An address may hold what is only its reader's. */
    @Override
    public String toString() {
      return "FromUrl[url=" + url.length() + "]";
    }
  }

  /** The sample text that ships with the program; asked again, it is the same document. */
  public record OpenSample(UUID viewer) {
    public static final Address<OpenSample, BroughtIn> ADDRESS =
        Address.of("library.open_sample", OpenSample.class, BroughtIn.class);
  }
}

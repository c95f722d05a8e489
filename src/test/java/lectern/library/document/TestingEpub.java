package lectern.library.document;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.utils.SeekableInMemoryByteChannel;

/** An EPUB in the making: its files by name, packed as it stands, however wrong it is. */
public final class TestingEpub {
  private final Map<String, byte[]> files = new LinkedHashMap<>();
  private final StringBuilder manifest = new StringBuilder();
  private final StringBuilder spine = new StringBuilder();
  private String metadata = "<dc:title>A Book</dc:title>";
  private String spineAttributes = "";

  public TestingEpub() {
    file(
        "META-INF/container.xml",
        "<container><rootfiles><rootfile full-path='OPS/book.opf'/></rootfiles></container>");
  }

  public TestingEpub metadata(String xml) {
    metadata = xml;
    return this;
  }

  public TestingEpub file(String name, String text) {
    return file(name, text.getBytes(UTF_8));
  }

  public TestingEpub file(String name, byte[] bytes) {
    files.put(name, bytes);
    return this;
  }

  public TestingEpub without(String name) {
    files.remove(name);
    return this;
  }

  /** Names a file of the folder {@code OPS} in the manifest. */
  public TestingEpub item(String name, String type, String properties) {
    manifest.append(
        "<item id='%s' href='%s' media-type='%s' properties='%s'/>"
            .formatted(name, name, type, properties));
    return this;
  }

  /** A chapter: its body, as XHTML. */
  public TestingEpub chapter(String name, String body) {
    return chapter(name, body, "yes");
  }

  public TestingEpub chapter(String name, String body, String linear) {
    spine.append("<itemref idref='%s' linear='%s'/>".formatted(name, linear));
    return item(name, "application/xhtml+xml", "")
        .file(
            "OPS/" + name,
            "<?xml version='1.0' encoding='UTF-8'?><html xmlns='http://www.w3.org/1999/xhtml'"
                + " xmlns:epub='http://www.idpf.org/2007/ops'><head><title/></head><body>"
                + body
                + "</body></html>");
  }

  public TestingEpub navigation(String list) {
    return item("nav.xhtml", "application/xhtml+xml", "nav")
        .file("OPS/nav.xhtml", "<html><body><nav epub:type='toc'>" + list + "</nav></body></html>");
  }

  public TestingEpub ncx(String points) {
    spineAttributes = " toc='toc.ncx'";
    return item("toc.ncx", "application/x-dtbncx+xml", "")
        .file("OPS/toc.ncx", "<ncx><navMap>" + points + "</navMap></ncx>");
  }

  public byte[] bytes() {
    files.putIfAbsent(
        "OPS/book.opf",
        ("<package xmlns:dc='http://purl.org/dc/elements/1.1/'><metadata>%s</metadata>"
                + "<manifest>%s</manifest><spine%s>%s</spine></package>")
            .formatted(metadata, manifest, spineAttributes, spine)
            .getBytes(UTF_8));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      putMimetype(zip);
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        zip.putNextEntry(new ZipEntry(file.getKey()));
        zip.write(file.getValue());
        zip.closeEntry();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private static void putMimetype(ZipOutputStream zip) throws IOException {
    byte[] type = "application/epub+zip".getBytes(UTF_8);
    CRC32 sum = new CRC32();
    sum.update(type);
    ZipEntry entry = new ZipEntry("mimetype");
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(type.length);
    entry.setCrc(sum.getValue());
    zip.putNextEntry(entry);
    zip.write(type);
    zip.closeEntry();
  }

  /** A picture to put into one. */
  public static byte[] png(int width, int height) {
    return PicturesTest.picture("png", width, height);
  }

  ParsedDocument read() {
    return read(bytes());
  }

  static ParsedDocument read(byte[] bytes) {
    Progress progress = new Progress(Duration.ofMinutes(1));
    return ParsedDocument.read(new SeekableInMemoryByteChannel(bytes), Format.EPUB, progress);
  }
}

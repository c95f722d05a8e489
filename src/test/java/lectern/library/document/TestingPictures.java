package lectern.library.document;

import java.io.ByteArrayOutputStream;

/** Pictures made byte by byte. */
public final class TestingPictures {
  private TestingPictures() {}

  /** Blocks of 8 by 8 that one run of 15 bits of zeros leaves out. */
  private static final int RUN = 16_384;

  /**
   * A sound start of a grey progressive JPEG, and then layers of nothing until it is as long as
   * wished: a few bytes each, and a walk over the whole picture.
   */
  public static byte[] layered(int width, int height, int length) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(length + 512);
    write(out, 0xFF, 0xD8);
    write(out, 0xFF, 0xDB, 0, 67, 0);
    for (int i = 0; i < 64; i++) {
      write(out, 1);
    }
    write(out, 0xFF, 0xC2, 0, 11, 8);
    write(out, height >> 8, height & 0xFF, width >> 8, width & 0xFF);
    write(out, 1, 1, 0x11, 0);
    write(out, 0xFF, 0xC4, 0, 20, 0x10, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xE0);
    int blocks = Math.ceilDiv(width, 8) * Math.ceilDiv(height, 8);
    byte[] nothing = new byte[Math.ceilDiv(Math.ceilDiv(blocks, RUN) * 15, 8)];
    while (out.size() < length) {
      write(out, 0xFF, 0xDA, 0, 8, 1, 1, 0, 1, 1, 0);
      out.writeBytes(nothing);
    }
    write(out, 0xFF, 0xD9);
    return out.toByteArray();
  }

  private static void write(ByteArrayOutputStream out, int... bytes) {
    for (int each : bytes) {
      out.write(each);
    }
  }
}

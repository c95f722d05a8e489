package lectern.library.document;

/**
 * The stretch of canonical text that one leaf block covers, with the separator after it.
 *
 * @param start code points before the block
 * @param end code points before the next block, or of the whole text for the last one
 */
public record Block(int start, int end, BlockType type) {

  public Block {
    if (start < 0 || end <= start) {
      throw new IllegalArgumentException("A block covers at least one code point");
    }
  }
}

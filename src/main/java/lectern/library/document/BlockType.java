package lectern.library.document;

import java.util.Locale;

/** What a leaf block is to a reader. Stored in lower case. */
public enum BlockType {
  PARAGRAPH,
  HEADING_1,
  HEADING_2,
  HEADING_3,
  HEADING_4,
  HEADING_5,
  HEADING_6,
  LIST_ITEM,
  TERM,
  QUOTE,
  CODE,
  CAPTION,
  TABLE_ROW,
  TABLE_CELL;

  /** The name in the database and in JSON. */
  public String stored() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** 1 to 6 for a heading, else 0. */
  int headingLevel() {
    return this == PARAGRAPH || compareTo(HEADING_6) > 0 ? 0 : ordinal();
  }

  /** The type of a leaf with this tag; {@code quoted} when it stands inside a block quotation. */
  static BlockType of(String tag, boolean quoted) {
    return switch (tag) {
      case "h1" -> HEADING_1;
      case "h2" -> HEADING_2;
      case "h3" -> HEADING_3;
      case "h4" -> HEADING_4;
      case "h5" -> HEADING_5;
      case "h6" -> HEADING_6;
      case "li", "dd" -> LIST_ITEM;
      case "dt" -> TERM;
      case "pre" -> CODE;
      case "caption", "figcaption" -> CAPTION;
      case "tr" -> TABLE_ROW;
      case "td", "th" -> TABLE_CELL;
      case "blockquote" -> QUOTE;
      default -> quoted ? QUOTE : PARAGRAPH;
    };
  }
}

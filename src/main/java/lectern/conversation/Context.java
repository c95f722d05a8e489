package lectern.conversation;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Something a question quotes, with the text as it stood when the question was asked.
 *
 * @param id of the document, highlight, annotation, message or conversation that was quoted
 * @param mediaId the document behind it; null for messages and conversations
 * @param title of that document
 * @param startOffset code points in the fragment's canonical text, null where no passage is quoted
 * @param quotedText empty where the whole document is meant
 * @param note the reader's own words, for annotations
 */
public record Context(
    int ordinal,
    ContextType type,
    UUID id,
    @Nullable UUID mediaId,
    @Nullable String title,
    @Nullable UUID fragmentId,
    @Nullable Integer startOffset,
    @Nullable Integer endOffset,
    String quotedText,
    @Nullable String note) {}

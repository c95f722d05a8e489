package lectern.conversation;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a question quotes, as the server found it: the snapshot that is stored with the question and
 * shown to the model.
 *
 * @param sourceMediaId the document behind it; null for messages and conversations
 * @param quotedText the words themselves; empty where a whole document is meant
 * @param windowText the text around them, them included, null where there is none to show
 * @param windowStart where that begins in the fragment's text, in code points
 */
record Quoted(
    ContextType type,
    UUID id,
    @Nullable UUID sourceMediaId,
    @Nullable String sourceTitle,
    @Nullable String sourceUrl,
    @Nullable UUID fragmentId,
    @Nullable Integer startOffset,
    @Nullable Integer endOffset,
    String quotedText,
    @Nullable String note,
    @Nullable String windowText,
    @Nullable Integer windowStart) {}

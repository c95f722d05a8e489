package lectern.telemetry;

import ch.qos.logback.classic.spi.ILoggingEvent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.slf4j.event.KeyValuePair;

/**
 * The named values of a log line: the caller's, then whose work it was. A value under a name that
 * promises a secret or what people wrote is left out, and its name listed under {@code withheld}.
 */
final class LogFields {
  private static final Set<String> FORBIDDEN =
      Set.of(
          "prompt",
          "content",
          "query",
          "api_key",
          "bearer",
          "token",
          "secret",
          "password",
          "message_text",
          "messages",
          "transcript",
          "context_text",
          "raw_body",
          "authorization",
          "cookie",
          "key_material",
          "decrypted",
          "plaintext");

  private LogFields() {}

  static Map<String, Object> of(ILoggingEvent event) {
    Map<String, Object> fields = new LinkedHashMap<>();
    List<String> withheld = new ArrayList<>();
    if (event.getKeyValuePairs() != null) {
      for (KeyValuePair pair : event.getKeyValuePairs()) {
        if (isForbidden(pair.key)) {
          withheld.add(pair.key);
        } else {
          fields.put(pair.key, pair.value);
        }
      }
    }
    if (!withheld.isEmpty()) {
      fields.put("withheld", withheld);
    }
    putScope(fields, Scope.current());
    return fields;
  }

  static boolean isForbidden(String key) {
    String name = key.toLowerCase(Locale.ROOT);
    int word = 0;
    do {
      if (FORBIDDEN.contains(name.substring(word))) {
        return true;
      }
      word = name.indexOf('_', word) + 1;
    } while (word > 0);
    return false;
  }

  private static void putScope(Map<String, Object> fields, Scope scope) {
    if (scope.requestId() != null) {
      fields.putIfAbsent("request_id", scope.requestId());
    }
    if (scope.userId() != null) {
      fields.putIfAbsent("user_id", scope.userId());
    }
  }
}

package lectern.telemetry;

import ch.qos.logback.classic.spi.ILoggingEvent;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One JSON object a line: {@code time} (UTC), {@code level}, {@code logger}, {@code event}, the
 * named values, {@code request_id} and {@code user_id} when known, {@code exception} with its
 * trace.
 */
final class JsonLines extends LogEncoder {
  private static final JsonFactory JSON = new JsonFactory();

  @Override
  String line(ILoggingEvent event) {
    StringWriter line = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(line)) {
      json.writeStartObject();
      json.writeStringField("time", event.getInstant().toString());
      json.writeStringField("level", event.getLevel().toString());
      json.writeStringField("logger", event.getLoggerName());
      json.writeStringField("event", event.getFormattedMessage());
      for (Map.Entry<String, Object> field : LogFields.of(event).entrySet()) {
        json.writeFieldName(field.getKey());
        write(json, field.getValue());
      }
      if (event.getThrowableProxy() != null) {
        json.writeStringField("exception", trace(event));
      }
      json.writeEndObject();
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return line.toString();
  }

  private static void write(JsonGenerator json, @Nullable Object value) throws IOException {
    switch (value) {
      case null -> json.writeNull();
      case Integer number -> json.writeNumber(number);
      case Long number -> json.writeNumber(number);
      case Double number -> json.writeNumber(number);
      case Boolean truth -> json.writeBoolean(truth);
      case List<?> items -> {
        json.writeStartArray();
        for (Object item : items) {
          write(json, item);
        }
        json.writeEndArray();
      }
      case Object other -> json.writeString(other.toString());
    }
  }
}

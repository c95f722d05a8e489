package lectern.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.Draft;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.JsonSchemaOptions;
import io.vertx.json.schema.OutputFormat;
import io.vertx.json.schema.SchemaRepository;
import io.vertx.json.schema.Validator;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * openapi.yaml, compiled once: every operation with validators for its parameters and its body.
 * Schemas of the file become one JSON Schema document, so that references between them resolve in
 * one place.
 */
final class Contract {
  private static final String BASE = "lectern://contract/";
  private static final Set<String> METHODS = Set.of("get", "post", "put", "patch", "delete");

  private final String text;
  private final Map<String, Operation> operations = new LinkedHashMap<>();

  private Contract(String text) {
    this.text = text;
  }

  /** Reads the contract that ships with the program. */
  static Contract load() {
    try (InputStream in = Contract.class.getResourceAsStream("/openapi.yaml")) {
      return parse(new String(Objects.requireNonNull(in, "openapi.yaml").readAllBytes(), UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Contract parse(String yaml) {
    Contract contract = new Contract(yaml);
    contract.compile(document(yaml));
    return contract;
  }

  private static JsonObject document(String yaml) {
    Map<String, Object> tree = new Yaml(new SafeConstructor(new LoaderOptions())).load(yaml);
    return new JsonObject(tree).copy();
  }

  /** The file itself, for those who ask for it. */
  String text() {
    return text;
  }

  /** The operation written as {@code GET /media/{media_id}}. */
  Operation operation(String line) {
    Operation operation = operations.get(line);
    if (operation == null) {
      throw new IllegalArgumentException("not in openapi.yaml: " + line);
    }
    return operation;
  }

  /** Every operation, as method and path, in the order of the file. */
  Set<String> lines() {
    return operations.keySet();
  }

  /** The methods of a path as it was asked, in the form of an Allow header. */
  String methodsAt(String asked) {
    return operations.values().stream()
        .filter(operation -> operation.isAt(asked))
        .map(Operation::method)
        .distinct()
        .collect(Collectors.joining(", "));
  }

  private void compile(JsonObject document) {
    Schemas schemas = new Schemas(document);
    JsonObject paths = document.getJsonObject("paths");
    for (String path : paths.fieldNames()) {
      JsonObject item = paths.getJsonObject(path);
      for (String method : item.fieldNames()) {
        if (METHODS.contains(method)) {
          Operation operation = operation(schemas, item, method, path);
          operations.put(operation.line(), operation);
        }
      }
    }
  }

  private static Operation operation(Schemas schemas, JsonObject item, String method, String path) {
    JsonObject source = item.getJsonObject(method);
    List<Parameter> parameters = new ArrayList<>();
    for (JsonArray declared : List.of(array(item, "parameters"), array(source, "parameters"))) {
      for (int i = 0; i < declared.size(); i++) {
        parameters.add(schemas.parameter(declared.getJsonObject(i)));
      }
    }
    return new Operation(
        source.getString("operationId"),
        method.toUpperCase(Locale.ROOT),
        path,
        guarded(source),
        List.copyOf(parameters),
        schemas.body(source.getJsonObject("requestBody")),
        schemas.answers(source.getJsonObject("responses")));
  }

  private static JsonArray array(JsonObject from, String key) {
    return from.getJsonArray(key, new JsonArray());
  }

  /** The file asks for a bearer token everywhere; an operation opts out with an empty list. */
  private static boolean guarded(JsonObject operation) {
    return !operation.containsKey("security") || !operation.getJsonArray("security").isEmpty();
  }

  /**
   * One operation of the contract.
   *
   * @param guarded whether it needs a bearer token
   * @param body validator of the JSON body, null where there is none
   * @param answers validators of JSON answers by status, {@code default} for errors; for tests
   */
  record Operation(
      String id,
      String method,
      String path,
      boolean guarded,
      List<Parameter> parameters,
      @Nullable Validator body,
      Map<String, Validator> answers) {

    String line() {
      return method + " " + path;
    }

    boolean isAt(String asked) {
      return asked.matches(path.replace(".", "\\.").replaceAll("\\{[a-z_]+}", "[^/]+"));
    }

    Set<String> queryNames() {
      return parameters.stream()
          .filter(p -> p.in().equals("query"))
          .map(Parameter::name)
          .collect(Collectors.toUnmodifiableSet());
    }
  }

  /** One parameter: where it stands, what it must be, and what it is when absent. */
  record Parameter(
      String name,
      String in,
      boolean required,
      boolean integer,
      @Nullable String fallback,
      Validator schema) {}

  /** The schemas of the file behind one repository. */
  private static final class Schemas {
    private final JsonObject document;
    private final SchemaRepository repository;
    private int count;

    Schemas(JsonObject document) {
      this.document = document;
      JsonObject definitions = document.getJsonObject("components").getJsonObject("schemas");
      JsonObject root = rewritten(new JsonObject().put("$defs", definitions)).put("$id", BASE);
      this.repository =
          SchemaRepository.create(
                  new JsonSchemaOptions()
                      .setBaseUri(BASE)
                      .setDraft(Draft.DRAFT202012)
                      .setOutputFormat(OutputFormat.Basic))
              .dereference(JsonSchema.of(root));
    }

    Validator validator(JsonObject schema) {
      String id = BASE + "schema-" + count++;
      repository.dereference(id, JsonSchema.of(rewritten(schema).put("$id", id)));
      return repository.validator(id);
    }

    Parameter parameter(JsonObject declared) {
      JsonObject source = resolved(declared);
      JsonObject schema = source.getJsonObject("schema");
      Object fallback = schema.getValue("default");
      return new Parameter(
          source.getString("name"),
          source.getString("in"),
          source.getBoolean("required", false),
          "integer".equals(schema.getValue("type")),
          fallback == null ? null : fallback.toString(),
          validator(schema));
    }

    @Nullable Validator body(@Nullable JsonObject requestBody) {
      JsonObject schema = requestBody == null ? null : jsonSchema(requestBody);
      return schema == null ? null : validator(schema);
    }

    Map<String, Validator> answers(JsonObject responses) {
      Map<String, Validator> found = new LinkedHashMap<>();
      for (String status : responses.fieldNames()) {
        JsonObject schema = jsonSchema(resolved(responses.getJsonObject(status)));
        if (schema != null) {
          found.put(status, validator(schema));
        }
      }
      return Map.copyOf(found);
    }

    private static @Nullable JsonObject jsonSchema(JsonObject holder) {
      JsonObject content = holder.getJsonObject("content");
      JsonObject json = content == null ? null : content.getJsonObject("application/json");
      return json == null ? null : json.getJsonObject("schema");
    }

    private JsonObject resolved(JsonObject node) {
      String ref = node.getString("$ref");
      if (ref == null) {
        return node;
      }
      JsonObject at = document;
      for (String step : ref.substring(2).split("/")) {
        at = at.getJsonObject(step);
      }
      return at;
    }

    private static JsonObject rewritten(JsonObject schema) {
      String text = schema.encode().replace("#/components/schemas/", BASE + "#/$defs/");
      return new JsonObject(text);
    }
  }
}

package lectern.llm;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How models are reached.
 *
 * @param providers by name; a provider that is not here is not offered
 */
public record LlmSettings(Map<String, Provider> providers, Local local) {
  public static final URI OPENAI = URI.create("https://api.openai.com/v1");

  /** Where Ollama, LM Studio, llama.cpp and vLLM listen when nobody told them otherwise. */
  public static final List<URI> USUAL_LOCAL_SERVERS =
      List.of(
          URI.create("http://127.0.0.1:11434/v1"),
          URI.create("http://127.0.0.1:1234/v1"),
          URI.create("http://127.0.0.1:8080/v1"),
          URI.create("http://127.0.0.1:8000/v1"));

  public LlmSettings {
    providers = Map.copyOf(providers);
  }

  /**
   * A provider that is asked over the network.
   *
   * @param key the server's own key, or null when readers bring theirs
   * @param enabled whether anybody may ask it
   * @param keyHeader the header that carries a key
   * @param version the version of the wire format to name, or null
   */
  public record Provider(
      URI baseUrl,
      @Nullable Secret key,
      boolean enabled,
      Patience patience,
      Dialect dialect,
      KeyHeader keyHeader,
      @Nullable String version) {

    /** With the header and the version that are usual for the dialect there. */
    public Provider(
        URI baseUrl, @Nullable Secret key, boolean enabled, Patience patience, Dialect dialect) {
      this(baseUrl, key, enabled, patience, dialect, dialect.keyHeader(), dialect.version(baseUrl));
    }

    /** OpenAI, or a server that imitates it. */
    public Provider(URI baseUrl, @Nullable Secret key, boolean enabled, Patience patience) {
      this(baseUrl, key, enabled, patience, openAi(baseUrl));
    }

    /** The connection to this provider with this key. */
    public Connection connection(String name, @Nullable Secret with) {
      return new Connection(name, dialect, baseUrl, with, patience, keyHeader, version);
    }
  }

  /** Only OpenAI's own host is sure to know more than everybody's Chat Completions. */
  public static Dialect openAi(URI baseUrl) {
    return OPENAI.getHost().equals(baseUrl.getHost())
        ? Dialect.OPENAI_RESPONSES
        : Dialect.OPENAI_COMPATIBLE;
  }

  /**
   * Model servers on this machine.
   *
   * @param detect whether to look for them at all
   * @param addresses base URLs to look at
   * @param ownPorts the ports this program itself listens on; they are never looked at
   */
  public record Local(boolean detect, List<URI> addresses, Set<Integer> ownPorts) {
    public Local {
      addresses = List.copyOf(addresses);
      ownPorts = Set.copyOf(ownPorts);
    }
  }
}

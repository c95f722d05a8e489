package lectern.llm;

import io.vertx.core.Vertx;
import java.net.URI;

class ExtractsProviderTest extends ProviderContract {
  @Override
  Provider provider(Vertx there) {
    return new ExtractsProvider(there);
  }

  @Override
  Call answered() {
    return Wire.call(
        new Connection(
            "extracts", Dialect.EXTRACTS, URI.create("http://localhost"), null, Patience.LOCAL));
  }
}

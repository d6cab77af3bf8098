import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.waiters.WaiterOverrideConfiguration;
import software.amazon.awssdk.http.TlsTrustManagersProvider;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.KinesisClient;

/** The SDK's clients as it makes them by default, but for where they connect and whom they trust. */
final class Clients {
  private static final WaiterOverrideConfiguration WAITING =
      WaiterOverrideConfiguration.builder()
          .maxAttempts(600)
          .waitTimeout(Duration.ofSeconds(30))
          .backoffStrategyV2(BackoffStrategy.fixedDelay(Duration.ofMillis(50)))
          .build();

  private final TlsTrustManagersProvider trust;

  /** The content types of all answers so far. */
  final Set<String> contentTypes = ConcurrentHashMap.newKeySet();

  private final ExecutionInterceptor listening =
      new ExecutionInterceptor() {
        @Override
        public void afterTransmission(Context.AfterTransmission context, ExecutionAttributes attributes) {
          context.httpRequest().firstMatchingHeader("Content-Type").ifPresent(contentTypes::add);
          context.httpResponse().firstMatchingHeader("Content-Type").ifPresent(contentTypes::add);
        }
      };

  Clients(String ca) throws Exception {
    TrustManager[] managers = ca == null ? null : trusting(Path.of(ca));
    trust = () -> managers;
  }

  private static TrustManager[] trusting(Path pem) throws Exception {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    try (InputStream file = Files.newInputStream(pem)) {
      store.setCertificateEntry("ca", CertificateFactory.getInstance("X.509").generateCertificate(file));
    }
    TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }

  Kinesis sync(URI endpoint) {
    var http = Apache5HttpClient.builder().tlsTrustManagersProvider(trust);
    KinesisClient client =
        KinesisClient.builder()
            .endpointOverride(endpoint)
            .httpClientBuilder(http)
            .overrideConfiguration(configuration -> configuration.addExecutionInterceptor(listening))
            .build();
    return new SyncKinesis(client, WAITING);
  }

  Kinesis async(URI endpoint) {
    var http = NettyNioAsyncHttpClient.builder().tlsTrustManagersProvider(trust);
    KinesisAsyncClient client =
        KinesisAsyncClient.builder()
            .endpointOverride(endpoint)
            .httpClientBuilder(http)
            .overrideConfiguration(configuration -> configuration.addExecutionInterceptor(listening))
            .build();
    return new AsyncKinesis(client, WAITING);
  }
}

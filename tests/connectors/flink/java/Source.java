import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** A stream's records as texts, read by one of the connector's sources. */
interface Source {
  SingleOutputStreamOperator<String> in(StreamExecutionEnvironment environment);
}

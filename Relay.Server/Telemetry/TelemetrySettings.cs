using System.Collections;

namespace Relay.Server.Telemetry;

/// <summary>Where the relay exports traces and metrics to: the standard variables of OpenTelemetry. Without an endpoint it exports nothing.</summary>
/// <param name="Variables">Those whose names begin with <c>OTEL_</c>.</param>
internal sealed record TelemetrySettings(IReadOnlyDictionary<string, string?> Variables)
{
    private const string Prefix = "OTEL_";
    private const string Disabled = "OTEL_SDK_DISABLED";
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string TracesEndpoint = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT";
    private const string MetricsEndpoint = "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT";
    private const string Protocol = "OTEL_EXPORTER_OTLP_PROTOCOL";
    private const string OverHttp = "http/protobuf";

    public static TelemetrySettings None { get; } = new(new Dictionary<string, string?>());

    public bool ExportsTraces => Exports(TracesEndpoint, "OTEL_TRACES_EXPORTER");

    public bool ExportsMetrics => Exports(MetricsEndpoint, "OTEL_METRICS_EXPORTER");

    /// <param name="endpoint">Takes the place of the endpoint in the environment; null: that one.</param>
    public static TelemetrySettings Read(IDictionary environment, Uri? endpoint)
    {
        Dictionary<string, string?> variables = environment.Cast<DictionaryEntry>()
            .Where(variable => ((string)variable.Key).StartsWith(Prefix, StringComparison.Ordinal) && variable.Value is string { Length: > 0 })
            .ToDictionary(variable => (string)variable.Key, variable => (string?)variable.Value, StringComparer.Ordinal);
        if (endpoint is not null)
        {
            variables.Remove(TracesEndpoint);
            variables.Remove(MetricsEndpoint);
            variables[Endpoint] = endpoint.AbsoluteUri;
        }

        // The default of the specification; that of the library is gRPC.
        variables.TryAdd(Protocol, OverHttp);
        return bool.TryParse(variables.GetValueOrDefault(Disabled), out bool disabled) && disabled ? None : new(variables);
    }

    /// <summary>What is wrong with an endpoint; null where all are sound.</summary>
    public string? FindError() => ((string[])[Endpoint, TracesEndpoint, MetricsEndpoint])
        .Where(name => Variables.TryGetValue(name, out string? value) && !IsHttp(value))
        .Select(name => $"{name} is not an address such as http://localhost:4318: set it right or remove it.")
        .FirstOrDefault();

    public static bool IsHttp(string? address) =>
        Uri.TryCreate(address, UriKind.Absolute, out Uri? uri) && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps);

    private bool Exports(string endpoint, string exporter) =>
        (Variables.ContainsKey(Endpoint) || Variables.ContainsKey(endpoint)) && Variables.GetValueOrDefault(exporter, "otlp") == "otlp";
}

using Relay.AdminClient.Operations;
using Relay.AdminClient.Transport;

namespace Relay.AdminClient;

/// <summary>A client of the HTTP API of a relay, for programs that operate one. Each change but an upload of rows has an idempotency key, and is
/// sent again when the connection breaks before its answer; an answer that asks for a short wait is waited for. Safe to use from several
/// threads.</summary>
/// <remarks>Every method throws <see cref="RelayException"/> where the relay refuses, and <see cref="HttpRequestException"/> where it cannot be
/// reached.</remarks>
public sealed class RelayAdminClient : IDisposable
{
    private readonly RelayTransport _transport;

    /// <exception cref="ArgumentException">The address is not one of https, or the options have both an API key and a token provider.</exception>
    /// <exception cref="RelayException">The certificate authority cannot be read.</exception>
    public RelayAdminClient(RelayAdminOptions options)
        : this(Connect(options))
    {
    }

    /// <param name="http">Has the address of the relay and the headers of each request. It is disposed of with the client. What its own handlers do
    /// not repeat is sent once, without an idempotency key.</param>
    public RelayAdminClient(HttpClient http)
        : this(new RelayTransport(http))
    {
    }

    internal RelayAdminClient(RelayTransport transport)
    {
        _transport = transport;
        Models = new(transport);
        Versions = new(transport);
        Aliases = new(transport);
        Tags = new(transport);
        Notes = new(transport);
        TrainingRuns = new(transport);
        Triggers = new(transport);
        Datasets = new(transport);
        Channels = new(transport);
        Rollouts = new(transport);
        Pending = new(transport);
        Nodes = new(transport);
        ApiKeys = new(transport);
        Audit = new(transport);
        Webhooks = new(transport);
        Status = new(transport);
    }

    public ModelOperations Models { get; }

    public VersionOperations Versions { get; }

    public AliasOperations Aliases { get; }

    public TagOperations Tags { get; }

    public NoteOperations Notes { get; }

    public TrainingRunOperations TrainingRuns { get; }

    public TriggerOperations Triggers { get; }

    public DatasetOperations Datasets { get; }

    public ChannelOperations Channels { get; }

    public RolloutOperations Rollouts { get; }

    public PendingOperations Pending { get; }

    public NodeOperations Nodes { get; }

    public ApiKeyOperations ApiKeys { get; }

    public AuditOperations Audit { get; }

    public WebhookOperations Webhooks { get; }

    public StatusOperations Status { get; }

    public void Dispose() => _transport.Dispose();

    private static RelayTransport Connect(RelayAdminOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.ApiKey is not null && options.TokenProvider is not null)
        {
            throw new ArgumentException("Set an API key or a token provider, not both.", nameof(options));
        }

        return options.Address is { IsAbsoluteUri: true } address && address.Scheme == Uri.UriSchemeHttps
            ? new(RelayConnector.CreateClient(
                address, options.CertificateAuthorityPem is { } pem ? RelayConnector.PinText(pem) : null, options.ApiKey, options.TokenProvider,
                options.RequestTimeout))
            : throw new ArgumentException("The address of a relay begins with https://.", nameof(options));
    }
}

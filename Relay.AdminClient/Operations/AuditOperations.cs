using Relay.AdminClient.Transport;
using Shared.Contracts.Api;

namespace Relay.AdminClient.Operations;

/// <summary>Who changed what, in a chain of hashes.</summary>
public sealed class AuditOperations
{
    private readonly RelayTransport _transport;

    internal AuditOperations(RelayTransport transport) => _transport = transport;

    /// <summary>Lists the entries of the audit log, the newest first.</summary>
    [RelayOperation("GET", "/v1/audit")]
    public IAsyncEnumerable<AuditEntry> ListAsync(AuditQuery? query = null, CancellationToken cancellationToken = default) =>
        _transport.ListAsync(query is null ? Routes.Audit : query.ToPath(Routes.Audit), RelayApiJson.Default.PageAuditEntry, cancellationToken);

    /// <summary>Downloads the lines of the audit log as NDJSON, from the one after a sequence on.</summary>
    [RelayOperation("GET", "/v1/audit/export")]
    public Task ExportAsync(long after, Stream destination, CancellationToken cancellationToken = default) =>
        _transport.DownloadAsync(new QueryText().Add("after", after).ToPath(Routes.AuditExport), destination, cancellationToken);

    /// <summary>Reads the signed end of the audit log.</summary>
    [RelayOperation("GET", "/v1/audit/head")]
    public Task<SignedAuditHead> ReadHeadAsync(CancellationToken cancellationToken = default) =>
        _transport.GetAsync(Routes.AuditHead, RelayApiJson.Default.SignedAuditHead, cancellationToken);

    /// <summary>Lists the signed ends of the audit log that the relay has kept.</summary>
    [RelayOperation("GET", "/v1/audit/heads")]
    public IAsyncEnumerable<SignedAuditHead> ListHeadsAsync(CancellationToken cancellationToken = default) =>
        _transport.ListAsync(Routes.AuditHeads, RelayApiJson.Default.PageSignedAuditHead, cancellationToken);
}

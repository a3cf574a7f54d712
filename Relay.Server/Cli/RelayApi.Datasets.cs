using System.Text.Json.Serialization.Metadata;

namespace Relay.Server.Cli;

// What datasets need beside the rest.
internal sealed partial class RelayApi
{
    /// <summary>How long an upload or an export may take.</summary>
    public static readonly TimeSpan TransferTime = TimeSpan.FromHours(1);

    /// <summary>Sends a file as it is read.</summary>
    /// <param name="content">One that can seek is read again from where it stands, where the relay asks for a second try.</param>
    public Task<T> PostStreamAsync<T>(
        string path, Stream content, string contentType, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        transport.SendStreamAsync(path, content, contentType, type, cancellationToken);
}

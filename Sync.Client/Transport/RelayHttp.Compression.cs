using Shared.Platform.Timing;

namespace Sync.Client.Transport;

// Compressed bodies. A server whose compressed bodies are damaged may have the right bytes: from then on they are asked for as they are.
internal sealed partial class RelayHttp
{
    private volatile bool _asksForPlain;

    private void AcceptCompressed(HttpRequestMessage request)
    {
        if (!_asksForPlain)
        {
            CompressedBody.Accept(request);
        }
    }

    private async Task<bool> CopyAsync(
        HttpResponseMessage response, Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> take, long limit, MinimumRateTimeout timeout)
    {
        try
        {
            return await BoundedBody.CopyAsync(response.Content, take, limit, timeout).ConfigureAwait(false);
        }
        catch (TransientRequestException e) when (e.InnerException is InvalidDataException)
        {
            _asksForPlain = true;
            throw;
        }
    }
}

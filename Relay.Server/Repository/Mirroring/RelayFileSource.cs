using System.Net;
using Shared.Contracts.Api;

namespace Relay.Server.Repository.Mirroring;

/// <summary>The repository that a relay serves.</summary>
internal sealed class RelayFileSource(HttpClient http) : IStaticFileSource
{
    private static readonly string Folder = Routes.Metadata[..Routes.Metadata.LastIndexOf('/')];

    public async Task<byte[]?> ReadAsync(string path, long limit, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await http.GetAsync(
            $"{Folder}/{path}", HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (response.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }

        if (response.StatusCode != HttpStatusCode.OK)
        {
            throw new HttpRequestException($"The relay answered {(int)response.StatusCode} for '{path}'.");
        }

        await using Stream body = await response.Content.ReadAsStreamAsync(cancellationToken);
        using MemoryStream content = new();
        byte[] chunk = new byte[81_920];
        while (await body.ReadAsync(chunk, cancellationToken) is > 0 and var got)
        {
            content.Write(chunk, 0, got);
            if (content.Length > limit)
            {
                throw new InvalidDataException($"'{path}' is longer than the {limit} bytes that it may have.");
            }
        }

        return content.ToArray();
    }
}

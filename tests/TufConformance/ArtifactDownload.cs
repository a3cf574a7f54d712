using Shared.Contracts;
using Shared.Contracts.Tuf;
using Sync.Client.Transport;

namespace TufConformance;

/// <summary>Downloads one artifact (5.7): one file per target path, kept where it still is what the metadata list.</summary>
internal static class ArtifactDownload
{
    public static async Task<Refusal?> RunAsync(TrustedMetadata trusted, IRepositorySource server, string target, string folder)
    {
        TargetSearch search = trusted.Find(target);
        if (search.Found is not { } file)
        {
            return search.Refusal ?? new(RefusalReason.MetadataMissing, target, "a role that it needs is missing");
        }

        string path = Path.Combine(folder, Uri.EscapeDataString(target));
        if (File.Exists(path) && file.Check(await File.ReadAllBytesAsync(path)) is null)
        {
            return null;
        }

        Fetched fetched = await server.GetTargetAsync(trusted.PathTo(file), file.Length, CancellationToken.None);
        if (fetched.Status != FetchStatus.Ok)
        {
            return fetched.Refusal ?? new(RefusalReason.TransportUnavailable, target, "it is not there");
        }

        if (file.Check(fetched.Bytes) is { } refusal)
        {
            return refusal;
        }

        await File.WriteAllBytesAsync(path, fetched.Bytes);
        return null;
    }
}

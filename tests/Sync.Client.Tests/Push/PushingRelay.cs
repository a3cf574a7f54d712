using System.Security.Cryptography;
using System.Text.Json;
using Relay.TestKit.Trust;
using Shared.Contracts.Api;
using Shared.Contracts.Tuf;

namespace Sync.Client.Tests.Push;

/// <summary>Sends on an event stream what changed in a repository.</summary>
internal sealed class PushingRelay(TestRepository repository, EventServer events)
{
    /// <summary>The files that there are now.</summary>
    public HashSet<string> Files() =>
        [.. Directory.EnumerateFiles(repository.RepositoryPath, "*", SearchOption.AllDirectories).Select(Relative)];

    private string Relative(string file) => Path.GetRelativePath(repository.RepositoryPath, file);

    /// <summary>What has come since, but roots, as a relay puts it into an event.</summary>
    public (Dictionary<string, byte[]> Metadata, Dictionary<string, byte[]> Targets) Collect(
        HashSet<string> before, Func<string, bool>? isLeftOut = null, bool withArtifacts = false)
    {
        string[] changed =
        [
            MisbehavingRepository.TimestampPath,
            .. Files().Except(before)
                .Where(file => !file.EndsWith(".root.json", StringComparison.Ordinal) && isLeftOut?.Invoke(file) != true)
                .Where(file => withArtifacts || !file.EndsWith(".onnx", StringComparison.Ordinal)),
        ];
        return (In("metadata/"), In("targets/"));

        Dictionary<string, byte[]> In(string folder) => changed.Where(file => file.StartsWith(folder, StringComparison.Ordinal))
            .ToDictionary(file => file[folder.Length..], file => repository.Serve(file)!, StringComparer.Ordinal);
    }

    public void Push((Dictionary<string, byte[]> Metadata, Dictionary<string, byte[]> Targets) files, long? claimed = null)
    {
        long version = claimed ?? repository.Read().Timestamp.Version;
        byte[] timestamp = files.Metadata[MetadataPaths.Timestamp];
        string tag = $"\"{Convert.ToHexStringLower(SHA256.HashData(timestamp))}\"";
        FilesEvent sent = new(version, tag, repository.Read().Root.Version, files.Metadata, files.Targets);
        events.Send($"event: files\ndata: {JsonSerializer.Serialize(sent, RelayApiJson.Default.FilesEvent)}\n\n");
        events.SendHint(version);
    }
}

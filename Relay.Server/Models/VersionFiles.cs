using Relay.Server.Repository;
using Relay.Server.Storage;
using Shared.Contracts.Releases;
using Shared.Contracts.Tuf;

namespace Relay.Server.Models;

/// <summary>The files of a version: as published, or as stored where it is not published yet.</summary>
internal sealed class VersionFiles(RepositoryCache repository, ArtifactStore artifacts, DataFolder folder)
{
    public IReadOnlyList<VersionFile> List(StoredVersion version)
    {
        string model = TargetPaths.Model(version.View.Model, version.View.Version);
        string prefix = model[..(model.LastIndexOf('/') + 1)];
        IReadOnlyDictionary<string, TargetFile> targets = repository.Read().Targets.Files;
        if (targets.ContainsKey(model))
        {
            return
            [
                .. targets.Values
                    .Where(file => file.Path.Value.StartsWith(prefix, StringComparison.Ordinal))
                    .OrderBy(file => file.Path.Value, StringComparer.Ordinal)
                    .Select(file => new VersionFile(
                        file.Path.FileName, file.Length, file.Hashes.Preferred,
                        Path.Combine([folder.Repository, RepositoryFiles.TargetsFolder, .. file.ConsistentPath.Split('/')]))),
            ];
        }

        string signature = artifacts.GetPath(version.SignatureSha256);
        return
        [
            new(model[prefix.Length..], version.View.SizeBytes, version.View.Sha256, artifacts.GetPath(version.View.Sha256)),
            new(TargetPaths.SignatureOf(model)[prefix.Length..], new FileInfo(signature).Length, version.SignatureSha256, signature),
        ];
    }
}

/// <param name="Path">Where the relay has it.</param>
internal sealed record VersionFile(string Name, long Length, string Sha256, string Path);

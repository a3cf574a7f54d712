using System.Collections.Concurrent;
using Shared.Contracts;
using Shared.Contracts.Api;
using Shared.Contracts.Models;
using Shared.Contracts.Onnx;
using Shared.Contracts.Releases;
using Shared.Contracts.Tuf;

namespace Relay.Server.Repository.Schemas;

/// <summary>Finds the models whose inputs, classes or task differ between what a channel runs and what it would get. Each road by which a channel
/// gets another release asks it before anything is signed. It reads the files themselves, which are what nodes will load.</summary>
internal sealed class SchemaChanges(Func<TargetFile, byte[]?> readTarget)
{
    private const int CachedSchemas = 1024;
    private readonly ConcurrentDictionary<string, ModelSchema?> _schemas = new(StringComparer.Ordinal);

    /// <summary>The models of the changed channels whose schema would change; empty for a channel without a release.</summary>
    public IReadOnlyList<SchemaChange> Find(RepositoryChange change) => change.Snapshot is { } snapshot
        ? [.. change.ChangedChannels.SelectMany(channel => FindIn(snapshot, change, channel))]
        : [];

    private IEnumerable<SchemaChange> FindIn(RepositorySnapshot snapshot, RepositoryChange change, ChannelManifest next)
    {
        if (!snapshot.Channels.TryGetValue(next.Channel, out ChannelManifest? before))
        {
            return [];
        }

        // A release that the channel runs already, if only as candidate, was asked about when it came.
        int[] running = ReleasesOf(before);
        return ReleasesOf(next).Except(running)
            .Select(number => FindRelease(snapshot, change, number))
            .SelectMany(release => running.SelectMany(number => Compare(snapshot, change, next.Channel, snapshot.Releases[number], release)))
            .DistinctBy(found => (found.Model, found.Version, found.Running));
    }

    private IEnumerable<SchemaChange> Compare(
        RepositorySnapshot snapshot, RepositoryChange change, string channel, ReleaseManifest running, ReleaseManifest next)
    {
        foreach (ReleasedModel before in running.Models)
        {
            ReleasedModel? after = next.Models.FirstOrDefault(model => model.Name == before.Name);
            if (after is null)
            {
                yield return new SchemaChange(channel, before.Name, null, before.Version, ["the release does not have the model"]);
            }
            else if (after.Sha256 != before.Sha256)
            {
                ModelSchema? known = ReadSchema(snapshot, change, before);
                ModelSchema? schema = ReadSchema(snapshot, change, after);
                if (FindDifferences(known, schema) is { Count: > 0 } differences)
                {
                    yield return new SchemaChange(channel, before.Name, after.Version, before.Version, differences)
                    {
                        SchemaHash = schema?.Hash(),
                        OnlyInputs = known is not null && schema is not null && SchemaComparison.FindDifferencesByName(known, schema).Count == 0,
                    };
                }
            }
        }
    }

    // A file without a readable schema is one that no node loads.
    private static IReadOnlyList<string> FindDifferences(ModelSchema? known, ModelSchema? next) => (known, next) switch
    {
        (null, null) => [],
        (null, _) => ["the schema of the version that the channel runs cannot be read"],
        (_, null) => ["its schema cannot be read"],
        _ => SchemaComparison.FindDifferences(known, next),
    };

    private ModelSchema? ReadSchema(RepositorySnapshot snapshot, RepositoryChange change, ReleasedModel model)
    {
        if (_schemas.TryGetValue(model.Sha256, out ModelSchema? schema))
        {
            return schema;
        }

        byte[]? content = change.Content.FirstOrDefault(entry => entry.File.Path == model.Path) is { File: not null } added ? added.Content.ToArray()
            : snapshot.Targets.Files.TryGetValue(model.Path, out TargetFile? file) ? readTarget(file)
            : null;
        if (content is null)
        {
            return null;
        }

        schema = ArtifactInspector.Inspect(content, model.Path).Value?.Schema;
        if (_schemas.Count >= CachedSchemas)
        {
            _schemas.Clear();
        }

        _schemas[model.Sha256] = schema;
        return schema;
    }

    private static ReleaseManifest FindRelease(RepositorySnapshot snapshot, RepositoryChange change, int number)
    {
        if (snapshot.Releases.TryGetValue(number, out ReleaseManifest? release))
        {
            return release;
        }

        string path = TargetPaths.Release(number);
        return ReleaseManifest.Read(change.Content.Single(entry => entry.File.Path == path).Content.Span, number).ValueOrThrow();
    }

    private static int[] ReleasesOf(ChannelManifest channel) =>
        [.. new[] { channel.Release, channel.Candidate?.Release ?? channel.Release }.Distinct()];
}

using Relay.Server.Keys;
using Relay.Server.Repository.Pending;
using Shared.Contracts;
using Shared.Contracts.Releases;
using Shared.Contracts.Tuf;

namespace Relay.Server.Repository;

/// <summary>The next state of the repository while it is collected: nothing is written yet.</summary>
internal sealed class RepositoryChange
{
    private readonly Dictionary<string, TargetFile> _targets;
    private readonly Dictionary<string, TargetFile> _channels;
    private readonly List<(TargetFile File, ReadOnlyMemory<byte> Content)> _content = [];
    private readonly List<ChannelManifest> _changedChannels = [];
    private readonly List<string> _removedChannels = [];

    public RepositoryChange(RepositorySnapshot? snapshot)
    {
        Snapshot = snapshot;
        _targets = FilesOf(snapshot?.Targets);
        _channels = FilesOf(snapshot?.ChannelTargets);
        TargetsChanged = ChannelsChanged = SnapshotChanged = TimestampChanged = snapshot is null;
    }

    /// <summary>What the change starts from; null before the first publication.</summary>
    public RepositorySnapshot? Snapshot { get; }

    /// <summary>What the change starts from.</summary>
    /// <exception cref="InvalidDataException">Nothing was published yet.</exception>
    public RepositorySnapshot Published => Snapshot ?? throw TufRepository.NotInitialized();

    public IEnumerable<TargetFile> Targets => _targets.Values;

    public IEnumerable<TargetFile> Channels => _channels.Values;

    public IReadOnlyList<(TargetFile File, ReadOnlyMemory<byte> Content)> Content => _content;

    /// <summary>The targets that are listed once the change is current: those that people have signed, where they have.</summary>
    public IEnumerable<TargetFile> TargetsAfter => SignedTargets is { } signed
        ? ((TargetsMetadata)PendingPublications.Parse(signed.Content).Metadata).Files.Values
        : Targets;

    /// <summary>The numbers of the releases that are not listed any more once the change is current, in order.</summary>
    public IReadOnlyList<int> UnlistedReleases => TargetsChanged && Snapshot is { } snapshot
        ? [.. snapshot.Releases.Keys.Except(TargetsAfter.Select(file => TargetPaths.ReleaseNumberOf(file.Path)).OfType<int>()).Order()]
        : [];

    /// <summary>The releases that the change adds.</summary>
    public IEnumerable<ReleaseManifest> NewReleases => _content
        .Select(entry => (Number: TargetPaths.ReleaseNumberOf(entry.File.Path), entry.Content))
        .Where(entry => entry.Number is not null)
        .Select(entry => ReleaseManifest.Read(entry.Content.Span, entry.Number!.Value).ValueOrThrow());

    /// <summary>The channels once the change is current, by name.</summary>
    public IReadOnlyDictionary<string, ChannelManifest> ChannelsAfter => (Snapshot?.Channels.Values ?? [])
        .Where(channel => !_removedChannels.Contains(channel.Channel))
        .Concat(_changedChannels)
        .GroupBy(channel => channel.Channel, StringComparer.Ordinal)
        .ToDictionary(channels => channels.Key, channels => channels.Last(), StringComparer.Ordinal);

    /// <summary>The channels that the change sets, in the order of the calls.</summary>
    public IReadOnlyList<ChannelManifest> ChangedChannels => _changedChannels;

    /// <summary>The names of the channels that the change takes away.</summary>
    public IReadOnlyList<string> RemovedChannels => _removedChannels;

    /// <summary>A root from a ceremony; null where the relay's own keys sign one, or none changes.</summary>
    public SignedFile? SignedRoot { get; set; }

    /// <summary>Targets that enough people have signed; null where the relay's own keys do.</summary>
    public SignedFile? SignedTargets { get; set; }

    /// <summary>New keys for the role channels; null where they stay.</summary>
    public KeyGroup? ChannelKeys { get; private set; }

    /// <summary>True where the operator said that a channel gets a model with another schema.</summary>
    public bool AcceptsSchemaChange { get; set; }

    /// <summary>The id of the API key that asks for it; null where there is none.</summary>
    public string? ProposedBy { get; set; }

    public bool RootChanged { get; set; }

    public bool TargetsChanged { get; set; }

    public bool ChannelsChanged { get; set; }

    public bool SnapshotChanged { get; set; }

    public bool TimestampChanged { get; set; }

    public bool IsEmpty => !(RootChanged || TargetsChanged || ChannelsChanged || SnapshotChanged || TimestampChanged);

    /// <summary>The keys of each role once the change is current.</summary>
    public RoleAssignments AssignmentsAfter(RepositorySnapshot snapshot) =>
        ChannelKeys is { } channels ? snapshot.Assignments with { Channels = channels } : snapshot.Assignments;

    /// <summary>Assigns other keys to channels: targets list them, and they sign the channels.</summary>
    public void SetChannelKeys(KeyGroup keys)
    {
        ChannelKeys = keys;
        TargetsChanged = ChannelsChanged = true;
    }

    public void RemoveTarget(string path) => TargetsChanged |= _targets.Remove(path);

    public void SetTarget(string path, ReadOnlyMemory<byte> content, TargetLabel? label = null)
    {
        TargetsChanged |= Set(_targets, path, content, label);
    }

    /// <summary>As metadata list it that people have signed: its content gets a name by each hash in it.</summary>
    public void SetTarget(TargetFile file, ReadOnlyMemory<byte> content) => TargetsChanged |= Set(_targets, file, content);

    public void SetChannel(ChannelManifest channel)
    {
        if (Set(_channels, TargetPaths.Channel(channel.Channel), channel.ToJson(), null))
        {
            ChannelsChanged = true;
            _changedChannels.Add(channel);
        }
    }

    public void RemoveChannel(string channel)
    {
        if (_channels.Remove(TargetPaths.Channel(channel)))
        {
            ChannelsChanged = true;
            _removedChannels.Add(channel);
        }
    }

    // Metadata are written whole: what earlier versions listed by SHA-512 as well leaves it with the next of them.
    private static Dictionary<string, TargetFile> FilesOf(TargetsMetadata? metadata) => (metadata?.Files ?? new Dictionary<string, TargetFile>())
        .ToDictionary(entry => entry.Key, entry => entry.Value.WithSha256Alone(), StringComparer.Ordinal);

    private bool Set(Dictionary<string, TargetFile> files, string path, ReadOnlyMemory<byte> content, TargetLabel? label) =>
        Set(files, new TargetFile(TargetPath.Parse(path), content.Length, FileHashes.Compute(content.Span), label), content);

    private bool Set(Dictionary<string, TargetFile> files, TargetFile file, ReadOnlyMemory<byte> content)
    {
        if (files.TryGetValue(file.Path, out TargetFile? present) && present == file)
        {
            return false;
        }

        files[file.Path] = file;
        _content.Add((file, content));
        return true;
    }
}

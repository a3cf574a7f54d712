using Relay.Server.Keys;
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
        _targets = new(snapshot?.Targets.Files ?? new Dictionary<string, TargetFile>(), StringComparer.Ordinal);
        _channels = new(snapshot?.ChannelTargets.Files ?? new Dictionary<string, TargetFile>(), StringComparer.Ordinal);
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

    private bool Set(Dictionary<string, TargetFile> files, string path, ReadOnlyMemory<byte> content, TargetLabel? label)
    {
        TargetFile file = new(TargetPath.Parse(path), content.Length, FileHashes.Compute(content.Span), label);
        if (files.TryGetValue(path, out TargetFile? present) && present == file)
        {
            return false;
        }

        files[path] = file;
        _content.Add((file, content));
        return true;
    }
}

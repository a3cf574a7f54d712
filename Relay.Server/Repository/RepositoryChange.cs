using Relay.Server.Keys;
using Relay.Server.Signing.Evidence;
using Shared.Contracts.Releases;
using Shared.Contracts.Tuf;

namespace Relay.Server.Repository;

/// <summary>The next state of the repository while it is put together: nothing is written yet.</summary>
internal sealed class RepositoryChange
{
    private readonly Dictionary<string, TargetFile> _targets;
    private readonly Dictionary<string, TargetFile> _channels;
    private readonly List<(TargetFile File, ReadOnlyMemory<byte> Content)> _content = [];
    private readonly List<ChannelManifest> _changedChannels = [];

    public RepositoryChange(RepositorySnapshot? state)
    {
        State = state;
        _targets = new(state?.Targets.Files ?? new Dictionary<string, TargetFile>(), StringComparer.Ordinal);
        _channels = new(state?.ChannelTargets.Files ?? new Dictionary<string, TargetFile>(), StringComparer.Ordinal);
        TargetsChanged = ChannelsChanged = SnapshotChanged = TimestampChanged = state is null;
    }

    /// <summary>What the draft starts from; null before the first publication.</summary>
    public RepositorySnapshot? State { get; }

    public IEnumerable<TargetFile> Targets => _targets.Values;

    public IEnumerable<TargetFile> Channels => _channels.Values;

    public IReadOnlyList<(TargetFile File, ReadOnlyMemory<byte> Content)> Content => _content;

    /// <summary>The channels that the draft sets, in the order of the calls.</summary>
    public IReadOnlyList<ChannelManifest> ChangedChannels => _changedChannels;

    /// <summary>A root from a ceremony; null where the relay's own keys sign one, or none changes.</summary>
    public SignedFile? SignedRoot { get; set; }

    /// <summary>Targets that enough people have signed; null where the relay's own keys do.</summary>
    public SignedFile? SignedTargets { get; set; }

    /// <summary>New keys for the role channels; null where they stay.</summary>
    public KeyGroup? ChannelKeys { get; private set; }

    public bool RootChanged { get; set; }

    public bool TargetsChanged { get; set; }

    public bool ChannelsChanged { get; set; }

    public bool SnapshotChanged { get; set; }

    public bool TimestampChanged { get; set; }

    public bool IsEmpty => !(RootChanged || TargetsChanged || ChannelsChanged || SnapshotChanged || TimestampChanged);

    /// <summary>Lets other keys speak for channels: targets name them, and channels are signed by them.</summary>
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

    /// <summary>A model's bytes under its name and version, which never change.</summary>
    /// <exception cref="ArgumentException">The version was published with other bytes.</exception>
    public ReleasedModel AddModel(SignedArtifact artifact, int release)
    {
        string path = TargetPaths.Model(artifact.Model, artifact.Version);
        FileHashes hashes = FileHashes.Compute(artifact.Content.Span);
        if (_targets.TryGetValue(path, out TargetFile? published))
        {
            if (published.Hashes != hashes)
            {
                throw new ArgumentException($"{artifact.Model} {artifact.Version} was published with other bytes.", nameof(artifact));
            }
        }
        else
        {
            TargetLabel label = new(artifact.Model, artifact.Version, release);
            SetTarget(path, artifact.Content, label);
            SetTarget(TargetPaths.SignatureOf(path), artifact.Signature, label);
            foreach (EvidenceFile file in artifact.Evidence)
            {
                SetTarget(file.Path, file.Content, label);
            }
        }

        return new(artifact.Model, artifact.Version, path, hashes.Sha256!, artifact.Content.Length);
    }

    private bool Set(Dictionary<string, TargetFile> files, string path, ReadOnlyMemory<byte> content, TargetLabel? label)
    {
        TargetFile file = new(path, content.Length, FileHashes.Compute(content.Span), label);
        if (files.TryGetValue(path, out TargetFile? present) && present == file)
        {
            return false;
        }

        files[path] = file;
        _content.Add((file, content));
        return true;
    }
}

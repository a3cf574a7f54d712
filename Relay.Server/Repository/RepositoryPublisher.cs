using Relay.Server.Keys;
using Relay.Server.Repository.Pending;
using Relay.Server.Repository.Rotation;
using Relay.Server.Storage;
using Shared.Contracts.Releases;
using Shared.Contracts.Tuf;

namespace Relay.Server.Repository;

/// <summary>
/// Publishes to the TUF repository in a folder. One change at a time, across processes; a crash at any point leaves the state
/// before or after the change, and the next change goes on from there. Everything is read from the folder anew with each call.
/// </summary>
public sealed partial class RepositoryPublisher
{
    private readonly RepositoryFiles _folder;
    private readonly RepositoryCommitter _writer;
    private readonly PendingFolder _pending;
    private readonly RootRotation _rotation;
    private readonly DurableFiles _files;
    private readonly SigningKeys _keys;
    private readonly TimeProvider _clock;

    /// <param name="folder">Nodes are served <c>metadata/</c> and <c>targets/</c> in it, and nothing else.</param>
    public RepositoryPublisher(string folder, SigningKeys keys, TimeProvider clock)
        : this(folder, keys, clock, new DurableFiles())
    {
    }

    internal RepositoryPublisher(string folder, SigningKeys keys, TimeProvider clock, DurableFiles files)
    {
        _folder = new(Path.GetFullPath(folder), files);
        _writer = new(_folder, keys);
        _pending = new(Path.Combine(Path.GetFullPath(folder), "pending"), files);
        _rotation = new(_folder, new(Path.GetFullPath(folder), files), _writer, keys, clock);
        (_keys, _clock, _files) = (keys, clock, files);
    }

    /// <summary>
    /// Makes the first publication, with anchors and policy and nothing released yet, when there is none; renews what is due.
    /// To be called once at start.
    /// </summary>
    /// <exception cref="InvalidDataException">The folder does not verify, or a first root must be signed and no root keys are here.</exception>
    public async Task InitializeAsync(CancellationToken cancellationToken)
    {
        await FinishRotationAsync(cancellationToken);
        await ChangeAsync(Initialize, cancellationToken);
        await FinishPendingAsync(cancellationToken);
    }

    /// <summary>The root that nodes are given to start from: version 1.</summary>
    /// <exception cref="InvalidDataException">Nothing was published yet.</exception>
    public byte[] FirstRoot() => _folder.ReadMetadata(MetadataPaths.Versioned(RoleNames.Root, 1)) ?? throw NotInitialized();

    /// <summary>What is current now.</summary>
    public RepositorySnapshot Read() => RepositorySnapshot.Read(_folder, _clock.GetUtcNow()) ?? throw NotInitialized();

    /// <summary>
    /// Adds the artifacts, makes the next release with them and points the channel to it, all at once. When the channel's release
    /// (or its candidate) already is exactly this, that release is returned and nothing changes: a caller may repeat itself after a crash.
    /// </summary>
    /// <exception cref="ArgumentException">A name is not plain, no or twice the same model is given, an artifact is revoked, or a
    /// version was published with other bytes.</exception>
    public async Task<Publication> PublishAsync(PublishRequest request, CancellationToken cancellationToken)
    {
        CheckNames([request.Channel, .. request.Artifacts.Select(artifact => artifact.Model)]);
        if (request.Artifacts.Count == 0 || request.Artifacts.DistinctBy(artifact => artifact.Model).Count() != request.Artifacts.Count)
        {
            throw new ArgumentException("A release needs artifacts, each of another model.", nameof(request));
        }

        (ReleaseManifest release, string? pending) = await ChangeAsync(
            draft => ReleaseComposer.Compose(Published(draft), draft, request, _clock.GetUtcNow()), cancellationToken);
        return new(release, pending);
    }

    /// <summary>
    /// Points the channel to a release that exists. An operator's rollback is this with an older release: higher metadata versions
    /// that lead to old bytes.
    /// </summary>
    /// <exception cref="ArgumentException">The release, or the candidate's, does not exist or is under the minimum.</exception>
    public Task PointChannelAsync(string channel, int release, ReleaseCandidate? candidate, CancellationToken cancellationToken)
    {
        CheckNames([channel]);
        return ChangeAsync(
            draft =>
            {
                foreach (int number in (int[])[release, candidate?.Release ?? release])
                {
                    if (!Published(draft).Releases.ContainsKey(number) || Published(draft).Policy.CheckRelease(number) is not null)
                    {
                        throw new ArgumentException($"Release {number} does not exist or is under the minimum.", nameof(release));
                    }
                }

                draft.SetChannel(new(channel, release, candidate));
                return true;
            },
            cancellationToken);
    }

    /// <summary>Signs again what is due, long before it expires. True when something was; <see cref="NextDue"/> says when to call next.</summary>
    public async Task<bool> ResignAsync(CancellationToken cancellationToken) => (await ChangeAsync(
        draft => RenewalPlan.Mark(draft, Published(draft), _keys, _clock.GetUtcNow()), cancellationToken)).Result;

    /// <summary>The time at which <see cref="ResignAsync"/> has something to do; it may have passed.</summary>
    public DateTimeOffset NextDue()
    {
        _keys.Refresh();
        return RenewalPlan.Dues(Read(), _keys).Values.DefaultIfEmpty(DateTimeOffset.MaxValue).Min();
    }

    private async Task<string?> ChangeTargetsAsync(Action<RepositoryChange> change, CancellationToken cancellationToken) =>
        (await ChangeAsync(
            draft =>
            {
                change(draft);
                return true;
            },
            cancellationToken)).Pending;

    /// <summary>The change's result, and the id under which it waits for signatures, if it must.</summary>
    private async Task<(T Result, string? Pending)> ChangeAsync<T>(Func<RepositoryChange, T> change, CancellationToken cancellationToken)
    {
        using FileLock held = await LockAsync(cancellationToken);
        DateTimeOffset now = _clock.GetUtcNow();
        RepositoryChange draft = new(RepositorySnapshot.Read(_folder, now));
        T result = change(draft);
        if (draft.IsEmpty)
        {
            return (result, null);
        }

        if (draft is { State: { } state, TargetsChanged: true, SignedTargets: null } && !_keys.Meet(state.Layout.Targets))
        {
            return (result, Stage(draft, state, now));
        }

        _writer.Commit(draft, draft.State is { } before ? LayoutAfter(draft, before) : FirstLayout(), now);
        return (result, null);
    }

    /// <summary>Alone with the repository, and with the keys that are in the folder now.</summary>
    private async Task<FileLock> LockAsync(CancellationToken cancellationToken)
    {
        _folder.Prepare();
        FileLock held = await FileLock.AcquireAsync(_folder.LockPath, cancellationToken);
        try
        {
            _keys.Refresh();
            return held;
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    private static RoleAssignments LayoutAfter(RepositoryChange draft, RepositorySnapshot state) =>
        draft.ChannelKeys is { } channels ? state.Layout with { Channels = channels } : state.Layout;

    private bool Initialize(RepositoryChange draft)
    {
        if (draft.State is { } state)
        {
            return RenewalPlan.Mark(draft, state, _keys, _clock.GetUtcNow());
        }

        RepositoryBootstrap.AddTo(draft, _keys.CmsRoots);
        if (_keys.First is { } first)
        {
            RepositoryBootstrap.Adopt(draft, first);
        }
        else if (!_keys.HoldsRoot)
        {
            throw new InvalidDataException("A first root must be signed, and fewer than two root keys are in the key folder.");
        }

        return true;
    }

    private RoleAssignments FirstLayout() => _keys.First is { } first ? RepositoryBootstrap.LayoutOf(first) : RoleAssignments.OfHeld(_keys);

    private static void CheckNames(IEnumerable<string> names)
    {
        if (names.FirstOrDefault(name => !TargetPaths.IsSafeName(name)) is { } unsafeName)
        {
            throw new ArgumentException($"'{unsafeName}' is not a plain name.", nameof(names));
        }
    }

    private static RepositorySnapshot Published(RepositoryChange draft) => draft.State ?? throw NotInitialized();

    private static InvalidDataException NotInitialized() => new("The repository has no first publication.");
}

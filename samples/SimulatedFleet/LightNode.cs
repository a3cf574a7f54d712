using System.Diagnostics;
using System.Security.Cryptography;
using Shared.Contracts;
using Shared.Contracts.Api;
using Shared.Contracts.Nodes;
using Shared.Contracts.Releases;
using Shared.Contracts.Tuf;

namespace SimulatedFleet;

/// <summary>
/// A node as light as one can be. It has a key of its own, enrolls, signs each request, follows an event stream, takes timestamp, snapshot, targets,
/// channel and release from it when they change or fetches them, finds its own place in a rollout, downloads artifacts that it does not hold, checks
/// their hashes, and reports. Shared with the other nodes of the process: connections, the reading and the verification of the same bytes, and the
/// bytes of artifacts. It has no disk and no scorer, tries nothing out, looks for no newer root and reads no policy.
/// </summary>
internal sealed class LightNode : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly Lock _signing = new();
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly FleetOptions _options;
    private readonly SignedConnection _connection;
    private readonly SharedMetadata _metadata;
    private readonly SharedArtifacts _artifacts;
    private readonly Action<FleetEvent> _note;
    private readonly TimeProvider _timeProvider;
    private readonly NodeFiles _files;
    private readonly NodeReporter _reporter;
    private volatile NodeState _state = NodeState.Empty;

    public LightNode(
        FleetOptions options, string id, SignedConnection connection, SharedMetadata metadata, SharedArtifacts artifacts, Action<FleetEvent> note,
        TimeProvider timeProvider)
    {
        (_options, Id, _connection, _metadata, _artifacts, _note, _timeProvider) = (options, id, connection, metadata, artifacts, note, timeProvider);
        _files = new(this, connection, artifacts);
        _reporter = new(this, connection, options.Channel, timeProvider);
    }

    public string Id { get; }

    /// <summary>The release that it runs; 0 before the first.</summary>
    public int Release => _state.Release;

    /// <summary>The version of the timestamp that it has followed to the end.</summary>
    public long Timestamp => _state.Timestamp;

    public IReadOnlyList<RunningModel> Models => _state.Models;

    public RequestSignature Sign(CoveredComponents components, DateTimeOffset created)
    {
        lock (_signing)
        {
            return RequestSignature.Create(components, Id, created, _key);
        }
    }

    /// <summary>Keeps what the event stream brought for the next refresh.</summary>
    public void Keep(FilesEvent files) => _files.Keep(files);

    public Task EnrollAsync(CancellationToken cancellationToken) =>
        _reporter.EnrollAsync(_key.ExportSubjectPublicKeyInfo(), _options.EnrollmentToken, cancellationToken);

    /// <summary>Brings metadata up to date and activates the release that the channel has for this node.</summary>
    /// <exception cref="FleetException">Something that the relay served does not verify.</exception>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            NodeState before = _state;
            VerifiedMetadata verified = _metadata.TakeTimestamp(await _files.ReadTimestampAsync(before.Timestamp, cancellationToken));
            if (verified.Version < before.Timestamp)
            {
                throw new FleetException($"{Id}: the relay went back from timestamp {before.Timestamp} to {verified.Version}");
            }

            if (verified.Version == before.Timestamp)
            {
                return;
            }

            await _files.TakeAsync(verified, verified.Snapshot, cancellationToken);
            await _files.TakeAsync(verified, verified.Find(RoleNames.Targets), cancellationToken);
            await _files.TakeAsync(verified, verified.Find(RoleNames.Channels), cancellationToken);
            byte[] channel = await _files.ReadDocumentAsync(verified, TargetPaths.Channel(_options.Channel), cancellationToken);
            int release = ChannelManifest.Read(channel, _options.Channel).ValueOrThrow().ReleaseFor(Id);
            if (release == before.Release)
            {
                _state = before with { Metadata = verified.Held };
                return;
            }

            await ActivateAsync(verified, release, cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Sends a check-in with what the node did since the last one.</summary>
    public async Task ReportAsync(CancellationToken cancellationToken)
    {
        NodeState state = _state;
        (RunningModel Model, UsageFigures Figures)[] usage =
        [
            .. state.Models.Select(model => (Model: model, Figures: _options.Behavior(this, model)))
                .Where(pair => pair.Figures is not null).Select(pair => (pair.Model, pair.Figures!)),
        ];
        FleetEvent sent = CreateEvent(FleetEventKind.Reported, state.Release, downloads: 0);
        await _reporter.SendAsync(state, usage, cancellationToken);
        if (usage.Length > 0)
        {
            _note(sent);
        }
    }

    public void Dispose()
    {
        _key.Dispose();
        _turn.Dispose();
        _reporter.Dispose();
    }

    private async Task ActivateAsync(VerifiedMetadata verified, int release, CancellationToken cancellationToken)
    {
        byte[] document = await _files.ReadDocumentAsync(verified, TargetPaths.Release(release), cancellationToken);
        ReleaseManifest manifest = ReleaseManifest.Read(document, release).ValueOrThrow();
        int downloads = 0;
        foreach (ReleasedModel model in manifest.Models)
        {
            downloads += await _files.HoldAsync(verified, model, cancellationToken) ? 1 : 0;
        }

        RunningModel[] models =
            [.. manifest.Models.Select(model => new RunningModel(release, model.Name, model.Version, model.Sha256, _artifacts.Find(model.Sha256)!))];

        // In the journal first: who sees the release on all nodes finds each of them there.
        _note(CreateEvent(FleetEventKind.Activated, release, downloads));
        _state = new NodeState(verified.Held, release, models);
    }

    /// <summary>Of this moment.</summary>
    private FleetEvent CreateEvent(FleetEventKind kind, int release, int downloads) =>
        new(kind, Id, release, _timeProvider.GetUtcNow(), Stopwatch.GetTimestamp(), downloads);
}

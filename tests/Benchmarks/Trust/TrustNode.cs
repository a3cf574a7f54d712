using Relay.TestKit;
using Shared.Contracts;
using Sync.Client;
using Sync.Client.Storage;
using Sync.Client.Transport;
using Sync.Client.Trust;
using Sync.Client.Updates;

namespace Benchmarks.Trust;

/// <summary>The part of a node that fetches and verifies, with a store of its own on disk: all but loading models into ONNX Runtime.</summary>
internal sealed class TrustNode : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TestClock _clock = new();
    private readonly RelaySyncOptions _options = new();
    private readonly NodeStore _store;
    private readonly RelayHttp _http;
    private readonly RepositorySources _sources;
    private readonly TrustUpdater _trust;
    private readonly ReleasePlanner _planner;

    public TrustNode(TrustServing serving)
    {
        Uri address = new(serving.Address);
        _store = NodeStore.Open(_folder.Combine("store"));
        _http = new RelayHttp(address, serving.TlsRoot, _options.Budgets, _clock);
        _sources = new RepositorySources([HttpRepository.FromRelay(address, _http)], _ => { });
        RootChain roots = new(serving.TrustedRoot, _store, _clock);
        TrustDocuments documents = new(_options.Channel);
        EarlierTargets earlier = new(_store, roots, _clock);
        _trust = new TrustUpdater(
            new MetadataRefresher(_store, roots, _clock), _store, documents, new StoredTrust(_store, roots, documents, earlier, _clock),
            serving.TrustedRoot, _clock);
        _planner = new ReleasePlanner(serving.Models, earlier);
    }

    /// <summary>One refresh: the channel's release, verified.</summary>
    public async Task<(NodeTrust Trust, PlannedRelease Release)> RefreshAsync(CancellationToken cancellationToken)
    {
        NodeTrust trust = Accepted(await _trust.RefreshAsync(_sources, cancellationToken));
        return (trust, Accepted(await _planner.PlanAsync(
            trust, trust.Channel.ReleaseFor("bench"), new TargetReader(_store, _sources), cancellationToken)));
    }

    /// <summary>A refresh and all artifacts of the release, verified by both layers and kept durably.</summary>
    public async Task VerifyReleaseAsync(CancellationToken cancellationToken)
    {
        (NodeTrust trust, PlannedRelease release) = await RefreshAsync(cancellationToken);
        ArtifactSource artifacts = new(_store, _sources, _options.Budgets.ArtifactBytes);
        foreach (PlannedModel model in release.Models)
        {
            Accepted(await artifacts.AcquireAsync(model, trust, _clock.GetUtcNow(), cancellationToken));
        }

        StoredModel[] models = [.. release.Models.Select(m => new StoredModel(m.Name, m.Version, m.Sha256))];
        _store.WriteActive(new ActiveRecord(new StoredRelease(release.Number, _clock.GetUtcNow(), models), Previous: null));
    }

    public void Dispose()
    {
        _http.Dispose();
        _store.Dispose();
        _folder.Dispose();
    }

    private static T Accepted<T>(Result<T> verdict)
        where T : class =>
        verdict.IsAccepted ? verdict.Value : throw new InvalidOperationException($"{verdict.Refusal}");
}

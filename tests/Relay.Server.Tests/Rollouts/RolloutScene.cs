using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Relay.Server.Models;
using Relay.Server.Releases;
using Relay.Server.Repository;
using Relay.Server.Repository.Pending;
using Relay.Server.Repository.Publishing;
using Relay.Server.Rollouts;
using Relay.Server.Rollouts.Planning;
using Relay.Server.Signing;
using Relay.Server.Storage;
using Relay.Server.Tests.Repository;
using Shared.Contracts.Api;
using Shared.Contracts.Releases;
using Shared.Platform.Files;

namespace Relay.Server.Tests.Rollouts;

/// <summary>A repository whose channel runs release 1 while there is a release 2, and a database: what a relay has on disk.</summary>
internal sealed class RolloutScene : IDisposable
{
    public const string Channel = "stable";
    public const string Salt = "00112233445566778899aabbccddeeff";

    private readonly DataFolder _data;
    private readonly SigningServices _signing;

    private RolloutScene(RepositoryScene repository)
    {
        Repository = repository;
        _data = repository.Data;
        Database = RelayDatabase.Create(_data);
        Store = new(Database, repository.Clock);
        _signing = SigningServices.Open(_data.SignerSettings, repository.Keys, repository.Clock);
    }

    public RepositoryScene Repository { get; }

    public RelayDatabase Database { get; }

    public RolloutStore Store { get; }

    public ChannelManifest Document => Repository.Read().Channels[Channel];

    public static async Task<RolloutScene> StartAsync()
    {
        RolloutScene scene = new(await RepositoryScene.StartAsync());
        await scene.Repository.Releases.PublishAsync(scene.Repository.Request(1), CancellationToken.None);
        await scene.Repository.Releases.PublishAsync(scene.Repository.Request(2), CancellationToken.None);
        Assert.Null(await scene.Repository.Releases.PointChannelAsync(Channel, 1, candidate: null, CancellationToken.None));
        return scene;
    }

    /// <summary>The repository as a process opens it that starts now.</summary>
    public TufRepository Open(DurableFiles? files = null)
    {
        TufRepository repository = Repository.Open(files);
        repository.Reservations = Store;
        return repository;
    }

    public RolloutPublisher Publisher(DurableFiles? files = null)
    {
        TufRepository repository = Open(files);
        VersionPackager packager = new(
            new ArtifactStore(_data), new VersionStore(Database), new RepositoryCache(repository, _data), _signing,
            new SigningMeter(DetachedMeter.Create()), Repository.Clock);
        return new(repository, new ReleasePublisher(repository), new ApprovalService(repository), packager);
    }

    public RolloutTransitions Transitions(DurableFiles? files = null) => new(
        Store, Publisher(files), new SigningMeter(DetachedMeter.Create()), Repository.Clock, NullLogger<RolloutTransitions>.Instance);

    /// <summary>A rollout of release 2 that intends its first stage of 1 percent.</summary>
    /// <param name="models">The versions that it names; null: those of release 2.</param>
    public Rollout? TryAdd(double percentage = 1, IReadOnlyList<ModelVersion>? models = null) =>
        TryAdd(RuleOf(percentage), RolloutState.Start(Repository.Clock.GetUtcNow()) with { Percentage = percentage }, models);

    /// <summary>A rollout of release 2, as a request for it starts it.</summary>
    public Task<Rollout> BeginAsync(RolloutRuleView view)
    {
        RolloutRule rule = RolloutRules.Create(view, candidate: 2, control: 1, Salt, tolerated: 0, out _)!;
        Assert.Null(rule.FindError());
        DateTimeOffset now = Repository.Clock.GetUtcNow();
        return Transitions().CompleteAsync(
            TryAdd(rule, RolloutPlanner.Plan(rule, RolloutState.Start(now), [], now).State)!, CancellationToken.None);
    }

    private Rollout? TryAdd(RolloutRule rule, RolloutState state, IReadOnlyList<ModelVersion>? models = null) => Store.TryAdd(
        new()
        {
            Id = 0,
            Version = 0,
            Channel = Channel,
            BaseRelease = 1,
            CandidateRelease = 2,
            Models = models,
            AcceptsSchemaChange = false,
            Salt = Salt,
            Rule = JsonSerializer.Serialize(rule, RolloutJson.Default.RolloutRule),
            State = JsonSerializer.Serialize(state, RolloutJson.Default.RolloutState),
            Outcome = RolloutOutcome.Open,
            Step = RolloutStep.Stage,
            Percentage = state.Percentage,
            IsPublished = false,
            IsBegun = false,
            Pending = null,
            WaitsFor = null,
            Summary = null,
            StartedBy = "key 1",
            CreatedAt = default,
            FinishedAt = null,
        },
        "1, 10, 50, 100 percent");

    /// <summary>A rollout whose first stage is published.</summary>
    public Task<Rollout> BeginAsync(double percentage = 1) => Transitions().CompleteAsync(TryAdd(percentage)!, CancellationToken.None);

    public RepositoryCache Cache() => new(Open(), _data);

    public EvidenceGaps Gaps => field ??= new(Repository.Clock, NullLogger<EvidenceGaps>.Instance);

    public RolloutRecorder Recorder() => new(new(Cache(), new VersionStore(Database)), Gaps, new RolloutSignal());

    /// <summary>What decides in a process that starts now.</summary>
    public RolloutDirector Director() => new(
        Store, Transitions(), new RolloutVerdicts(Database, Gaps, new ListeningTime(Repository.Clock)), Cache(), Repository.Clock);

    private static RolloutRule RuleOf(double percentage) => RolloutRules.Create(
        new() { Stages = [new(percentage), new(100)] }, candidate: 2, control: 1, Salt, tolerated: 0, out _)!;

    /// <summary>Ends a rollout, so that the channel runs release 1 again.</summary>
    public async Task EndAsync(Rollout rollout)
    {
        if (rollout.Outcome == RolloutOutcome.Open)
        {
            await Transitions().BeginStepAsync(rollout, RolloutStep.Return, 0, "{}", "end", "", RolloutEvent.Relay, CancellationToken.None);
        }

        await Repository.Releases.PointChannelAsync(Channel, 1, candidate: null, CancellationToken.None);
    }

    public string[] Kinds(Rollout rollout) => [.. Store.History(rollout.Id, null, 100).Select(happened => happened.Kind)];

    public void Dispose()
    {
        _signing.Dispose();
        Database.Dispose();
        Repository.Dispose();
    }
}

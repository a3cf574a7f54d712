using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Relay.Server.Fleet;
using Relay.Server.Http.Problems;
using Relay.Server.Models;
using Relay.Server.Releases;
using Relay.Server.Repository;
using Relay.Server.Repository.Publishing;
using Relay.Server.Rollouts.Planning;
using Relay.Server.Storage;
using Shared.Contracts;
using Shared.Contracts.Api;
using Shared.Contracts.Releases;

namespace Relay.Server.Rollouts;

/// <summary>Checks a request to start a rollout, and starts it.</summary>
internal sealed class RolloutStarter(
    RepositoryCache repository, VersionStore versions, RolloutStore store, RolloutDirector director,
    SchemaChangeImpact impact, RelayDatabase database,
    TimeProvider timeProvider)
{
    private const string StartOption = "start it with \"schemaChange\": true, which is 'relay rollout start --schema-change'";

    public async Task<Result<Rollout, ProblemHttpResult>> StartAsync(RolloutRequest request, string who, CancellationToken cancellationToken)
    {
        RepositorySnapshot snapshot = repository.Read();
        if (!snapshot.Channels.TryGetValue(request.Channel, out ChannelManifest? channel))
        {
            return ReleaseProblems.UnknownChannel(request.Channel);
        }

        if (store.FindRunning(request.Channel) is { } running)
        {
            return Running(running);
        }

        if (FindProblem(request, snapshot, channel) is { } problem)
        {
            return problem;
        }

        string salt = ReleaseComposer.NewSalt();
        if (CreateRule(request, snapshot, channel, salt, out string? error) is not { } rule)
        {
            return RolloutProblems.InvalidRule(error!);
        }

        DateTimeOffset now = timeProvider.GetUtcNow();
        RolloutState state = RolloutPlanner.Plan(rule, RolloutState.Start(now), [], now).State;
        RolloutStart? started = await director.StartAsync(Create(request, channel, salt, rule, state, who), Describe(rule), cancellationToken);
        return started switch
        {
            null =>
                store.FindRunning(request.Channel) is { } other
                    ? Running(other)
                    : FindProblem(request, snapshot, channel) ?? RolloutProblems.Refused("Another rollout was just over: start again."),
            { Refusal: { Reason: PublishRefusalReason.SchemaChange or PublishRefusalReason.ModelArchived } change } =>
                change.ToProblem(impact, StartOption),
            { Rollout: { Outcome: RolloutOutcome.Refused } refused } => RolloutProblems.Refused(refused.WaitsFor!),
            _ => started.Rollout,
        };
    }

    private static ProblemHttpResult Running(Rollout rollout) => ReleaseProblems.RolloutRunning(
        string.Create(
            CultureInfo.InvariantCulture,
            $"Rollout {rollout.Id} runs on the channel '{rollout.Channel}'. Wait for its end, or end it by 'relay rollout halt {rollout.Id}'."),
        rollout.Id);

    private ProblemHttpResult? FindProblem(RolloutRequest request, RepositorySnapshot snapshot, ChannelManifest channel)
    {
        switch (request)
        {
            case { Models: null, Release: { } release }:
                return !snapshot.Releases.ContainsKey(release) ? ReleaseProblems.UnknownRelease(release)
                    : release == channel.Release ? RolloutProblems.Invalid("$.release", "another release than the channel runs")
                    : Revocation.FirstRevoked(snapshot, release) is { } revoked
                        ? RolloutProblems.Refused($"Release {release} has {revoked.Name} {revoked.Version}, which is revoked: nodes would refuse it.")
                    : null;
            case { Models: { Count: > 0 } models, Release: null }:
                return models.DistinctBy(model => model.Name).Count() != models.Count ? RolloutProblems.Invalid("$.models", "each model once")
                    : models.FirstOrDefault(model => versions.Find(model.Name, model.Version) is null) is { } unknown
                        ? ModelProblems.UnknownVersion(unknown.Name, unknown.Version)
                    : models.All(
                        model => snapshot.Releases[channel.Release].Models.Any(runs => runs.Name == model.Name && runs.Version == model.Version))
                        ? RolloutProblems.Invalid("$.models", "a version that the channel does not run")
                    : null;
            default:
                return RolloutProblems.Invalid("$", "either 'models', with one or more versions, or 'release'");
        }
    }

    private RolloutRule? CreateRule(RolloutRequest request, RepositorySnapshot snapshot, ChannelManifest channel, string salt, out string? error)
    {
        error = null;
        int candidate = request.Release ?? snapshot.LatestRelease + 1;
        long nodes = CountNodes(request.Channel);

        // One stolen key can do no harm, where the fleet is large enough for that.
        foreach (int tolerated in (int[])[1, 0])
        {
            RolloutRule? rule = RolloutRules.Create(request.Rule, candidate, channel.Release, salt, tolerated, out error);
            error ??= rule!.FindError();
            if (error is not null)
            {
                return null;
            }

            error = RolloutFeasibility.FindError(rule!, nodes);
            if (error is null)
            {
                return rule;
            }
        }

        return null;
    }

    /// <summary>The nodes of the channel that have enrolled, from the counts that are kept: no other reports count.</summary>
    private long CountNodes(string channel)
    {
        using DbConnection connection = database.Open();
        return connection.ExecuteScalar<long>(
            "SELECT coalesce(sum(nodes), 0) FROM fleet_counts WHERE channel = @channel AND standing = @Enrolled",
            new { channel, Enrolled = (int)NodeStanding.Enrolled });
    }

    private static Rollout Create(RolloutRequest request, ChannelManifest channel, string salt, RolloutRule rule, RolloutState state, string who) =>
        new()
        {
            Channel = request.Channel,
            BaseRelease = channel.Release,
            CandidateRelease = request.Release,
            Models = request.Models,
            AcceptsSchemaChange = request.SchemaChange,
            Salt = salt,
            Rule = JsonSerializer.Serialize(rule, RolloutJson.Default.RolloutRule),
            State = JsonSerializer.Serialize(state, RolloutJson.Default.RolloutState),
            Outcome = RolloutOutcome.Open,
            Step = RolloutStep.Stage,
            Percentage = state.Percentage,
            StartedBy = who,
        };

    private static string Describe(RolloutRule rule) => string.Create(
        CultureInfo.InvariantCulture,
        $"Stages of {string.Join(", ", rule.Stages.Select(stage => stage.Percentage.ToString(CultureInfo.InvariantCulture)))} percent, error rate " +
            $"{rule.Evidence.Alpha}, {rule.Evidence.Tolerated} forged reporters tolerated.");
}

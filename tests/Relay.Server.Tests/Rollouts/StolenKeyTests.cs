using System.Net;
using System.Net.Http.Json;
using Relay.Server.Rollouts;
using Shared.Contracts.Api;
using Shared.Contracts.Releases;

namespace Relay.Server.Tests.Rollouts;

/// <summary>What a stranger, a stolen key of a trainer and stolen keys of nodes can do to a rollout.</summary>
public sealed class StolenKeyTests
{
    [Fact]
    [Trait("Attack", "stolen-rollout-key")]
    public async Task Rollouts_WithoutAKeyThatOperates_AreNeitherStartedNorMovedNorEnded()
    {
        await using RolloutRelay relay = await RolloutRelay.StartAsync();
        RolloutRequest request = new() { Channel = "stable", Models = [relay.Next], Rule = RolloutRelay.Rule };
        List<(string? Role, HttpClient Client)> thieves = [];
        foreach (string? role in (string?[])[null, "trainer", "approver", "auditor", "node"])
        {
            thieves.Add((role, await ClientAsync(relay, role)));
            await DeniedAsync(role, thieves[^1].Client.PostAsJsonAsync(Routes.Rollouts, request, RelayApiJson.Default.RolloutRequest));
        }

        RolloutView begun = await relay.BeginAsync();
        ChannelManifest document = relay.Document;
        foreach ((string? role, HttpClient thief) in thieves)
        {
            foreach (string command in (string[])["pause", "resume", "skip", "halt"])
            {
                await DeniedAsync(role, thief.PostAsync($"{Routes.RolloutOf(begun.Id)}/{command}", null));
            }

            await DeniedAsync(role, thief.PostAsync(Routes.ReleaseOf("stable"), HttpResponses.Json("{\"release\":1}")));
            thief.Dispose();
        }

        Assert.Equal(document, relay.Document);
        Assert.Equal([RolloutEvents.Started, RolloutEvents.Published], await relay.KindsAsync(begun.Id));
    }

    /// <summary>Tolerated thieves report anything, as often as they like, as candidates and as controls; the honest nodes decide.</summary>
    [Theory]
    [Trait("Attack", "forged-reports")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Observe_ManyReportsOfToleratedThieves_CauseNoVerdictAndPreventNoHalt(bool isHarmless)
    {
        using RolloutFleet fleet = await RolloutFleet.StartAsync(RolloutFleet.Rule with
        {
            Tolerated = 2,
            Metrics = [RolloutFleet.Failures, new() { Name = "refused", Kind = "Refused", Cap = 1, Harm = 0.02, PassMargin = 0.05, Watch = true }],
            Thresholds = [new("failures", 0.09, 0.02, 3), new("refused", 0, 0.02, 3)],
        });
        string[] candidates = fleet.Candidates;
        string[] controls = fleet.Controls;
        ModelVersion next = new("threat", 2);
        for (int i = 0; i < 20; i++)
        {
            // Two candidates make a harmless release look bad, or a harmful one good; two controls the reverse.
            long failures = isHarmless ? 100 : 0;
            fleet.Report([.. candidates.Take(2).Select(node => fleet.Reports.Create(node, 2, next, failures) with
            {
                Refusals = isHarmless && i % 2 == 0 ? [new("SchemaMismatch", TargetPaths.Model("threat", 2), "", default)] : [],
            })]);
            fleet.Report([.. controls.Take(2).Select(node => fleet.Reports.Create(node, 1, new("threat", 1), 100 - failures))]);
            await fleet.DecideAsync();
        }

        Assert.Equal(RolloutOutcome.Open, fleet.Rollout.Outcome);
        fleet.Report(candidates.Skip(2), failures: isHarmless ? 0 : 30);
        fleet.Report(controls.Skip(2));
        await fleet.DecideAsync();
        Assert.Equal(isHarmless ? RolloutOutcome.Open : RolloutOutcome.Returned, fleet.Rollout.Outcome);
    }

    private static async Task DeniedAsync(string? role, Task<HttpResponseMessage> request)
    {
        using HttpResponseMessage answer = await request;
        Assert.Equal((role, role is null ? HttpStatusCode.Unauthorized : HttpStatusCode.Forbidden), (role, answer.StatusCode));
    }

    private static async Task<HttpClient> ClientAsync(RolloutRelay relay, string? role)
    {
        if (role is null)
        {
            return relay.Relay.CreateClient();
        }

        using HttpResponseMessage created = await relay.Relay.Admin.PostAsJsonAsync(
            Routes.ApiKeys, new ApiKeyRequest($"stolen {role}", role), RelayApiJson.Default.ApiKeyRequest);
        return relay.Relay.CreateClient((await created.Content.ReadFromJsonAsync(RelayApiJson.Default.ApiKeyIssued))!.Text);
    }
}

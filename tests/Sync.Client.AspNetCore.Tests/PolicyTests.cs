using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Sync.Client.AspNetCore.Tests;

public sealed class PolicyTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(6, HttpStatusCode.OK, ThreatAction.Allow)]
    [InlineData(7, HttpStatusCode.OK, ThreatAction.Log)]
    [InlineData(10, HttpStatusCode.OK, ThreatAction.Log)]
    public async Task Request_DefaultPolicy_IsAnsweredAndLogged(int tenths, HttpStatusCode status, ThreatAction action)
    {
        await using ScoredSite site = await ScoredSite.StartAsync();

        using HttpResponseMessage answer = await site.Client.GetAsync(ScoredSite.TargetOf(tenths), Cancel);

        Assert.Equal(status, answer.StatusCode);
        ThreatVerdict verdict = Assert.Single(site.Verdicts)!.Value;
        Assert.Equal((action, tenths > 5 ? "attack" : "safe", 1), (verdict.Action, verdict.Prediction.Label, verdict.Prediction.Version));
        Assert.Equal(tenths / 10f, verdict.Score, 5);
        Assert.Equal(
            action is ThreatAction.Log ? 1 : 0,
            site.Log.Entries.Count(entry => entry.Message.Contains("is attack with score", StringComparison.Ordinal)));
        Assert.False(answer.Headers.Contains("X-Relay-Verdict"));
    }

    [Fact]
    public async Task Request_FromTheScoreOn_IsBlockedWithoutAWordOfTheModel()
    {
        await using ScoredSite site = await ScoredSite.StartAsync(o => o.Policy = new() { BlockFrom = 0.8f });

        using HttpResponseMessage below = await site.Client.GetAsync(ScoredSite.TargetOf(7), Cancel);
        using HttpResponseMessage from = await site.Client.GetAsync(ScoredSite.TargetOf(8), Cancel);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Forbidden), (below.StatusCode, from.StatusCode));
        Assert.Equal("application/problem+json", from.Content.Headers.ContentType?.MediaType);
        Assert.DoesNotContain("attack", await from.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        Assert.Single(site.Verdicts);
    }

    [Fact]
    [Trait("Attack", "threat-unscored")]
    public async Task Request_NoVersionIsActive_IsNeverBenign()
    {
        await using ScoredSite site = await ScoredSite.StartAsync(map: app => app.MapGet("/transfer", () => "done")
            .WithThreatPolicy(new() { Unscored = ThreatAction.Block }));
        site.Model.Deactivate();

        using HttpResponseMessage open = await site.Client.GetAsync("/", Cancel);
        using HttpResponseMessage guarded = await site.Client.GetAsync("/transfer", Cancel);
        site.Model.Activate(2);
        using HttpResponseMessage later = await site.Client.GetAsync("/transfer", Cancel);

        ThreatVerdict verdict = Assert.Single(site.Verdicts)!.Value;
        Assert.Equal((false, nameof(RelayModelFault.NotReady), ThreatAction.Log), (verdict.IsScored, verdict.Fault, verdict.Action));
        Assert.True(float.IsNaN(verdict.Score));
        Assert.False(verdict.Prediction.IsBenign);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.ServiceUnavailable), (open.StatusCode, guarded.StatusCode));
        Assert.NotNull(guarded.Headers.RetryAfter);
        Assert.Equal(HttpStatusCode.OK, later.StatusCode);
    }

    [Fact]
    public async Task Request_ScorerFails_HasNoScore()
    {
        await using ScoredSite site = await ScoredSite.StartAsync();
        site.Model.Activate(2, (_, _, outputs) => outputs.Fill(float.NaN));

        using HttpResponseMessage answer = await site.Client.GetAsync("/", Cancel);

        Assert.Equal(nameof(RelayModelFault.ScorerFailed), Assert.Single(site.Verdicts)!.Value.Fault);
    }

    [Fact]
    public async Task Endpoint_OwnPolicyOrNone_ReplacesThatOfItsGroup()
    {
        await using ScoredSite site = await ScoredSite.StartAsync(
            o => o.Policy = new() { BlockFrom = 0.1f },
            map: app =>
            {
                RouteGroupBuilder group = (RouteGroupBuilder)app.MapGroup("/api").WithThreatPolicy(new() { BlockFrom = 0.5f });
                group.MapGet("normal", () => "");
                group.MapGet("strict", () => "").WithThreatPolicy(new() { BlockFrom = 0.2f });
                group.MapGet("health", (HttpContext context) => context.TryGetThreatVerdict(out _) ? "scored" : "not scored").WithoutThreatScoring();
            });

        Assert.Equal(HttpStatusCode.OK, await StatusAsync("/api/normal?a&b&c"));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync("/api/normal?a&b&c&d&e&f"));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync("/api/strict?a&b&c"));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync("/?a&b"));
        int scored = site.Rows.Count;
        Assert.Equal("not scored", await site.Client.GetStringAsync("/api/health?a&b&c&d&e&f&g&h", Cancel));
        Assert.Equal(scored, site.Rows.Count);

        async Task<HttpStatusCode> StatusAsync(string target)
        {
            using HttpResponseMessage answer = await site.Client.GetAsync(target, Cancel);
            return answer.StatusCode;
        }
    }

    [Fact]
    public async Task Request_Challenged_PassesByTheAppsProofAlone()
    {
        await using ScoredSite site = await ScoredSite.StartAsync(
            o => o.Policy = new() { ChallengeFrom = 0.5f }, services => services.AddSingleton<IThreatChallenge, CookieChallenge>());

        using HttpResponseMessage challenged = await site.Client.GetAsync(ScoredSite.TargetOf(6), Cancel);
        using HttpRequestMessage proved = new(HttpMethod.Get, ScoredSite.TargetOf(6)) { Headers = { { "X-Proof", "42" } } };
        using HttpResponseMessage passed = await site.Client.SendAsync(proved, Cancel);

        Assert.Equal(
            (HttpStatusCode.TooManyRequests, "prove that you are no program"),
            (challenged.StatusCode, await challenged.Content.ReadAsStringAsync(Cancel)));
        Assert.Equal((HttpStatusCode.OK, "answer of the app"), (passed.StatusCode, await passed.Content.ReadAsStringAsync(Cancel)));
        Assert.Equal(ThreatAction.Challenge, Assert.Single(site.Verdicts)!.Value.Action);
    }

    [Fact]
    public async Task Endpoint_ChallengesWithoutAChallenge_IsBlocked()
    {
        await using ScoredSite site = await ScoredSite.StartAsync(
            map: app => app.MapGet("/form", () => "").WithThreatPolicy(new() { ChallengeFrom = 0.1f }));

        using HttpResponseMessage answer = await site.Client.GetAsync("/form?", Cancel);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Contains(site.Log.Entries, entry => entry.Message.Contains("IThreatChallenge", StringComparison.Ordinal));
    }

    [Fact]
    public void Policy_ScoreThatIsNone_IsRefused()
    {
        using IDisposable site = WebApplication.CreateSlimBuilder().Build();
        WebApplication app = (WebApplication)site;

        Assert.Throws<ArgumentException>(() => app.MapGet("/", () => "").WithThreatPolicy(new() { BlockFrom = 70 }));
        Assert.Throws<ArgumentException>(() => app.MapGet("/", () => "").WithThreatPolicy(new() { LogFrom = float.NaN }));
    }

    [Fact]
    public async Task Start_OptionsThatCannotHold_SaysWhich()
    {
        OptionsValidationException invalid = await Assert.ThrowsAsync<OptionsValidationException>(() => ScoredSite.StartAsync(o =>
        {
            o.Policy = new() { ChallengeFrom = 0.5f };
            o.ClientCapacity = 0;
        }));

        Assert.Contains(invalid.Failures, failure => failure.Contains("IThreatChallenge", StringComparison.Ordinal));
        Assert.Contains(invalid.Failures, failure => failure.Contains(nameof(ThreatScoringOptions.ClientCapacity), StringComparison.Ordinal));
    }

    private sealed class CookieChallenge : IThreatChallenge
    {
        public async ValueTask<bool> PassAsync(HttpContext context, ThreatVerdict verdict)
        {
            if (context.Request.Headers["X-Proof"] == "42")
            {
                return true;
            }

            context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
            await context.Response.WriteAsync("prove that you are no program");
            return false;
        }
    }
}

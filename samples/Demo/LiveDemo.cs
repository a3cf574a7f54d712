using System.Collections.Concurrent;
using System.Globalization;
using Relay.Training.Simulation;
using Shared.Contracts.Models;

namespace Demo;

/// <summary>The live demonstration: train, publish, send traffic to the site, retrain, swap, and so on until Ctrl-C.</summary>
internal sealed class LiveDemo(DemoStage stage, TimeProvider timeProvider)
{
    private const int RequestsPerScene = 1_500;
    private const int ReportInterval = 100;
    private static readonly TimeSpan Scene = TimeSpan.FromSeconds(40);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await stage.StartRelayAsync(cancellationToken);
        await stage.StartSiteAsync(cancellationToken);
        await stage.TrainAsync(stage.Model.QuickSpec, run: 1, cancellationToken);
        await stage.RollOutAsync(version: 1, cancellationToken);
        stage.Progress.WriteLine($"open     {stage.Site.Address} to watch the verdicts; Ctrl-C ends all of it");

        if (!stage.Model.IsSimulated)
        {
            await stage.TrainAsync(stage.Model.Spec, run: 2, cancellationToken);
            await stage.RollOutAsync(version: 2, cancellationToken);
            await ShowRolloutsAsync(cancellationToken);
            stage.Progress.WriteLine("site     this model does not read HTTP requests, so no traffic is sent; it runs until Ctrl-C");
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }

        Task traffic = PlayAsync(cancellationToken);
        for (int run = 2; !cancellationToken.IsCancellationRequested; run++)
        {
            await Task.Delay(run == 2 ? TimeSpan.FromSeconds(5) : TimeSpan.FromMinutes(5), cancellationToken);
            ModelCard card = await stage.TrainAsync(stage.Model.Spec, run, cancellationToken);
            await stage.RollOutAsync(card.Version, cancellationToken);
            if (run == 2)
            {
                await ShowRolloutsAsync(cancellationToken);
            }
        }

        await traffic;
    }

    /// <summary>The relay is stopped for a moment, so that a version can be added that it would never train; the site goes on meanwhile.</summary>
    private async Task ShowRolloutsAsync(CancellationToken cancellationToken)
    {
        await stage.Relay.KillAsync();
        (_, AddedMisjudgment bad) = await stage.AddVersionsAsync(like: 2, [], cancellationToken);
        await stage.Relay.StartAsync(cancellationToken);
        stage.Progress.WriteLine($"relay    restarted; version {bad.Version} was added to its folder, signed with its keys: it misjudges");
        await new RolloutTrial(stage, bad, timeProvider).RunAsync(first: 1, good: 2, cancellationToken);
    }

    private async Task PlayAsync(CancellationToken cancellationToken)
    {
        using TrafficPlayer player = new(stage.Site.Address, timeProvider);
        for (int scene = 1; ; scene++)
        {
            ConcurrentDictionary<(string Truth, string Verdict), int> seen = new();
            int answered = 0;
            TrafficSimulator simulator = new(1_000 + scene, RequestsPerScene, timeProvider.GetUtcNow(), Scene, stage.Site.Address.Authority);
            await player.PlayAsync(simulator.Play(), (request, response) =>
            {
                string verdict = response.Headers.TryGetValues("X-Relay-Verdict", out var values) ? values.First() : "unscored";
                seen.AddOrUpdate((request.Class, verdict), 1, (_, n) => n + 1);
                if (Interlocked.Increment(ref answered) % ReportInterval == 0)
                {
                    Report(seen);
                }
            }, cancellationToken);
        }
    }

    private void Report(ConcurrentDictionary<(string Truth, string Verdict), int> seen)
    {
        int benign = seen.Where(s => s.Key.Truth == "safe").Sum(s => s.Value);
        int passed = seen.GetValueOrDefault(("safe", "safe"));
        int attacks = seen.Where(s => s.Key.Truth != "safe").Sum(s => s.Value);
        int caught = seen.Where(s => s.Key.Truth != "safe" && s.Key.Verdict is not "safe" && !s.Key.Verdict.StartsWith("unscored",
            StringComparison.Ordinal)).Sum(s => s.Value);
        int named = seen.Where(s => s.Key.Truth != "safe" && s.Key.Truth == s.Key.Verdict).Sum(s => s.Value);
        stage.Progress.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"traffic  {benign} benign requests, {passed} classified safe; {attacks} attacks, {caught} caught, " +
                $"{named} of them with the right class"));
    }
}

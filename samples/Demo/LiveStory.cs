using System.Collections.Concurrent;
using System.Globalization;
using Relay.Training.Simulation;

namespace Demo;

/// <summary>The live story: train, publish, play traffic at the site, retrain, swap, and go on until Ctrl-C.</summary>
internal sealed class LiveStory(DemoStage stage, TimeProvider time)
{
    private const int RequestsOfAScene = 1_500;
    private const int TellEvery = 100;
    private static readonly TimeSpan Scene = TimeSpan.FromSeconds(40);

    public async Task RunAsync(CancellationToken cancel)
    {
        await stage.StartRelayAsync(cancel);
        await stage.StartSiteAsync(cancel);
        await stage.TrainAsync(stage.Model.QuickSpec, run: 1, cancel);
        await stage.RollOutAsync(version: 1, cancel);
        stage.Narrator.Say($"open     {stage.Site.Address} to watch the verdicts; Ctrl-C ends all of it");

        if (!stage.Model.IsSimulated)
        {
            await stage.TrainAsync(stage.Model.Spec, run: 2, cancel);
            await stage.RollOutAsync(version: 2, cancel);
            stage.Narrator.Say("site     this model does not read HTTP requests, so no traffic is played; it stays up until Ctrl-C");
            await Task.Delay(Timeout.Infinite, cancel);
        }

        Task traffic = PlayAsync(cancel);
        for (int run = 2; !cancel.IsCancellationRequested; run++)
        {
            await Task.Delay(run == 2 ? TimeSpan.FromSeconds(5) : TimeSpan.FromMinutes(5), cancel);
            await stage.TrainAsync(stage.Model.Spec, run, cancel);
            await stage.RollOutAsync(run, cancel);
        }

        await traffic;
    }

    private async Task PlayAsync(CancellationToken cancel)
    {
        using TrafficPlayer player = new(stage.Site.Address, time);
        for (int scene = 1; ; scene++)
        {
            ConcurrentDictionary<(string Truth, string Verdict), int> seen = new();
            int answered = 0;
            TrafficSimulator simulator = new(1_000 + scene, RequestsOfAScene, time.GetUtcNow(), Scene, stage.Site.Address.Authority);
            await player.PlayAsync(simulator.Play(), (request, response) =>
            {
                string verdict = response.Headers.TryGetValues("X-Relay-Verdict", out var values) ? values.First() : "unscored";
                seen.AddOrUpdate((request.Class, verdict), 1, (_, n) => n + 1);
                if (Interlocked.Increment(ref answered) % TellEvery == 0)
                {
                    Tell(seen);
                }
            }, cancel);
        }
    }

    private void Tell(ConcurrentDictionary<(string Truth, string Verdict), int> seen)
    {
        int benign = seen.Where(s => s.Key.Truth == "safe").Sum(s => s.Value);
        int passed = seen.GetValueOrDefault(("safe", "safe"));
        int attacks = seen.Where(s => s.Key.Truth != "safe").Sum(s => s.Value);
        int caught = seen.Where(s => s.Key.Truth != "safe" && s.Key.Verdict is not "safe" && !s.Key.Verdict.StartsWith("unscored", StringComparison.Ordinal)).Sum(s => s.Value);
        int named = seen.Where(s => s.Key.Truth != "safe" && s.Key.Truth == s.Key.Verdict).Sum(s => s.Value);
        stage.Narrator.Say(string.Create(CultureInfo.InvariantCulture,
            $"traffic  {benign} visitors' requests, {passed} called safe; {attacks} attacks, {caught} caught, {named} by their right name"));
    }
}

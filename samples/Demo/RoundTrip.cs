using Shared.Contracts;
using Shared.Contracts.Api;
using Shared.Contracts.Models;

namespace Demo;

/// <summary>The whole loop once, each step checked: <c>./run --once</c>.</summary>
internal sealed class RoundTrip(DemoStage stage)
{
    private const int LoadThreads = 2;

    /// <summary>The minimum of predictions by each version, under load, for a swap to count as observed.</summary>
    private const long MinPredictions = 2_000;

    /// <exception cref="DemoException">A step did not hold.</exception>
    public async Task<DemoReport> RunAsync(CancellationToken cancellationToken)
    {
        await stage.StartRelayAsync(cancellationToken);
        await stage.StartSiteAsync(cancellationToken);
        await stage.TrainAsync(stage.Model.QuickSpec, run: 1, cancellationToken);
        await stage.RollOutAsync(version: 1, cancellationToken);

        await using TamperingTrial trial = await TamperingTrial.StartAsync(stage, cancellationToken);
        (ModelCard card, int release) = await SwapUnderLoadAsync(cancellationToken);
        AddedMisjudgment bad = await RefuseBrokenVersionAsync(release, cancellationToken);
        DemoRefusals refused = await trial.TryAllAsync(activeVersion: 2, cancellationToken);
        SiteStatus before = await StopLoadAsync(cancellationToken);
        DemoRollouts rollout = await new RolloutTrial(stage, bad, TimeProvider.System).RunAsync(first: 1, good: 2, cancellationToken);

        SiteStatus after = await RestartWithoutRelayAsync(cancellationToken);
        DemoPredictions predictions = new(
            before.Predictions.Total + after.Predictions.Total,
            before.Predictions.Failed + after.Predictions.Failed,
            before.Predictions.Mixed + after.Predictions.Mixed);
        DemoReport report = new(
            true, card.Name, card.Train.Rows, ((ClassificationMetrics)card.Metrics).MacroF1,
            new(card.Parity.MaxAbsDiff, card.Parity.LabelDisagreements),
            before.Active?.Version, before.Quarantined, predictions, refused, after.Active?.Version, rollout);
        return report with { Ok = Holds(report) };
    }

    private static bool Holds(DemoReport report) =>
        report.Active == 2 && report.OfflineRestart == 2 && report.Quarantined.SequenceEqual([3])
        && report.Predictions is { Total: > 0, Failed: 0, Mixed: 0 } && report.Parity.LabelDisagreements == 0
        && report.Refused is
        {
            ArtifactByte: nameof(RefusalReason.ArtifactHashMismatch),
            SignatureByte: nameof(RefusalReason.SignatureFileMismatch),
            Replay: nameof(RefusalReason.MetadataRollback),
        }
        && report.Rollout is
        {
            Good: { Stages: 4, Active: RolloutTrial.Nodes },
            Bad: { Halted: true, Stage: 1, Affected: > 0, ReturnedMs: > 0, Downloads: 0 }
        };

    private async Task<(ModelCard Card, int Release)> SwapUnderLoadAsync(CancellationToken cancellationToken)
    {
        // The load starts after the training: a load without pause leaves a training run, which yields to it, few cores.
        ModelCard card = await stage.TrainAsync(stage.Model.Spec, run: 2, cancellationToken);
        await stage.Site.LoadAsync(LoadThreads, cancellationToken);
        stage.Progress.WriteLine($"site     predicts on {LoadThreads} threads without pause, and checks every bit of every answer");
        await WaitForAnswersAsync(version: 1, cancellationToken);
        SiteStatus swapped = await stage.RollOutAsync(version: 2, cancellationToken);
        SiteStatus seen = await WaitForAnswersAsync(version: 2, cancellationToken);
        stage.Progress.WriteLine(
            $"site     swapped under load: {seen.Predictions.ByVersion[1]:N0} answers by version 1, {seen.Predictions.ByVersion[2]:N0} by version 2, "
            + $"{seen.Predictions.Failed} failed, {seen.Predictions.Mixed} mixed");

        // One core is left for what comes next: a relay that restarts, and a release that the site tries out.
        await stage.Site.LoadAsync(1, cancellationToken);
        return (card, swapped.Active!.Release);
    }

    private Task<SiteStatus> WaitForAnswersAsync(int version, CancellationToken cancellationToken) => stage.Site.WaitUntilAsync(
        $"answers of version {version}", s => s.Predictions.ByVersion.GetValueOrDefault(version) >= MinPredictions, cancellationToken);

    private async Task<AddedMisjudgment> RefuseBrokenVersionAsync(int goodRelease, CancellationToken cancellationToken)
    {
        await stage.Relay.KillAsync();
        stage.Progress.WriteLine(
            "relay    killed; two versions are added to its folder, signed with its keys: the golden vectors of version 3 do " +
                "not hold, and version 4 misjudges");
        (IReadOnlyList<int> others, AddedMisjudgment misjudging) = await stage.AddVersionsAsync(like: 2, [BrokenVersion.Create], cancellationToken);
        int broken = others[0];
        await stage.Relay.StartAsync(cancellationToken);
        stage.Progress.WriteLine("relay    restarted, with everything that it had acknowledged");

        ChannelView channel = await stage.Relay.PublishAsync(DemoStage.Channel, stage.Model.Spec.Name, broken, cancellationToken);
        stage.Progress.WriteLine($"publish  version {broken} signed into release {channel.Release} of channel {DemoStage.Channel}");
        SiteStatus status = await stage.Site.WaitUntilAsync(
            "quarantine of the broken version",
            s => s.Quarantined.Contains(broken) && s.Refusals.Any(r => r.Reason is nameof(RefusalReason.GoldenVectorMismatch)), cancellationToken);
        stage.Progress.WriteLine(
            $"site     tried version {broken}, refused it ({nameof(RefusalReason.GoldenVectorMismatch)}) and stays on " +
                $"version {status.Active?.Version}");
        await WaitUntilReportedAsync(broken, cancellationToken);
        stage.Progress.WriteLine("relay    has received it with the site's check-in");
        await stage.Relay.RollBackAsync(DemoStage.Channel, goodRelease, cancellationToken);
        stage.Progress.WriteLine($"publish  the operator points channel {DemoStage.Channel} back at release {goodRelease}");
        await stage.Site.WaitUntilAsync($"release {goodRelease}", s => s.Active?.Release == goodRelease, cancellationToken);
        return misjudging;
    }

    private async Task WaitUntilReportedAsync(int version, CancellationToken cancellationToken)
    {
        for (int i = 0; i < 100; i++)
        {
            if (await stage.Relay.LastCheckInAsync(stage.Site.Name,
                cancellationToken) is { } report && report.Quarantine.Any(q => q.Version == version))
            {
                return;
            }

            await Task.Delay(100, cancellationToken);
        }

        throw new DemoException($"the site's quarantine of version {version} did not reach the relay");
    }

    private async Task<SiteStatus> StopLoadAsync(CancellationToken cancellationToken)
    {
        await stage.Site.LoadAsync(0, cancellationToken);
        return await stage.Site.StatusAsync(cancellationToken);
    }

    private async Task<SiteStatus> RestartWithoutRelayAsync(CancellationToken cancellationToken)
    {
        await stage.Relay.KillAsync();
        await stage.Site.StopAsync();
        stage.Progress.WriteLine("relay    and site killed; the site restarts without the relay");
        await stage.Site.StartAsync(stage.Relay.Address, stage.Relay, cancellationToken);
        await stage.Site.WaitUntilAsync("its last good version", s => s.Active is not null, cancellationToken);
        await stage.Site.LoadAsync(1, cancellationToken);
        await stage.Site.WaitUntilAsync("answers", s => s.Predictions.Total >= MinPredictions, cancellationToken);
        SiteStatus status = await StopLoadAsync(cancellationToken);
        stage.Progress.WriteLine($"site     serves version {status.Active!.Version} from its own disk, verified again");
        return status;
    }
}

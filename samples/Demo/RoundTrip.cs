using Shared.Contracts;
using Shared.Contracts.Api;
using Shared.Contracts.Models;

namespace Demo;

/// <summary>Once round the whole loop, each step of it checked: <c>./run --once</c>.</summary>
internal sealed class RoundTrip(DemoStage stage)
{
    private const int LoadThreads = 2;

    /// <summary>Predictions that each version has to have answered, under load, for a swap to count as seen.</summary>
    private const long EnoughPredictions = 2_000;

    /// <exception cref="DemoException">A step did not hold.</exception>
    public async Task<DemoReport> RunAsync(CancellationToken cancel)
    {
        await stage.StartRelayAsync(cancel);
        await stage.StartSiteAsync(cancel);
        await stage.TrainAsync(stage.Model.QuickSpec, run: 1, cancel);
        await stage.RollOutAsync(version: 1, cancel);

        await using TamperingVisitor visitor = await TamperingVisitor.StartAsync(stage, cancel);
        (ModelCard card, int release) = await SwapUnderLoadAsync(cancel);
        await RefuseBrokenVersionAsync(release, cancel);
        DemoRefusals refused = await visitor.TryAllAsync(activeVersion: 2, cancel);

        SiteStatus before = await StopLoadAsync(cancel);
        SiteStatus after = await RestartWithoutRelayAsync(cancel);
        DemoPredictions predictions = new(
            before.Predictions.Total + after.Predictions.Total,
            before.Predictions.Failed + after.Predictions.Failed,
            before.Predictions.Mixed + after.Predictions.Mixed);
        DemoReport report = new(
            true, card.Name, card.Train.Rows, ((ClassificationMetrics)card.Metrics).MacroF1, new(card.Parity.MaxAbsDiff, card.Parity.LabelDisagreements),
            before.Active?.Version, before.Quarantined, predictions, refused, after.Active?.Version);
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
        };

    private async Task<(ModelCard Card, int Release)> SwapUnderLoadAsync(CancellationToken cancel)
    {
        await stage.Site.LoadAsync(LoadThreads, cancel);
        stage.Narrator.Say($"site     predicts on {LoadThreads} threads without pause, and checks every bit of every answer");
        ModelCard card = await stage.TrainAsync(stage.Model.Spec, run: 2, cancel);
        SiteStatus swapped = await stage.RollOutAsync(version: 2, cancel);
        SiteStatus seen = await stage.Site.UntilAsync(
            "answers of both versions",
            s => s.Predictions.ByVersion.GetValueOrDefault(1) >= EnoughPredictions && s.Predictions.ByVersion.GetValueOrDefault(2) >= EnoughPredictions,
            cancel);
        stage.Narrator.Say(
            $"site     swapped under load: {seen.Predictions.ByVersion[1]:N0} answers by version 1, {seen.Predictions.ByVersion[2]:N0} by version 2, "
            + $"{seen.Predictions.Failed} failed, {seen.Predictions.Mixed} mixed");
        return (card, swapped.Active!.Release);
    }

    private async Task RefuseBrokenVersionAsync(int goodRelease, CancellationToken cancel)
    {
        await stage.Relay.KillAsync();
        stage.Narrator.Say("relay    killed; in its folder a version 3 is signed with its own keys, whose golden vectors do not hold");
        int broken = await BrokenVersion.AddAsync(stage.RelayFolder, new ModelVersion(stage.Model.Spec.Name, 2), cancel);
        await stage.Relay.StartAsync(cancel);
        stage.Narrator.Say("relay    is back with all that it had acknowledged");

        ChannelView channel = await stage.Relay.PublishAsync(stage.Model.Spec.Name, broken, cancel);
        stage.Narrator.Say($"publish  version {broken} signed into release {channel.Release} of channel stable");
        SiteStatus status = await stage.Site.UntilAsync(
            "quarantine of the broken version",
            s => s.Quarantined.Contains(broken) && s.Refusals.Any(r => r.Reason is nameof(RefusalReason.GoldenVectorMismatch)), cancel);
        stage.Narrator.Say(
            $"site     tried version {broken}, refused it ({nameof(RefusalReason.GoldenVectorMismatch)}) and stays on version {status.Active?.Version}");
        await UntilReportedAsync(broken, cancel);
        stage.Narrator.Say("relay    knows it from the site's check-in");
        await stage.Relay.RollBackAsync(goodRelease, cancel);
        stage.Narrator.Say($"publish  the operator points channel stable back at release {goodRelease}");
        await stage.Site.UntilAsync($"release {goodRelease}", s => s.Active?.Release == goodRelease, cancel);
    }

    private async Task UntilReportedAsync(int version, CancellationToken cancel)
    {
        for (int i = 0; i < 100; i++)
        {
            if (await stage.Relay.LastCheckInAsync(stage.Site.Name, cancel) is { } report && report.Quarantine.Any(q => q.Version == version))
            {
                return;
            }

            await Task.Delay(100, cancel);
        }

        throw new DemoException($"the site's quarantine of version {version} did not reach the relay");
    }

    private async Task<SiteStatus> StopLoadAsync(CancellationToken cancel)
    {
        await stage.Site.LoadAsync(0, cancel);
        return await stage.Site.StatusAsync(cancel);
    }

    private async Task<SiteStatus> RestartWithoutRelayAsync(CancellationToken cancel)
    {
        await stage.Relay.KillAsync();
        await stage.Site.StopAsync();
        stage.Narrator.Say("relay    and site killed; the site starts again, alone");
        await stage.Site.StartAsync(stage.Relay.Address, stage.Relay.TrustedRoot, stage.Relay.CertificateAuthority, cancel);
        await stage.Site.UntilAsync("its last good version", s => s.Active is not null, cancel);
        await stage.Site.LoadAsync(1, cancel);
        await stage.Site.UntilAsync("answers", s => s.Predictions.Total >= EnoughPredictions, cancel);
        SiteStatus status = await StopLoadAsync(cancel);
        stage.Narrator.Say($"site     serves version {status.Active!.Version} from its own disk, verified again");
        return status;
    }
}

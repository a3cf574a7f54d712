using Shared.Contracts;
using Sync.Client.Reports;

namespace Sync.Client.Tests.Reports;

public sealed class UpdateStageTests
{
    [Fact]
    public void For_ReasonsOfOneKind_AreOfOneStageWhereverTheyStandInTheList()
    {
        Assert.Equal([4], StagesOf("Metadata"));
        Assert.Equal([2], StagesOf("Transport"));
        Assert.Equal([0], StagesOf("Store"));
        Assert.Equal([6], StagesOf("Cms"));
        Assert.Equal([3], [.. StagesOf("Enrollment").Union(StagesOf("NodeKey"))]);
    }

    [Fact]
    public void EndAttempt_RelayOfflineAfterItRefusedTheNode_SaysNothingOfTheNode()
    {
        RefusalLog log = new(TimeProvider.System);
        log.Add(new(RefusalReason.EnrollmentRefused, "node-1", "no token"));
        log.BeginAttempt();
        Refusal offline = new(RefusalReason.TransportUnavailable, "timestamp.json", "no connection");
        log.Add(offline);

        Assert.Empty(log.EndAttempt(offline));
        Assert.Equal(2, log.Current.Count);
    }

    [Fact]
    public void EndAttempt_RefusedForAnExpiryTooFarAhead_SaysNothingOfRefusalsThatComeLater()
    {
        RefusalLog log = new(TimeProvider.System);
        log.Add(new(RefusalReason.SchemaMismatch, "model", "another schema"));
        log.BeginAttempt();
        Refusal early = new(RefusalReason.MetadataExpiryTooFar, "timestamp", "valid for years");
        log.Add(early);

        Assert.Empty(log.EndAttempt(early));
        Assert.Equal(2, log.Current.Count);
    }

    private static int[] StagesOf(string kind) =>
        [.. Enum.GetValues<RefusalReason>().Where(r => r.ToString().StartsWith(kind, StringComparison.Ordinal)).Select(UpdateStage.For).Distinct()];
}

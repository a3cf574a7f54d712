using Relay.Server.Fleet;
using Shared.Contracts;
using Shared.Contracts.Api;
using Shared.Contracts.Reports;

namespace Relay.Server.Tests.Fleet;

public sealed class CheckInValidatorTests
{
    private static readonly CheckIn Good = Reports.Valid("n");
    private static readonly VersionUsage Usage = new() { Release = 1, Model = "small", Version = 1, Calls = 3, Rows = 2, Failures = 1 };
    private static readonly UsageWindow Window = new() { Id = 1, Seconds = 300, Versions = [Usage] };

    public static TheoryData<string, CheckIn> Bad => new()
    {
        { "$.node", Good with { Node = "" } },
        { "$.node", Good with { Node = "n\n" } },
        { "$.node", Good with { Node = "<b>" } },
        { "$.node", Good with { Node = new string('n', 129) } },
        { "$.channel", Good with { Channel = "../x" } },
        { "$.release", Good with { Release = -1 } },
        { "$.models", Good with { Models = [.. Enumerable.Repeat(Good.Models[0], 257)] } },
        { "$.models[0] model name", Good with { Models = [Good.Models[0] with { Name = "A" }] } },
        { "$.models[0].version", Good with { Models = [Good.Models[0] with { Version = 0 }] } },
        { "$.models[0].sha256", Good with { Models = [Good.Models[0] with { Sha256 = new string('A', 64) }] } },
        { "$.models[0].scorer", Good with { Models = [Good.Models[0] with { Scorer = "" }] } },
        { "$.models[0].predictions", Good with { Models = [Good.Models[0] with { Predictions = -1 }] } },
        { "$.models[0].failures", Good with { Models = [Good.Models[0] with { Failures = -1 }] } },
        { "$.refusals[0].reason", Good with { Refusals = [Good.Refusals[0] with { Reason = "What ever" }] } },
        { "$.refusals[0].reason", Good with { Refusals = [Good.Refusals[0] with { Reason = new string('r', 65) }] } },
        { "$.refusals[0].reason", Good with { Refusals = [Good.Refusals[0] with { Reason = "3" }] } },
        { "$.refusals[0].subject", Good with { Refusals = [Good.Refusals[0] with { Subject = new string('x', 513) }] } },
        { "$.refusals[0].detail", Good with { Refusals = [Good.Refusals[0] with { Detail = new string('x', 2049) }] } },
        { "$.quarantine[0].reason", Good with { Quarantine = [Good.Quarantine[0] with { Reason = "" }] } },
        { "$.quarantine[0].version", Good with { Quarantine = [Good.Quarantine[0] with { Version = -3 }] } },
        { "$.metadata", Good with { Metadata = new HeldMetadata(0, Reports.Sha256) } },
        { "$.metadata", Good with { Metadata = new HeldMetadata(long.MaxValue, Reports.Sha256) } },
        { "$.metadata", Good with { Metadata = new HeldMetadata(1, "../x") } },
        { "$.library", Good with { Library = new string('x', 65) } },
        { "$.windows", Good with { Windows = [.. Enumerable.Repeat(Window, 257)] } },
        { "$.windows[0].id", Good with { Windows = [Window with { Id = 0 }] } },
        { "$.windows[1].seconds", Good with { Windows = [Window, Window with { Seconds = 0 }] } },
        { "$.windows[0].quarantined", Good with { Windows = [Window with { Quarantined = -1 }] } },
        { "$.windows[0].refusals", Good with { Windows = [Window with { Refusals = new Dictionary<string, long> { ["<b>"] = 1 } }] } },
        { "$.windows[0].versions", Good with { Windows = [Window with { Versions = [.. Enumerable.Repeat(Usage, 257)] }] } },
        { "$.windows[0].versions[0].model", WithUsage(Usage with { Model = "../x" }) },
        { "$.windows[0].versions[0].version", WithUsage(Usage with { Release = 0 }) },
        { "$.windows[0].versions[0].calls", WithUsage(Usage with { Calls = 1, Failures = 1, CallerFaults = 1 }) },
        { "$.windows[0].versions[0].calls", WithUsage(Usage with { Rows = long.MaxValue }) },
        { "$.windows[0].versions[0].latency", WithUsage(Usage with { Latency = new BinCounts(64, [1]) }) },
        { "$.windows[0].versions[0].latency", WithUsage(Usage with { Latency = new BinCounts(int.MaxValue, [1]) }) },
        { "$.windows[0].versions[0].labels", WithUsage(Usage with { Labels = new BinCounts(-1, [1]) }) },
        { "$.windows[0].versions[0].scores", WithUsage(Usage with { Scores = new BinCounts(0, [-1]) }) },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public void Validate_OneError_IsNamedByItsPath(string path, CheckIn report) =>
        Assert.Contains(path, CheckInValidator.Validate(report.Node, report).Keys);

    [Fact]
    public void Validate_ValidReport_HasNoErrors() => Assert.Empty(CheckInValidator.Validate("n", Good));

    [Fact]
    public void Validate_WindowsAtTheirBounds_AreAccepted() => Assert.Empty(CheckInValidator.Validate("n", WithUsage(Usage with
    {
        Latency = new BinCounts(63, [UsageBounds.Count]),
        Labels = new BinCounts(0, new long[64]),
        Scores = new BinCounts(19, [1]),
    })));

    [Fact]
    public void Validate_ReasonOfANewerNode_IsAccepted() => Assert.Empty(CheckInValidator.Validate(
        "n", Good with { Refusals = [Good.Refusals[0] with { Reason = "ReasonOfTomorrow" }] }));

    [Fact]
    public void Validate_EachReasonOfANode_IsAccepted()
    {
        CheckIn all = Good with
        {
            Refusals = [.. Enum.GetNames<RefusalReason>().Select(reason => Good.Refusals[0] with { Reason = reason })],
            Quarantine = [.. Enum.GetNames<RefusalReason>().Select(reason => Good.Quarantine[0] with { Reason = reason })],
        };

        Assert.Empty(CheckInValidator.Validate("n", all));
    }

    private static CheckIn WithUsage(VersionUsage usage) => Good with { Windows = [Window with { Versions = [usage] }] };
}

using Relay.Server.Fleet;
using Shared.Contracts;
using Shared.Contracts.Api;

namespace Relay.Server.Tests.Fleet;

public sealed class CheckInValidatorTests
{
    private static readonly CheckIn Good = Reports.Valid("n");

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
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public void Validate_OneError_IsNamedByItsPath(string path, CheckIn report) =>
        Assert.Contains(path, CheckInValidator.Validate(report.Node, report).Keys);

    [Fact]
    public void Validate_ValidReport_HasNoErrors() => Assert.Empty(CheckInValidator.Validate("n", Good));

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
}

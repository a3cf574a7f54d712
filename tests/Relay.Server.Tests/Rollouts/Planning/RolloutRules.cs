using Relay.Server.Rollouts.Evidence;
using Relay.Server.Rollouts.Planning;
using Relay.TestKit.Rollouts;

namespace Relay.Server.Tests.Rollouts.Planning;

/// <summary>The rule of the tests: 1, 10, 50 and 100%, half an hour to four hours each, rounds of ten minutes.</summary>
internal static class RolloutRules
{
    public static RolloutRule Create() => new()
    {
        Candidate = 8,
        Control = 7,
        ReturnTo = 7,
        Salt = "salt",
        Stages =
            [.. new double[] { 1, 10, 50, 100 }.Select(percentage => new RolloutStage(percentage, TimeSpan.FromMinutes(30), TimeSpan.FromHours(4)))],
        Evidence = EvidenceRules.Create(),
        Round = TimeSpan.FromMinutes(10),
    };

    public static RoundVerdict Round(int round, Verdict verdict) => new(round, round, verdict, [], []);
}

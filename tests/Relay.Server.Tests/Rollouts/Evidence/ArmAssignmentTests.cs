using Relay.Server.Rollouts.Evidence;
using Shared.Contracts.Releases;

namespace Relay.Server.Tests.Rollouts.Evidence;

public sealed class ArmAssignmentTests
{
    private static readonly string[] Nodes = [.. Enumerable.Range(0, 2_000).Select(i => $"node-{i}")];

    [Fact]
    public void Find_CandidateNodes_AreThoseThatTheChannelIncludes() => Assert.All(Nodes, node => Assert.Equal(
        new ReleaseCandidate(7, 10, "salt").Includes(node), ArmAssignment.Find(node, "salt", 10, 50) == Arm.Candidate));

    /// <summary>While a stage is ramped up, nodes go from no arm to the candidate arm; none was in control before.</summary>
    [Fact]
    public void Find_GrowingPercentage_MovesNoNodeOutOfControl()
    {
        Assert.All(Nodes, node =>
        {
            Arm?[] arms = [.. new double[] { 10, 20, 35, 50 }.Select(percentage => ArmAssignment.Find(node, "salt", percentage, 50))];

            Assert.True(arms.All(arm => arm == Arm.Control) || arms.All(arm => arm != Arm.Control));
        });
        Assert.Equal(3, Nodes.Select(node => ArmAssignment.Find(node, "salt", 10, 50)).Distinct().Count());
    }
}

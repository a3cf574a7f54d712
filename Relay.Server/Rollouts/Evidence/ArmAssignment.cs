using System.Text.Json.Serialization;
using Shared.Contracts.Json;
using Shared.Contracts.Releases;

namespace Relay.Server.Rollouts.Evidence;

/// <summary>A group of nodes whose values are compared.</summary>
[JsonConverter(typeof(EnumTextConverter<Arm>))]
internal enum Arm
{
    /// <summary>Nodes that run the candidate.</summary>
    Candidate,

    /// <summary>Nodes that keep the earlier release for the whole stage.</summary>
    Control,
}

/// <summary>The arm of a node, computed by the relay from the same hash as on the node: no report can choose it.</summary>
internal static class ArmAssignment
{
    /// <summary>The arm, or null for a node that is still to come in this stage: in control now and a candidate later, it is in neither.</summary>
    /// <param name="percentage">Of the channel's document now.</param>
    /// <param name="stagePercentage">That the stage ends at.</param>
    public static Arm? Find(string nodeId, string salt, double percentage, double stagePercentage) =>
        new ReleaseCandidate(1, percentage, salt).Includes(nodeId) ? Arm.Candidate
        : new ReleaseCandidate(1, stagePercentage, salt).Includes(nodeId) ? null
        : Arm.Control;
}
